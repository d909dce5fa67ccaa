package org.adaptseg.nn;

import java.io.Serializable;
import java.util.List;

/**
 * Shape of the two-headed dilated ResNet.
 *
 * @param blocks residual blocks of the four stages; [3, 4, 23, 3] is ResNet-101
 * @param baseWidth channels of the stem; 64 in the paper
 * @param classes channels of the logits
 * @param headRates dilation rates that a head sums; [6, 12] in the released code
 */
public record GeneratorArchitecture(
    List<Integer> blocks, int baseWidth, int classes, List<Integer> headRates)
    implements Serializable {
  public GeneratorArchitecture {
    blocks = List.copyOf(blocks);
    headRates = List.copyOf(headRates);
    if (blocks.size() != 4 || blocks.stream().anyMatch(b -> b < 1)) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected four positive block counts, found " + blocks);
    }
    if (baseWidth < 1 || classes < 2 || headRates.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot build a generator: expected a positive width, two classes or more and a head rate, found width %d, %d classes, rates %s"
              .formatted(baseWidth, classes, headRates));
    }
  }

  /** A text that is equal for interchangeable networks. */
  public String fingerprint() {
    return "resnet%s-w%d-c%d-r%s".formatted(blocks, baseWidth, classes, headRates).replace(" ", "");
  }
}
