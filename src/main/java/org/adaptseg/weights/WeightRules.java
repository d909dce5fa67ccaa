package org.adaptseg.weights;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.adaptseg.config.InitialWeights;

/**
 * How a file's keys become a network's. Prefixes of wrappers go first, then renames apply, then
 * what is to be skipped is.
 *
 * @param renames the beginning of a key and what stands for it
 * @param skip keys of the file that are left out, each a whole-key regular expression
 * @param keep keys of the network that may keep their initial values
 */
public record WeightRules(List<Rename> renames, List<Pattern> skip, List<Pattern> keep) {
  /** What wrappers put before the names of a network. */
  private static final List<String> PREFIXES = List.of("module.", "Scale.", "model.", "generator.");

  /** No rules of the user's. */
  public static final WeightRules NONE = new WeightRules(List.of(), List.of(), List.of());

  /** A beginning of a key, whole components only, and what stands for it. */
  public record Rename(String from, String to) {}

  /** Copies the lists. */
  public WeightRules {
    renames = List.copyOf(renames);
    skip = List.copyOf(skip);
    keep = List.copyOf(keep);
  }

  /** The rules of a configuration. */
  public static WeightRules of(InitialWeights given) {
    return new WeightRules(
        given.rename().stream()
            .map(r -> new Rename(r.substring(0, r.indexOf('=')), r.substring(r.indexOf('=') + 1)))
            .toList(),
        given.skip().stream().map(Pattern::compile).toList(),
        given.keep().stream().map(Pattern::compile).toList());
  }

  String networkKey(String fileKey) {
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
    for (Rename rename : renames) {
      if (key.equals(rename.from()) || key.startsWith(rename.from() + ".")) {
        return rename.to() + key.substring(rename.from().length());
      }
    }
    return key;
  }

  /** The rule that leaves a key out, if one does. */
  Optional<String> skipped(String key, boolean furtherBranch) {
    if (key.endsWith(".num_batches_tracked")) {
      return Optional.of("a counter that nothing reads");
    }
    if (key.equals("fc.weight") || key.equals("fc.bias")) {
      return Optional.of("ImageNet's classifier");
    }
    if (furtherBranch) {
      return Optional.of("a head's branch beyond model.head-rates");
    }
    return skip.stream()
        .filter(p -> p.matcher(key).matches())
        .findFirst()
        .map(p -> "skip " + p.pattern());
  }

  boolean kept(String key) {
    return keep.stream().anyMatch(p -> p.matcher(key).matches());
  }
}
