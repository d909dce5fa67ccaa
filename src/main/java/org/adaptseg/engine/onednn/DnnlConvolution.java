package org.adaptseg.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Convolution by oneDNN. Each of the three passes is put to it in the way that has a fast kernel on
 * this processor; passes that are never used are never made.
 */
final class DnnlConvolution implements Convolution {
  private final DnnlContext context;
  private final ConvolutionShape shape;
  private final DnnlForwardPass forward;
  private DnnlDataPass data;
  private Accumulation accumulation;
  private DnnlWeightsPass weightsPass;
  private FloatPointer weights;
  private FloatPointer bias;

  DnnlConvolution(DnnlContext context, ConvolutionShape shape) {
    this.context = context;
    this.shape = shape;
    this.forward = DnnlPass.choose(shape, ways(DnnlForwardPass::new, List.of()));
  }

  /** The forms in the maps' type, then {@code further} ways, then the forms in float32. */
  private <T> List<Supplier<T>> ways(
      Function<DnnlConvolutionForm, T> make, List<Supplier<T>> further) {
    List<Supplier<T>> all = new ArrayList<>();
    for (DnnlConvolutionForm form : DnnlConvolutionForm.of(context, shape)) {
      all.add(() -> make.apply(form));
    }
    all.addAll(further);
    for (DnnlConvolutionForm form : DnnlConvolutionForm.further(context, shape)) {
      all.add(() -> make.apply(form));
    }
    return all;
  }

  @Override
  public ConvolutionShape shape() {
    return shape;
  }

  @Override
  public void weights(Vector newWeights, Vector newBias) {
    this.weights = DnnlVector.pointer(newWeights);
    this.bias = DnnlVector.pointer(newBias);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    forward.run(weights, bias, DnnlTensor.pointer(x), DnnlTensor.pointer(y));
  }

  @Override
  public void backwardData(Tensor gy, Tensor gx, boolean accumulate) {
    if (shape.image()) {
      throw new IllegalStateException("Cannot take the gradient of an image: " + shape);
    }
    if (accumulate) {
      if (accumulation == null) {
        accumulation = new Accumulation();
      }
      accumulation.run(DnnlTensor.pointer(gy), DnnlTensor.pointer(gx));
    } else {
      data().run(weights, DnnlTensor.pointer(gy), DnnlTensor.pointer(gx));
    }
  }

  private DnnlDataPass data() {
    if (data == null) {
      List<Supplier<DnnlDataPass>> transposed =
          shape.stride() == 1
              ? List.of(() -> DnnlDataPass.transposed(context, shape, false))
              : List.of();
      data = DnnlPass.choose(shape, ways(DnnlDataPass::backward, transposed));
    }
    return data;
  }

  /** Adds to gx: in the primitive itself, or from scratch where that has no fast kernel. */
  private final class Accumulation implements AutoCloseable {
    private final DnnlDataPass fused;
    private final DnnlReorder add;

    Accumulation() {
      DnnlDataPass pass =
          shape.stride() == 1 ? DnnlDataPass.transposed(context, shape, true) : null;
      if (pass != null && !DnnlPass.isFast(pass)) {
        pass.close();
        pass = null;
      }
      var map = context.blocked(shape.input());
      this.fused = pass;
      this.add = pass == null ? new DnnlReorder(context, map, map, true) : null;
    }

    void run(FloatPointer gy, FloatPointer gx) {
      if (fused != null) {
        fused.run(weights, gy, gx);
      } else {
        long bytes = context.blocked(shape.input()).get_size();
        FloatPointer summand = context.scratch("conv-summand", bytes);
        data().run(weights, gy, summand);
        add.run(summand, gx);
      }
    }

    @Override
    public void close() {
      if (fused != null) {
        fused.close();
      } else {
        add.close();
      }
    }
  }

  @Override
  public void backwardWeights(
      Tensor x, Tensor gy, Vector gradWeights, Vector gradBias, boolean accumulate) {
    if (weightsPass == null) {
      weightsPass = DnnlPass.choose(shape, ways(DnnlWeightsPass::new, List.of()));
    }
    weightsPass.run(
        DnnlTensor.pointer(x),
        DnnlTensor.pointer(gy),
        DnnlVector.pointer(gradWeights),
        DnnlVector.pointer(gradBias),
        accumulate);
  }

  @Override
  public void close() {
    forward.close();
    if (data != null) {
      data.close();
    }
    if (accumulation != null) {
      accumulation.close();
    }
    if (weightsPass != null) {
      weightsPass.close();
    }
  }
}
