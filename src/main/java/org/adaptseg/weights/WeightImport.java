package org.adaptseg.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec.Role;

/**
 * A file's tensors laid over a network's, with every key of both accounted for.
 *
 * @param matched tensors by the network's slice
 * @param skipped the file's keys that a rule leaves out, with the rule
 * @param kept the network's keys that keep their values by a rule
 * @param missing the network's keys that the file lacks
 * @param unexpected the file's keys that the network lacks
 * @param mismatched keys whose tensors do not fit, with why
 * @param branches what of a head may be left out
 * @param notes what was done to the file's keys beyond rules, and what was passed over
 * @param hints where keys are missing or unexpected: what keys both sides have, and what may help
 */
public record WeightImport(
    Map<ParameterSlice, Tensor> matched,
    Map<String, String> skipped,
    List<String> kept,
    List<String> missing,
    List<String> unexpected,
    Map<String, String> mismatched,
    WeightRules.Branches branches,
    List<String> notes,
    List<String> hints) {
  private static final Pattern BRANCH = Pattern.compile("(.*conv2d_list\\.)(\\d{1,4})(\\.[a-z]+)");
  private static final int SHOWN = 20;
  private static final int EXAMPLES = 3;

  /** Matches a file with a network's slices. */
  public static WeightImport of(
      StateDictionary file, List<ParameterSlice> network, WeightRules rules) {
    Map<String, ParameterSlice> slices =
        network.stream()
            .collect(
                Collectors.toMap(
                    ParameterSlice::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    WeightImport all =
        new WeightImport(
            new LinkedHashMap<>(),
            new TreeMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new TreeMap<>(),
            rules.branches(),
            new ArrayList<>(),
            new ArrayList<>());
    String prefix = rules.sharedPrefix(file.tensors().keySet(), slices.keySet());
    all.note(file, prefix);
    Map<String, String> from = new TreeMap<>();
    file.tensors()
        .forEach(
            (fileKey, tensor) -> {
              String key = rules.networkKey(fileKey, prefix);
              String other = from.putIfAbsent(key, fileKey);
              if (other != null) {
                all.mismatched.put(fileKey, "stands for %s, as %s does".formatted(key, other));
              } else {
                all.place(fileKey, key, tensor, slices, rules);
              }
            });
    for (String key : slices.keySet()) {
      if (!from.containsKey(key) || all.skipped.containsKey(from.get(key))) {
        (rules.kept(key) ? all.kept : all.missing).add(key);
      }
    }
    all.noteObjects(file, prefix, rules);
    if (!all.missing.isEmpty() || !all.unexpected.isEmpty()) {
      all.hint(file, slices.keySet(), rules);
    }
    return all;
  }

  private void note(StateDictionary file, String prefix) {
    if (!file.place().isEmpty()) {
      notes.add("tensors of '%s'".formatted(file.place()));
    }
    if (!file.alternatives().isEmpty()) {
      notes.add("not those of %s".formatted(file.alternatives()));
    }
    if (!prefix.isEmpty()) {
      notes.add("without '%s', with which all keys begin".formatted(prefix));
    }
  }

  /** What is no tensor is passed over, unless it stands where a tensor of the network belongs. */
  private void noteObjects(StateDictionary file, String prefix, WeightRules rules) {
    List<String> passed = new ArrayList<>();
    file.others()
        .forEach(
            (fileKey, what) -> {
              String key = rules.networkKey(fileKey, prefix);
              if (missing.remove(key)) {
                mismatched.put(fileKey, "expected a tensor, found " + what);
              } else {
                passed.add("%s (%s)".formatted(fileKey, what));
              }
            });
    if (!passed.isEmpty()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%d entries that are no tensors passed over: %s",
              passed.size(),
              few(passed)));
    }
  }

  private void hint(StateDictionary file, Set<String> network, WeightRules rules) {
    hints.add(
        "the file's keys: %s; the network's: %s"
            .formatted(
                few(unexpected.isEmpty() ? file.tensors().keySet() : unexpected),
                few(missing.isEmpty() ? network : missing)));
    rules
        .partialPrefixes(unexpected, Set.copyOf(missing))
        .forEach(
            (prefix, count) ->
                hints.add(
                    String.format(
                        Locale.ROOT,
                        "%d of the file's keys would fit without '%s': --rename %s= (initial-weights.rename)",
                        count,
                        prefix,
                        prefix)));
  }

  /** The first, a middle and the last of several, and how many there are. */
  private static String few(Collection<String> keys) {
    List<String> all = List.copyOf(keys);
    int n = all.size();
    return n <= EXAMPLES
        ? String.join(", ", all)
        : String.format(
            Locale.ROOT, "%s, %s, …, %s (%d)", all.get(0), all.get(1), all.get(n - 1), n);
  }

  private void place(
      String fileKey,
      String key,
      Tensor tensor,
      Map<String, ParameterSlice> slices,
      WeightRules rules) {
    ParameterSlice slice = slices.get(key);
    Optional<String> rule = rules.skipped(key);
    if (rule.isPresent()) {
      skipped.put(fileKey, rule.get());
    } else if (slice != null) {
      Optional<String> misfit = misfit(slice, tensor);
      misfit.ifPresentOrElse(why -> mismatched.put(fileKey, why), () -> matched.put(slice, tensor));
    } else if (isFurtherBranch(key, slices)) {
      further(fileKey, key, tensor, rules);
    } else {
      unexpected.add(fileKey);
    }
  }

  /** A network sums the branches of a head: a file's must not get lost unnoticed. */
  private void further(String fileKey, String key, Tensor tensor, WeightRules rules) {
    if (rules.branches().leavesOut(branch(key), tensor)) {
      skipped.put(fileKey, rules.branches().why());
    } else {
      mismatched.put(
          fileKey,
          "the file's heads sum more branches than model.head-rates has; no rule of"
              + " initial-weights.from says that this one may be left out");
    }
  }

  private static boolean isFurtherBranch(String key, Map<String, ParameterSlice> slices) {
    Matcher branch = BRANCH.matcher(key);
    return branch.matches() && slices.containsKey(branch.group(1) + "0" + branch.group(3));
  }

  private static int branch(String key) {
    Matcher branch = BRANCH.matcher(key);
    return branch.matches() ? Integer.parseInt(branch.group(2)) : -1;
  }

  private static Optional<String> misfit(ParameterSlice slice, Tensor tensor) {
    if (!Arrays.equals(slice.shape(), tensor.shape())) {
      return Optional.of(
          "expected %s, found %s"
              .formatted(Arrays.toString(slice.shape()), Arrays.toString(tensor.shape())));
    }
    for (float value : tensor.toFloats()) {
      if (!Float.isFinite(value)) {
        return Optional.of("expected finite float32 values, found " + value);
      }
      if (slice.role() == Role.RUNNING_VARIANCE && value < 0) {
        return Optional.of("expected variances of at least 0, found " + value);
      }
    }
    return Optional.empty();
  }

  /** What keeps this from being used; empty when nothing does. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>(hints);
    mismatched.forEach((key, why) -> problems.add(key + ": " + why));
    missing.forEach(key -> problems.add(key + ": expected in the file, found none"));
    unexpected.forEach(key -> problems.add(key + ": the network has no such tensor"));
    if (matched.isEmpty() && problems.isEmpty()) {
      problems.add("expected at least one tensor of the network, found none");
    }
    if (problems.size() > SHOWN) {
      String more = String.format(Locale.ROOT, "and %d more", problems.size() - SHOWN);
      problems.subList(SHOWN, problems.size()).clear();
      problems.add(more);
    }
    return problems;
  }

  /**
   * Writes the matched tensors over a network's flat vector.
   *
   * @throws WeightsException if a key is not accounted for
   */
  public void applyTo(float[] parameters) {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new WeightsException("Cannot load weights: " + String.join("; ", problems));
    }
    matched.forEach(
        (slice, tensor) -> {
          float[] values = tensor.toFloats();
          System.arraycopy(values, 0, parameters, Math.toIntExact(slice.offset()), values.length);
        });
  }

  /** One line for a person. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%d tensors matched, %d left out by rule, %d kept at their initial values, %d missing, %d unexpected, %d that do not fit%s%s",
        matched.size(),
        skipped.size(),
        kept.size(),
        missing.size(),
        unexpected.size(),
        mismatched.size(),
        branchNote(),
        notes.isEmpty() ? "" : "; " + String.join("; ", notes));
  }

  private String branchNote() {
    List<Integer> left =
        skipped.entrySet().stream()
            .filter(e -> !branches.why().isEmpty() && e.getValue().equals(branches.why()))
            .map(e -> branch(e.getKey()))
            .distinct()
            .toList();
    if (left.isEmpty()) {
      return "";
    }
    int all = left.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    return String.format(
        Locale.ROOT,
        "; %d of %d branches of each head left out, because %s",
        left.size(),
        all,
        branches.why());
  }
}
