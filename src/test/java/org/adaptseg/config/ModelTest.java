package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;

class ModelTest {
  private static final String LEAST =
      """
      run: {name: least}
      schedule: {phases: [{phase: source-only, iterations: 5}]}
      output: {dir: runs/least}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 128, height: 64}
        evaluation: {dataset: synthetic-target, split: val, width: 96, height: 48}
      """;

  @Test
  void aBackboneBringsItsPublishedSizes() {
    RunConfig config = load("model.backbone=vgg");

    assertThat(config.model().layers()).containsExactly(2, 2, 3, 3, 3);
    assertThat(config.model().levels()).isEqualTo(Map.of("main", 5));
    assertThat(config.loss().segmentationWeight()).isEqualTo(Map.of("main", 1.0));
    assertThat(problem(LEAST, "model={backbone: vgg, layers: [1, 1, 1, 1]}").problems())
        .singleElement()
        .asString()
        .startsWith("model.layers: expected 5 counts from 1 to 1000, found [1, 1, 1, 1]");
  }

  @Test
  void basicBlocksBringTheLayersOfResNet18AndNoChoiceOfTheStride() {
    RunConfig config = load("model.block=basic");

    assertThat(config.model().layers()).containsExactly(2, 2, 2, 2);
    assertThat(config.model().levels()).isEqualTo(Map.of("aux", 3, "main", 4));
    assertThat(problem(LEAST, "model={block: basic, stride-on: 3x3}").problems())
        .singleElement()
        .asString()
        .startsWith("model.stride-on: expected 1x1 where block is basic");
    assertThat(problem(LEAST, "model={backbone: vgg, block: basic}").problems())
        .singleElement()
        .asString()
        .startsWith("model.block: expected bottleneck, since this backbone has no residual blocks");
  }

  private static RunConfig load(String... overrides) {
    return ConfigLoader.load(LEAST, "x.yaml", List.of(overrides));
  }

  private static ConfigException problem(String yaml, String... overrides) {
    return catchThrowableOfType(
        ConfigException.class, () -> ConfigLoader.load(yaml, "x.yaml", List.of(overrides)));
  }
}
