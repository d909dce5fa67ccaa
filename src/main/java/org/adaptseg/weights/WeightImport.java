package org.adaptseg.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 */
public record WeightImport(
    Map<ParameterSlice, Tensor> matched,
    Map<String, String> skipped,
    List<String> kept,
    List<String> missing,
    List<String> unexpected,
    Map<String, String> mismatched,
    WeightRules.Branches branches) {
  private static final Pattern BRANCH = Pattern.compile("(.*conv2d_list\\.)(\\d{1,4})(\\.[a-z]+)");
  private static final int SHOWN = 20;

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
            new ArrayList<>(file.others()),
            new TreeMap<>(),
            rules.branches());
    Map<String, String> from = new TreeMap<>();
    file.tensors()
        .forEach(
            (fileKey, tensor) -> {
              String key = rules.networkKey(fileKey);
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
    return all;
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
    List<String> problems = new ArrayList<>();
    mismatched.forEach((key, why) -> problems.add(key + ": " + why));
    missing.forEach(key -> problems.add(key + ": expected in the file, found none"));
    unexpected.forEach(key -> problems.add(key + ": the network has no such tensor"));
    if (matched.isEmpty() && problems.isEmpty()) {
      problems.add("expected at least one tensor of the network, found none");
    }
    if (problems.size() > SHOWN) {
      String more = "and %d more".formatted(problems.size() - SHOWN);
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
    return "%d tensors matched, %d left out by rule, %d kept at their initial values, %d missing, %d unexpected, %d that do not fit%s"
        .formatted(
            matched.size(),
            skipped.size(),
            kept.size(),
            missing.size(),
            unexpected.size(),
            mismatched.size(),
            branchNote());
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
    return "; %d of %d branches of each head left out, because %s"
        .formatted(left.size(), all, branches.why());
  }
}
