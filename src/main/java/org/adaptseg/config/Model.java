package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.Ranges;

/**
 * Sizes of the networks; the defaults are ResNet-101 as released with the paper.
 *
 * @param layers residual blocks of ResNet's four stages or convolutions of VGG's five, each at
 *     least 1; [3, 4, 23, 3] (ResNet-101), [2, 2, 2, 2] (basic blocks: ResNet-18) or [2, 2, 3, 3,
 *     3] by default
 * @param baseWidth channels of the first convolution, at least 1
 * @param headRates dilations of a head's parallel convolutions, distinct, each at least 1
 * @param discriminatorWidth channels of a discriminator's first convolution, at least 1
 * @param levels output levels: name to the stage, from 1, that the level's head is on; kept in the
 *     order of the stages. {@code main} is on the last one. A level that is left out costs nothing;
 *     {@code {aux: 3, main: 4}} (ResNet) or {@code {main: 5}} (VGG) by default
 * @param batchNorm which statistics normalise in training, and which images move the running ones
 * @param alignCorners whether logits are upsampled with aligned corners, as in the paper
 * @param backbone the network below the heads
 * @param strideOn which convolution of a ResNet stage's first block has the stride; that of the
 *     initial weights. {@code 1x1} where there is no choice: VGG has no strides, and a basic block
 *     has its stride on the first of two 3×3 convolutions
 * @param block what ResNet's stages are made of; that of the initial weights
 */
public record Model(
    @Default("[]") List<Integer> layers,
    @Default("64") int baseWidth,
    @Default("[6, 12]") List<Integer> headRates,
    @Default("64") int discriminatorWidth,
    @Default("{}") Map<String, Integer> levels,
    @Default("batch") BatchStatistics batchNorm,
    @Default("true") boolean alignCorners,
    @Default("resnet") Backbone backbone,
    @Default("1x1") StrideOn strideOn,
    @Default("bottleneck") Block block)
    implements Serializable {
  /** ResNet-18's. */
  private static final List<Integer> BASIC_LAYERS = List.of(2, 2, 2, 2);

  public Model {
    layers = layers.isEmpty() ? usualLayers(backbone, block) : List.copyOf(layers);
    headRates = List.copyOf(headRates);
    levels = Levels.byStage(levels.isEmpty() ? backbone.levels() : levels);
    int stages = backbone.stages();
    new Ranges()
        .check(
            layers.size() == stages && layers.stream().allMatch(n -> n >= 1 && n <= 1000),
            "layers",
            stages + " counts from 1 to 1000",
            layers)
        .check(baseWidth >= 1 && baseWidth <= 4096, "baseWidth", "1 to 4096", baseWidth)
        .check(
            !headRates.isEmpty() && headRates.stream().allMatch(n -> n >= 1 && n <= 1000),
            "headRates",
            "at least one dilation, each from 1 to 1000",
            headRates)
        .noDuplicates("headRates", headRates)
        .check(
            discriminatorWidth >= 1 && discriminatorWidth <= 4096,
            "discriminatorWidth",
            "1 to 4096",
            discriminatorWidth)
        .check(
            Levels.valid(levels, stages),
            "levels",
            String.format(
                Locale.ROOT,
                "names of small letters, digits and dashes, on stages of their own from 1 to %d, main on %d",
                stages,
                stages),
            levels)
        .check(
            backbone.isStrided() || strideOn == StrideOn.REDUCTION,
            "strideOn",
            "1x1, since this backbone has no strides",
            strideOn.key())
        .check(
            block == Block.BOTTLENECK || strideOn == StrideOn.REDUCTION,
            "strideOn",
            "1x1 where block is basic: its stride is on the first 3x3 convolution, there is no choice",
            strideOn.key())
        .check(
            backbone == Backbone.RESNET || block == Block.BOTTLENECK,
            "block",
            "bottleneck, since this backbone has no residual blocks",
            Names.key(block))
        .verify(Model.class);
  }

  private static List<Integer> usualLayers(Backbone backbone, Block block) {
    return backbone == Backbone.RESNET && block == Block.BASIC ? BASIC_LAYERS : backbone.layers();
  }

  /** Whether {@link #strideOn} is a choice: a bottleneck has two convolutions for its stride. */
  public boolean choosesStride() {
    return backbone.isStrided() && block == Block.BOTTLENECK;
  }

  /** The levels in the order of their stages; {@code main} is the last. */
  public List<Level> orderedLevels() {
    return levels.keySet().stream().map(Level::new).toList();
  }

  /** The stage, from 1, that a level is on. */
  public int stage(Level level) {
    return levels.get(level.name());
  }

  /** What a ResNet's stages are made of. */
  public enum Block {
    /** Convolutions 1×1, 3×3 and 1×1, the last four times as wide: ResNet-50, -101 and -152. */
    BOTTLENECK(4),
    /** Two convolutions 3×3 of one width: ResNet-18 and -34. */
    BASIC(1);

    private final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }

    /** Channels of the output over those of the 3×3 convolution. */
    public int expansion() {
      return expansion;
    }
  }

  /** How batch normalisations work in training; {@link Evaluation.BatchNorm} is about scores. */
  public enum BatchStatistics {
    /** Every training forward uses its batch's statistics and moves the running ones. */
    BATCH,
    /** Training forwards use the running statistics, which never change. */
    RUNNING,
    /** As {@code BATCH}, but forwards of unlabelled target images leave the running ones alone. */
    SOURCE_ONLY
  }
}
