package org.adaptseg.data.store;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is in folders and was not taken, counted by kind, with a few names of each.
 *
 * @param counts how many of each kind
 * @param examples the first names of each kind
 */
public record LeftOut(Map<Kind, Integer> counts, Map<Kind, List<String>> examples)
    implements Serializable {
  /** Nothing. */
  public static final LeftOut NOTHING = new LeftOut(Map.of(), Map.of());

  private static final int SHOWN = 3;

  /** Why something was not taken. */
  public enum Kind {
    /** Names that begin with a dot, and folders in which systems keep their own. */
    HIDDEN("hidden or of the system"),
    /** Files of other formats, or whose names the split's pattern does not match. */
    OTHER("of other names or formats"),
    /** Folders that were not looked into. */
    FOLDER("folders not looked into"),
    /** Links to nothing. */
    BROKEN_LINK("links to nothing"),
    /** Links to a folder that they are in. */
    LOOP("links to a folder above"),
    /** Names with bytes that are no text where this runs. */
    UNREADABLE_NAME("names that are no text in the encoding %s (LC_ALL=C.UTF-8 reads UTF-8)"),
    /** Lines of a list that name what an earlier line names. */
    REPEATED("named before in the list"),
    /** Pipes, sockets and devices. */
    SPECIAL("no regular files");

    private final String text;

    Kind(String text) {
      this.text = text.replace("%s", System.getProperty("sun.jnu.encoding", "of this system"));
    }
  }

  public LeftOut {
    counts = copy(counts);
    examples = copy(examples);
  }

  private static <V> Map<Kind, V> copy(Map<Kind, V> map) {
    Map<Kind, V> copy = new EnumMap<>(Kind.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }

  /** Collects. */
  public static final class Collector {
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

    /** Adds a file or folder. */
    public void add(Kind kind, String name) {
      counts.merge(kind, 1, Integer::sum);
      List<String> shown = examples.computeIfAbsent(kind, k -> new ArrayList<>());
      if (shown.size() < SHOWN) {
        shown.add(ShownText.of(name));
      }
    }

    /** What was added. */
    public LeftOut result() {
      return new LeftOut(counts, examples);
    }
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /**
   * For people, for example {@code 3 were not taken: 2 hidden or of the system (.DS_Store,
   * ._a.png), 1 links to nothing (b.png)}.
   */
  public String describe() {
    List<String> parts = new ArrayList<>();
    counts.forEach(
        (kind, count) -> {
          List<String> names = examples.get(kind);
          parts.add(
              String.format(
                  Locale.ROOT,
                  "%d %s (%s%s)",
                  count,
                  kind.text,
                  String.join(", ", names),
                  count > names.size() ? ", ..." : ""));
        });
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        Locale.ROOT,
        "%d %s not taken: %s",
        all,
        all == 1 ? "was" : "were",
        String.join(", ", parts));
  }
}
