package org.adaptseg.engine.host;

import java.util.Arrays;
import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/** The most likely classes, image by image. */
public final class HostArgMax implements ArgMax {
  private final MostLikelyClasses ofOne;
  private final int pixels;

  /** For logits of a shape and images of a size. */
  public HostArgMax(FeatureShape logits, int height, int width, boolean alignCorners) {
    this.ofOne =
        new MostLikelyClasses(
            logits.channels(), logits.height(), logits.width(), height, width, alignCorners);
    this.pixels = Math.multiplyExact(height, width);
  }

  @Override
  public byte[] of(Tensor logits) {
    float[] values = logits.read();
    int images = logits.shape().images();
    if (images == 1) {
      return ofOne.of(values);
    }
    byte[] all = new byte[Math.multiplyExact(images, pixels)];
    int size = values.length / images;
    for (int n = 0; n < images; n++) {
      byte[] one = ofOne.of(Arrays.copyOfRange(values, n * size, (n + 1) * size));
      System.arraycopy(one, 0, all, n * pixels, pixels);
    }
    return all;
  }

  @Override
  public void close() {
    // no native memory
  }
}
