package org.adaptseg.weights.onnx;

import org.adaptseg.config.data.Normalisation;

/**
 * What a model takes and gives.
 *
 * @param alignCorners how logits are upsampled
 * @param normalisation how pixels become the network's input
 * @param normalises whether the model does that itself: its input {@value #PIXELS} is uint8 [N, H,
 *     W, 3], red, green, blue, as pictures are decoded. Else the input is {@value #IMAGE}, float32
 *     [N, 3, H, W], prepared
 * @param classes whether the output is {@value #CLASSES}, uint8 [N, H, W], the class of every
 *     pixel, the first where several are equal. Else it is {@value #LOGITS}, float32 [N, C, H, W]
 */
public record OnnxForm(
    boolean alignCorners, Normalisation normalisation, boolean normalises, boolean classes) {
  /** Input that is prepared. */
  public static final String IMAGE = "image";

  /** Input that is not. */
  public static final String PIXELS = "pixels";

  /** Output before a class is chosen. */
  public static final String LOGITS = "logits";

  /** Output of train ids. */
  public static final String CLASSES = "classes";

  /** Name of the input. */
  public String input() {
    return normalises ? PIXELS : IMAGE;
  }

  /** Name of the output. */
  public String output() {
    return classes ? CLASSES : LOGITS;
  }
}
