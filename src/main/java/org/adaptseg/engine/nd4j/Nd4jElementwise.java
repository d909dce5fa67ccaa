package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Elementwise operations of ND4J. */
final class Nd4jElementwise implements Elementwise {
  @Override
  public void add(Tensor a, Tensor b) {
    array(a).addi(array(b));
  }

  @Override
  public void addRelu(Tensor a, Tensor b) {
    array(a).assign(Transforms.relu(array(a).addi(array(b)), true));
  }

  @Override
  public void leakyRelu(Tensor y, double slope) {
    array(y).assign(Transforms.leakyRelu(array(y), slope, true));
  }

  @Override
  public void leakyReluBackward(Tensor y, Tensor g, double slope) {
    INDArray positive = array(y).gt(0).castTo(array(y).dataType());
    array(g).muli(positive.muli(1 - slope).addi(slope));
  }

  @Override
  public void softmax(Tensor logits, Tensor probabilities) {
    array(probabilities).assign(Nd4j.nn().softmax(array(logits), 1));
  }

  @Override
  public void softmaxBackward(Tensor probabilities, Tensor g, Tensor gLogits) {
    INDArray p = array(probabilities);
    INDArray inner = p.mul(array(g)).sum(true, 1);
    array(gLogits).assign(array(g).sub(inner).muli(p));
  }

  @Override
  public void fromPixels(Tensor pixels, Tensor map) {
    FeatureShape s = map.shape();
    array(map)
        .assign(
            array(pixels)
                .reshape('c', s.images(), s.height(), s.width(), s.channels())
                .permute(0, 3, 1, 2));
  }

  @Override
  public void toPixels(Tensor map, Tensor pixels) {
    FeatureShape s = map.shape();
    array(pixels)
        .assign(array(map).permute(0, 2, 3, 1).dup('c').reshape('c', s.pixels(), s.channels()));
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    array(to).assign(array(from));
  }

  @Override
  public void clear(Tensor tensor) {
    array(tensor).assign(0);
  }
}
