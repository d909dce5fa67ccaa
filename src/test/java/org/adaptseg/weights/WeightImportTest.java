package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.Networks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WeightImportTest {
  private static final int CLASSES = 5;

  /** Of a file that we wrote: branches of zeros that pad heads are left out. */
  private static final WeightRules OWN =
      new WeightRules(List.of(), List.of(), List.of(), WeightRules.Branches.ZEROS);

  private static Networks networks;
  private static List<ParameterSlice> slices;
  private static float[] values;

  @BeforeAll
  static void make() {
    networks = new Networks(TinyRun.config(), CLASSES);
    Generator generator = networks.generator().network();
    GoldenNetworks.fill(generator, "G.", 3);
    slices = generator.slices();
    values = networks.generator().parameters();
  }

  @AfterAll
  static void close() {
    networks.close();
  }

  private static Map<String, Tensor> exported(String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    WeightExport.tensors(slices, values, WeightExport.RELEASED_BRANCHES)
        .forEach((key, tensor) -> tensors.put(prefix + key, tensor));
    return tensors;
  }

  private static WeightImport match(Map<String, Tensor> tensors, WeightRules rules) {
    return WeightImport.of(new StateDictionary(tensors), slices, rules);
  }

  @Test
  void whatIsExportedIsImportedBitForBit() {
    for (String prefix : List.of("", "module.", "Scale.", "module.Scale.")) {
      Map<String, Tensor> file = exported(prefix);
      file.put(
          prefix + "bn1.num_batches_tracked",
          new Tensor(ElementType.I64, new long[0], java.nio.ByteBuffer.allocate(8)));
      WeightImport match = match(file, OWN);
      float[] loaded = new float[values.length];
      match.applyTo(loaded);
      assertThat(loaded).isEqualTo(values);
      assertThat(match.matched()).hasSize(slices.size());
      // Two further branches of two heads, weight and bias each, and the counter.
      assertThat(match.skipped()).hasSize(2 * 2 * 2 + 1);
    }
  }

  @Test
  void aPrefixThatAllKeysShareIsFoundAndSaid() {
    for (String prefix :
        List.of("backbone.", "student.", "module.model.net.", "a.b.c.", "net._orig_mod.x.")) {
      Map<String, Tensor> file = exported(prefix);
      file.put("n_averaged", Tensor.of(new float[] {1}, 0));
      WeightImport match = match(file, OWN);
      assertThat(match.problems()).as(prefix).isEmpty();
      assertThat(match.matched()).hasSize(slices.size());
      String said = prefix.replace("module.", "").replace("_orig_mod.", "");
      assertThat(match.describe()).contains("without '%s'".formatted(said));
    }
    assertThat(match(exported("module."), OWN).describe()).doesNotContain("without");
  }

  @Test
  void wrappersInTheMiddleOfKeysAreLeftOut() {
    Map<String, Tensor> file = new LinkedHashMap<>();
    exported("")
        .forEach(
            (key, tensor) ->
                file.put(key.replace("layer1.0.", "layer1._orig_mod.0.module."), tensor));
    assertThat(match(file, OWN).problems()).isEmpty();
  }

  @Test
  void aPrefixOfSomeKeysIsNamedWithTheOptionThatLeavesItOut() {
    Map<String, Tensor> file = exported("backbone.");
    file.put("decode_head.weight", Tensor.of(new float[] {1}, 0, 1));
    WeightImport match = match(file, OWN);
    assertThat(match.problems().get(0))
        .startsWith("the file's keys: backbone.conv1.weight, ")
        .contains("; the network's: conv1.weight, ");
    assertThat(match.problems().get(1))
        .endsWith("would fit without 'backbone.': --rename backbone.= (initial-weights.rename)");
    WeightRules rules =
        new WeightRules(
            List.of(new WeightRules.Rename("backbone.", "")),
            List.of(new WeightRules.Skip(Pattern.compile("decode_head\\..*"), "not ours")),
            List.of(),
            WeightRules.Branches.ZEROS);
    assertThat(match(file, rules).problems()).isEmpty();
  }

  @Test
  void anObjectInThePlaceOfATensorIsNamedAndOneBesideItIsPassedOver() {
    Map<String, Tensor> file = exported("");
    file.remove("bn1.bias");
    StateDictionary saved =
        new StateDictionary(
            file,
            Map.of("bn1.bias", "torch._utils._rebuild_qtensor", "epoch", "a number"),
            Map.of(),
            "",
            "");
    WeightImport match = WeightImport.of(saved, slices, OWN);
    assertThat(match.problems())
        .containsExactly("bn1.bias: expected a tensor, found torch._utils._rebuild_qtensor");
    assertThat(match.describe())
        .endsWith("; 1 entries that are no tensors passed over: epoch (a number)");
  }

  @Test
  void everyKeyThatIsNotAccountedForIsAnErrorAndNothingIsLoaded() {
    Map<String, Tensor> file = exported("");
    file.put("layer7.weight", Tensor.of(new float[] {1}, 0, 1));
    file.remove("layer1.0.conv1.weight");
    file.put("conv1.weight", Tensor.of(new float[] {1, 2}, 0, 2));
    file.put("bn1.running_mean", Tensor.of(new float[] {0, 0, 0, 0, 0, 0, 0, Float.NaN}, 0, 8));
    WeightImport match = match(file, OWN);
    float[] untouched = new float[values.length];
    assertThatThrownBy(() -> match.applyTo(untouched))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("conv1.weight: expected [8, 3, 7, 7], found [2]")
        .hasMessageContaining("bn1.running_mean: expected finite float32 values, found NaN")
        .hasMessageContaining("layer1.0.conv1.weight: expected in the file, found none")
        .hasMessageContaining("layer7.weight: the network has no such tensor");
    assertThat(untouched).containsOnly(0);
  }

  @Test
  void aFileOfAnotherNetworkAltogetherIsRefused() {
    Map<String, Tensor> file = Map.of("fc.weight", Tensor.of(new float[] {1}, 0, 1));
    assertThat(match(file, WeightRules.NONE).problems()).isNotEmpty();
  }

  @Test
  void rulesRenameSkipAndKeep() {
    Map<String, Tensor> file = new LinkedHashMap<>();
    exported("")
        .forEach(
            (key, tensor) -> {
              if (!key.startsWith("layer6.")) {
                file.put(key, tensor);
              }
            });
    file.put("extra.weight", Tensor.of(new float[] {1}, 0, 1));
    file.put("stem.weight", file.remove("conv1.weight"));
    WeightRules rules =
        new WeightRules(
            List.of(new WeightRules.Rename("stem", "conv1")),
            List.of(new WeightRules.Skip(Pattern.compile("extra\\..*"), "not ours")),
            List.of(Pattern.compile("layer6\\..*")),
            WeightRules.Branches.ZEROS);
    WeightImport match = match(file, rules);
    assertThat(match.problems()).isEmpty();
    assertThat(match.skipped()).containsEntry("extra.weight", "not ours");
    assertThat(match.kept()).hasSize(4).allMatch(key -> key.startsWith("layer6."));
    float[] loaded = values.clone();
    java.util.Arrays.fill(loaded, 9f);
    match.applyTo(loaded);
    assertThat(loaded[0]).isEqualTo(values[0]);
    assertThat(loaded[loaded.length - 1]).isEqualTo(9f);
  }

  @Test
  void twoKeysForOneTensorAreAnError() {
    Map<String, Tensor> file = exported("");
    file.put("module.conv1.weight", file.get("conv1.weight"));
    assertThat(match(file, OWN).problems())
        .containsExactly("module.conv1.weight: stands for conv1.weight, as conv1.weight does");
  }
}
