package org.adaptseg.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.Model;
import org.adaptseg.config.WeightsFrom;

/**
 * How a file's keys become a network's. Prefixes of wrappers go first, then renames apply, then
 * what is to be skipped is.
 *
 * @param renames the beginning of a key and what stands for it
 * @param skip keys of the file that are left out
 * @param keep keys of the network that may keep their initial values
 * @param branches what of a head may be left out
 */
public record WeightRules(
    List<Rename> renames, List<Skip> skip, List<Pattern> keep, Branches branches) {
  /** What wrappers put before the names of a network. */
  private static final List<String> PREFIXES = List.of("module.", "Scale.", "model.", "generator.");

  /** The main head of a trained network; initial weights have none of this name. */
  private static final Pattern MAIN_HEAD =
      Pattern.compile("(layer6|classifier)\\.conv2d_list\\..*");

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
      new Skip(Pattern.compile(".*\\.num_batches_tracked"), "a counter that nothing reads");

  /** No rules of the user's. */
  public static final WeightRules NONE =
      new WeightRules(List.of(), List.of(), List.of(), Branches.ALL);

  /** A beginning of a key, whole components only, and what stands for it. */
  public record Rename(String from, String to) {}

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
    return file.tensors().keySet().stream()
        .anyMatch(key -> MAIN_HEAD.matcher(withoutPrefixes(key)).matches());
  }

  private static String withoutPrefixes(String fileKey) {
    String key = fileKey;
    boolean stripped = true;
    while (stripped) {
      stripped = false;
      for (String prefix : PREFIXES) {
        if (key.startsWith(prefix)) {
          key = key.substring(prefix.length());
          stripped = true;
        }
      }
    }
    return key;
  }

  String networkKey(String fileKey) {
    String key = withoutPrefixes(fileKey);
    for (Rename rename : renames) {
      if (key.equals(rename.from()) || key.startsWith(rename.from() + ".")) {
        return rename.to() + key.substring(rename.from().length());
      }
    }
    return key;
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
