package org.adaptseg.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.Model;
import org.adaptseg.config.WeightsFrom;

/**
 * How a file's keys become a network's. Wrappers' names go first, then a prefix that all keys share
 * and the network lacks, then renames apply, then what is to be skipped is. A rename may also name
 * a key's beginning as the file has it.
 *
 * @param renames the beginning of a key and what stands for it
 * @param skip keys of the file that are left out
 * @param keep keys of the network that may keep their initial values
 * @param branches what of a head may be left out
 */
public record WeightRules(
    List<Rename> renames, List<Skip> skip, List<Pattern> keep, Branches branches) {
  /**
   * Parts that wrappers of PyTorch put into keys, wherever the wrapped module is: data-parallel
   * training, compilation, sharding, checkpointing of activations.
   */
  private static final Pattern WRAPPERS =
      Pattern.compile(
          "(?<![^.])(module|_orig_mod|_fsdp_wrapped_module|_fpw_module|_checkpoint_wrapped_module|_forward_module)\\.");

  /** The main head of a trained network; initial weights have none of this name. */
  private static final Pattern MAIN_HEAD =
      Pattern.compile("(.*\\.)?(layer6|classifier)\\.conv2d_list\\..*");

  /** Any head of the network. */
  private static final Pattern HEADS = Pattern.compile(".*\\.conv2d_list\\..*");

  /** What DeepLab's layers 6 and 7 are in our VGG. */
  private static final Pattern FC = Pattern.compile("features\\.(29|31)\\..*");

  private static final Skip CLASSIFIER =
      new Skip(
          Pattern.compile("fc\\.(weight|bias)|classifier\\.\\d+\\.(weight|bias)"),
          "ImageNet's classifier");

  private static final Skip INITIAL_HEAD =
      new Skip(Pattern.compile("layer5\\..*"), "the initial weights' own head on the last stage");

  private static final Skip AUX_HEAD =
      new Skip(Pattern.compile("layer5\\..*"), "the head of a level that model.levels lacks");

  private static final Skip COUNTER =
      new Skip(
          Pattern.compile("(.*\\.)?(num_batches_tracked|n_averaged)"),
          "a counter that nothing reads");

  /** No rules of the user's. */
  public static final WeightRules NONE =
      new WeightRules(List.of(), List.of(), List.of(), Branches.ALL);

  /**
   * A beginning of a key, whole components only, and what stands for it.
   *
   * @param to empty where the beginning goes
   */
  public record Rename(String from, String to) {
    /** Takes both without a dot at their end. */
    public Rename {
      from = from.endsWith(".") ? from.substring(0, from.length() - 1) : from;
      to = to.endsWith(".") ? to.substring(0, to.length() - 1) : to;
    }

    /** The key renamed; empty if it does not begin so. */
    private Optional<String> apply(String key) {
      if (key.equals(from)) {
        return to.isEmpty() ? Optional.empty() : Optional.of(to);
      }
      if (!key.startsWith(from + ".")) {
        return Optional.empty();
      }
      String rest = key.substring(from.length() + 1);
      return Optional.of(to.isEmpty() ? rest : to + "." + rest);
    }
  }

  /** Keys that are left out, and why. */
  public record Skip(Pattern keys, String why) {}

  /** What of a head's branches, which a network sums, may be left out. */
  public enum Branches {
    /** Nothing: the network must have them all. */
    ALL(""),
    /** All but the first two. */
    FIRST_TWO("the released code sums the first two of them only"),
    /** Those that add nothing to the sum. */
    ZEROS("they are zeros, which the export pads heads with");

    private final String why;

    Branches(String why) {
      this.why = why;
    }

    /** Why branches are left out; empty if none are. */
    String why() {
      return why;
    }

    /** Whether a branch that the network lacks may be left out. */
    boolean leavesOut(int branch, Tensor tensor) {
      return switch (this) {
        case ALL -> false;
        case FIRST_TWO -> branch >= 2;
        case ZEROS -> tensor.isZero();
      };
    }
  }

  /** Copies the lists. */
  public WeightRules {
    renames = List.copyOf(renames);
    skip = List.copyOf(skip);
    keep = List.copyOf(keep);
  }

  /** The rules of a configuration for a file: those of its origin, then the user's own. */
  static WeightRules of(InitialWeights given, Model model, StateDictionary file) {
    List<Rename> renames = new ArrayList<>();
    List<Skip> skip = new ArrayList<>();
    List<Pattern> keep = new ArrayList<>();
    boolean initial =
        switch (given.from()) {
          case RELEASED_INIT, TORCHVISION -> true;
          case ADVENT -> !isTrained(file);
          case ADAPTSEG, OWN, OTHER -> false;
        };
    if (initial) {
      skip.add(CLASSIFIER);
      keep.add(HEADS);
      if (model.backbone() == Backbone.VGG) {
        renames.addAll(vggWithoutPooling());
        keep.add(FC);
      } else {
        skip.add(INITIAL_HEAD);
      }
    } else if (isOfAuthors(given.from()) && !model.levels().containsKey("aux")) {
      skip.add(AUX_HEAD);
    }
    given.rename().stream()
        .map(r -> new Rename(r.substring(0, r.indexOf('=')), r.substring(r.indexOf('=') + 1)))
        .forEach(renames::add);
    given.skip().forEach(s -> skip.add(new Skip(Pattern.compile(s), "skip " + s)));
    given.keep().forEach(k -> keep.add(Pattern.compile(k)));
    return new WeightRules(renames, skip, keep, branches(given));
  }

  private static boolean isOfAuthors(WeightsFrom from) {
    return from == WeightsFrom.ADAPTSEG || from == WeightsFrom.ADVENT;
  }

  private static Branches branches(InitialWeights given) {
    return switch (given.from()) {
      case ADAPTSEG -> Branches.FIRST_TWO;
      case OWN -> Branches.ZEROS;
      case RELEASED_INIT, TORCHVISION, ADVENT, OTHER -> Branches.ALL;
    };
  }

  /** The released code leaves out the fourth pooling, after which sequence numbers are one less. */
  private static List<Rename> vggWithoutPooling() {
    return List.of(
        new Rename("features.24", "features.23"),
        new Rename("features.26", "features.25"),
        new Rename("features.28", "features.27"));
  }

  /** Whether a file has the main head of a trained network. */
  static boolean isTrained(StateDictionary file) {
    return file.tensors().keySet().stream().anyMatch(key -> MAIN_HEAD.matcher(key).matches());
  }

  private static String withoutWrappers(String fileKey) {
    return WRAPPERS.matcher(fileKey).replaceAll("");
  }

  /**
   * The beginning that all keys of a file share and without which most of them are the network's;
   * empty if there is none. Whole components, with the dot; wrappers' names are not in it.
   */
  String sharedPrefix(Set<String> fileKeys, Set<String> network) {
    List<String> keys =
        fileKeys.stream()
            .map(key -> renamed(key).orElse(key))
            .map(WeightRules::withoutWrappers)
            .filter(key -> skipped(key).isEmpty())
            .toList();
    String best = "";
    long most = fits(keys, "", network);
    String shared = keys.isEmpty() ? "" : keys.get(0);
    for (int dot = shared.indexOf('.'); dot >= 0; dot = shared.indexOf('.', dot + 1)) {
      String prefix = shared.substring(0, dot + 1);
      if (!keys.stream().allMatch(key -> key.startsWith(prefix))) {
        break;
      }
      long fitting = fits(keys, prefix, network);
      if (fitting > most) {
        most = fitting;
        best = prefix;
      }
    }
    return best;
  }

  /**
   * Beginnings of some of a file's keys without which they would be the network's, and of how many;
   * those of the most keys first.
   */
  Map<String, Long> partialPrefixes(Collection<String> fileKeys, Set<String> network) {
    Map<String, Long> counts = new TreeMap<>();
    for (String key : fileKeys) {
      String bare = withoutWrappers(key);
      for (int dot = bare.indexOf('.'); dot >= 0; dot = bare.indexOf('.', dot + 1)) {
        if (network.contains(bare.substring(dot + 1))) {
          counts.merge(bare.substring(0, dot + 1), 1L, Long::sum);
        }
      }
    }
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .filter(entry -> 2 * entry.getValue() >= most)
        .limit(3)
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private long fits(List<String> keys, String prefix, Set<String> network) {
    return keys.stream()
        .map(key -> key.substring(prefix.length()))
        .filter(key -> network.contains(renamed(key).orElse(key)))
        .count();
  }

  private Optional<String> renamed(String key) {
    return renames.stream().flatMap(rename -> rename.apply(key).stream()).findFirst();
  }

  /**
   * The network's key of a file's.
   *
   * @param prefix what {@link #sharedPrefix} found
   */
  String networkKey(String fileKey, String prefix) {
    String bare = withoutWrappers(fileKey);
    String rest = bare.startsWith(prefix) ? bare.substring(prefix.length()) : bare;
    return renamed(fileKey)
        .map(WeightRules::withoutWrappers)
        .or(() -> renamed(bare))
        .or(() -> renamed(rest))
        .orElse(rest);
  }

  /** Why a key is left out, if it is. */
  Optional<String> skipped(String key) {
    if (COUNTER.keys().matcher(key).matches()) {
      return Optional.of(COUNTER.why());
    }
    return skip.stream().filter(s -> s.keys().matcher(key).matches()).findFirst().map(Skip::why);
  }

  boolean kept(String key) {
    return keep.stream().anyMatch(p -> p.matcher(key).matches());
  }
}
