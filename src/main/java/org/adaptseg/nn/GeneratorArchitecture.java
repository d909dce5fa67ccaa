package org.adaptseg.nn;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.Block;
import org.adaptseg.config.StrideOn;

/**
 * Shape of the generator: a backbone with a head per level.
 *
 * @param backbone the network below the heads
 * @param blocks residual blocks of ResNet's stages or convolutions of VGG's; [3, 4, 23, 3] is
 *     ResNet-101, [2, 2, 3, 3, 3] VGG-16
 * @param baseWidth channels of the first convolution; 64 in the paper
 * @param classes channels of the logits
 * @param headRates dilation rates that a head sums; [6, 12] in the released code
 * @param strideOn which convolution of a ResNet stage's first bottleneck has the stride
 * @param block what a ResNet's stages are made of
 * @param heads the levels in the order of their stages; the last one is {@code main}
 */
public record GeneratorArchitecture(
    Backbone backbone,
    List<Integer> blocks,
    int baseWidth,
    int classes,
    List<Integer> headRates,
    StrideOn strideOn,
    Block block,
    List<Head> heads)
    implements Serializable {

  /** The paper's two levels. */
  public static final List<Head> PAPER = List.of(new Head(Level.AUX, 3), new Head(Level.MAIN, 4));

  /**
   * Where a level's head is.
   *
   * @param stage from 1
   */
  public record Head(Level level, int stage) implements Serializable {}

  /**
   * PyTorch's module of a head: as released, {@code layer5} and {@code layer6} or {@code
   * classifier}.
   */
  public String module(Head head) {
    String name = head.level().name();
    return switch (backbone) {
      case RESNET ->
          switch (name) {
            case "aux" -> "layer5";
            case "main" -> "layer6";
            default -> "head-" + name;
          };
      case VGG -> head.level().equals(Level.MAIN) ? "classifier" : "head-" + name;
    };
  }

  /** Channels of a stage's output. */
  public int channels(int stage) {
    return BackboneLayers.of(this).end(stage).channels();
  }

  public GeneratorArchitecture {
    blocks = List.copyOf(blocks);
    headRates = List.copyOf(headRates);
    heads = List.copyOf(heads);
    int stages = backbone.stages();
    if (blocks.size() != stages || blocks.stream().anyMatch(b -> b < 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a generator: expected %d positive counts of layers, found %s",
              stages,
              blocks));
    }
    if (baseWidth < 1 || classes < 2 || headRates.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot build a generator: expected a positive width, two classes or more and a head rate, found width %d, %d classes, rates %s",
              baseWidth,
              classes,
              headRates));
    }
    if (heads.isEmpty() || !heads.get(heads.size() - 1).equals(new Head(Level.MAIN, stages))) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected heads in the order of the stages, main on the last,"
              + " found "
              + heads);
    }
  }

  /** A network of bottlenecks, or a VGG. */
  public GeneratorArchitecture(
      Backbone backbone,
      List<Integer> blocks,
      int baseWidth,
      int classes,
      List<Integer> headRates,
      StrideOn strideOn,
      List<Head> heads) {
    this(backbone, blocks, baseWidth, classes, headRates, strideOn, Block.BOTTLENECK, heads);
  }

  /** A network whose strides are where the released code has them. */
  public GeneratorArchitecture(
      Backbone backbone,
      List<Integer> blocks,
      int baseWidth,
      int classes,
      List<Integer> headRates,
      List<Head> heads) {
    this(backbone, blocks, baseWidth, classes, headRates, StrideOn.REDUCTION, heads);
  }

  /** A ResNet. */
  public GeneratorArchitecture(
      List<Integer> blocks, int baseWidth, int classes, List<Integer> headRates, List<Head> heads) {
    this(Backbone.RESNET, blocks, baseWidth, classes, headRates, heads);
  }

  /** A ResNet with the paper's two levels. */
  public GeneratorArchitecture(
      List<Integer> blocks, int baseWidth, int classes, List<Integer> headRates) {
    this(blocks, baseWidth, classes, headRates, PAPER);
  }

  /** A text that is equal for interchangeable networks. */
  public String fingerprint() {
    List<Head> usual =
        backbone.levels().entrySet().stream()
            .map(level -> new Head(new Level(level.getKey()), level.getValue()))
            .sorted(Comparator.comparingInt(Head::stage))
            .toList();
    String levels =
        heads.equals(usual)
            ? ""
            : heads.stream()
                .map(h -> h.level().name() + h.stage())
                .collect(Collectors.joining(",", "-l{", "}"));
    String stride = strideOn == StrideOn.REDUCTION ? "" : "-stride-on-" + strideOn.key();
    String basic = block == Block.BASIC ? "-basic" : "";
    return String.format(
            Locale.ROOT,
            "%s%s%s-w%d-c%d-r%s%s%s",
            backbone.name().toLowerCase(Locale.ROOT),
            basic,
            blocks,
            baseWidth,
            classes,
            headRates,
            stride,
            levels)
        .replace(" ", "");
  }
}
