package org.adaptseg.engine.nd4j;

import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Upsampling, then arg-max. */
final class Nd4jArgMax implements ArgMax {
  private final Nd4jUpsampling upsampling;
  private final Tensor scores;

  Nd4jArgMax(DataType type, FeatureShape logits, int height, int width, boolean alignCorners) {
    this.upsampling = new Nd4jUpsampling(type, logits, height, width, alignCorners);
    this.scores =
        new Nd4jBuffer(type, Tensor.Kind.PIXELS)
            .as(new FeatureShape(logits.images(), logits.channels(), height, width));
  }

  @Override
  public byte[] of(Tensor logits) {
    upsampling.forward(logits, scores);
    int[] classes = Nd4j.argMax(Nd4jTensor.array(scores), 1).castTo(DataType.INT).toIntVector();
    byte[] bytes = new byte[classes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) classes[i];
    }
    return bytes;
  }

  @Override
  public void close() {
    upsampling.close();
    scores.close();
  }
}
