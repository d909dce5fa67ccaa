package org.adaptseg.nn;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.adaptseg.config.Level;
import org.adaptseg.nn.layers.ResidualBlock;

/**
 * Shape of the dilated ResNet with a head per level.
 *
 * @param blocks residual blocks of the four stages; [3, 4, 23, 3] is ResNet-101
 * @param baseWidth channels of the stem; 64 in the paper
 * @param classes channels of the logits
 * @param headRates dilation rates that a head sums; [6, 12] in the released code
 * @param heads the levels in the order of their stages; the last one is {@code main}
 */
public record GeneratorArchitecture(
    List<Integer> blocks, int baseWidth, int classes, List<Integer> headRates, List<Head> heads)
    implements Serializable {

  /** The paper's two levels. */
  public static final List<Head> PAPER = List.of(new Head(Level.AUX, 3), new Head(Level.MAIN, 4));

  /**
   * Where a level's head is.
   *
   * @param stage from 1
   */
  public record Head(Level level, int stage) implements Serializable {
    /**
     * The PyTorch module of the head: {@code layer5} (aux) and {@code layer6} (main) as released.
     */
    public String module() {
      return switch (level.name()) {
        case "aux" -> "layer5";
        case "main" -> "layer6";
        default -> "head-" + level.name();
      };
    }
  }

  /** Channels of a stage's output. */
  public int channels(int stage) {
    return (baseWidth << (stage - 1)) * ResidualBlock.EXPANSION;
  }

  public GeneratorArchitecture {
    blocks = List.copyOf(blocks);
    headRates = List.copyOf(headRates);
    heads = List.copyOf(heads);
    if (blocks.size() != 4 || blocks.stream().anyMatch(b -> b < 1)) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected four positive block counts, found " + blocks);
    }
    if (baseWidth < 1 || classes < 2 || headRates.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected a positive width, two classes or more and a head rate, found width %d, %d classes, rates %s"
              .formatted(baseWidth, classes, headRates));
    }
    if (heads.isEmpty() || !heads.get(heads.size() - 1).equals(new Head(Level.MAIN, 4))) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected heads in the order of the stages, main on the last, found "
              + heads);
    }
  }

  /** With the paper's two levels. */
  public GeneratorArchitecture(
      List<Integer> blocks, int baseWidth, int classes, List<Integer> headRates) {
    this(blocks, baseWidth, classes, headRates, PAPER);
  }

  /** A text that is equal for interchangeable networks. */
  public String fingerprint() {
    String levels =
        heads.equals(PAPER)
            ? ""
            : heads.stream()
                .map(h -> h.level().name() + h.stage())
                .collect(Collectors.joining(",", "-l{", "}"));
    return "resnet%s-w%d-c%d-r%s%s"
        .formatted(blocks, baseWidth, classes, headRates, levels)
        .replace(" ", "");
  }
}
