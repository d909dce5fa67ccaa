package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** Batch normalisation by oneDNN, ReLU fused; its mask is kept in the primitive's workspace. */
final class DnnlBatchNorm implements BatchNorm {
  private final DnnlContext context;
  private final FeatureShape shape;
  private final int channels;
  private final long values;
  private Normalization norm;
  private DnnlBatchNorm linear; // made where running statistics are trained with
  private Vector zeros;
  private final FloatPointer affine;
  private final memory scaleShift;
  private final FloatPointer statistics;
  private final memory x;
  private final memory y;
  private final memory gy;
  private final memory gx;
  private final memory mean;
  private final memory variance;
  private final memory givenMean;
  private final memory givenVariance;
  private final DnnlCall batch;
  private final DnnlCall running;
  private final DnnlCall backward;

  DnnlBatchNorm(DnnlContext context, FeatureShape shape, boolean relu) {
    this.context = context;
    this.shape = shape;
    this.channels = shape.channels();
    this.values = shape.pixels();
    memory.desc map = context.blocked(shape);
    int flags =
        normalization_flags.use_scale_shift.value
            | (relu ? normalization_flags.fuse_norm_relu.value : 0);
    var forwardDesc = forward(context, prop_kind.forward_training.value, map, flags);
    var runningDesc =
        forward(
            context,
            prop_kind.forward_inference.value,
            map,
            flags | normalization_flags.use_global_stats.value);
    var backwardDesc = backward(context, map, flags, forwardDesc);
    this.affine = new FloatPointer(2L * channels);
    this.statistics = new FloatPointer(2L * channels);
    memory.desc two = DnnlContext.desc(memory.format_tag.nc, 2, channels);
    this.scaleShift = new memory(two, context.engine, affine);
    memory gradScaleShift = new memory(two, context.engine);
    this.mean = new memory(forwardDesc.mean_desc(), context.engine, statistics);
    this.variance =
        new memory(forwardDesc.variance_desc(), context.engine, statistics.getPointer(channels));
    this.givenMean = context.unbound(forwardDesc.mean_desc());
    this.givenVariance = context.unbound(forwardDesc.variance_desc());
    this.x = context.unbound(map);
    this.y = context.unbound(map);
    this.gy = context.unbound(map);
    this.gx = context.unbound(map);
    this.batch =
        new DnnlCall(context, new batch_normalization_forward(forwardDesc))
            .with(DNNL_ARG_SRC, x)
            .with(DNNL_ARG_DST, y)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_SCALE_SHIFT, scaleShift);
    this.running =
        new DnnlCall(context, new batch_normalization_forward(runningDesc))
            .with(DNNL_ARG_SRC, x)
            .with(DNNL_ARG_DST, y)
            .with(DNNL_ARG_MEAN, givenMean)
            .with(DNNL_ARG_VARIANCE, givenVariance)
            .with(DNNL_ARG_SCALE_SHIFT, scaleShift);
    this.backward =
        new DnnlCall(context, new batch_normalization_backward(backwardDesc))
            .with(DNNL_ARG_SRC, x)
            .with(DNNL_ARG_MEAN, mean)
            .with(DNNL_ARG_VARIANCE, variance)
            .with(DNNL_ARG_SCALE_SHIFT, scaleShift)
            .with(DNNL_ARG_DIFF_DST, gy)
            .with(DNNL_ARG_DIFF_SRC, gx)
            .with(DNNL_ARG_DIFF_SCALE_SHIFT, gradScaleShift);
    if (relu) {
      memory mask = new memory(forwardDesc.workspace_desc(), context.engine);
      batch.with(DNNL_ARG_WORKSPACE, mask);
      backward.with(DNNL_ARG_WORKSPACE, mask);
    }
  }

  private static batch_normalization_forward.primitive_desc forward(
      DnnlContext context, int kind, memory.desc map, int flags) {
    return new batch_normalization_forward.primitive_desc(
        new batch_normalization_forward.desc(kind, map, (float) EPSILON, flags),
        context.engine,
        false);
  }

  // With a fused ReLU the kernel exists only for the full backward, so γ and β get unused
  // gradients.
  private static batch_normalization_backward.primitive_desc backward(
      DnnlContext context,
      memory.desc map,
      int flags,
      batch_normalization_forward.primitive_desc hint) {
    return new batch_normalization_backward.primitive_desc(
        new batch_normalization_backward.desc(
            prop_kind.backward.value, map, map, (float) EPSILON, flags),
        context.engine,
        hint,
        false);
  }

  @Override
  public void parameters(Normalization parameters) {
    this.norm = parameters;
    affine(parameters.scale().read(), parameters.shift().read());
  }

  private void affine(float[] gamma, float[] beta) {
    affine.position(0).put(gamma);
    affine.getPointer(channels).put(beta);
  }

  @Override
  public void forwardBatch(Tensor in, Tensor out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    batch.run();
  }

  private float[] batch(int offset) {
    float[] values = new float[channels];
    statistics.getPointer(offset).get(values);
    return values;
  }

  @Override
  public void moveRunning(double momentum) {
    move(norm.mean(), batch(0), momentum, momentum);
    move(norm.variance(), batch(channels), momentum, momentum * unbiased());
  }

  /** What makes the variance of so many values an unbiased one. */
  private double unbiased() {
    return values > 1 ? (double) values / (values - 1) : 1.0;
  }

  private static void move(Vector running, float[] batch, double momentum, double weight) {
    float kept = (float) (1 - momentum);
    float added = (float) weight;
    float[] moved = running.read();
    for (int c = 0; c < moved.length; c++) {
      float old = moved[c] * kept;
      moved[c] = old + batch[c] * added;
    }
    running.write(moved);
  }

  @Override
  public void replaceRunning() {
    norm.mean().write(batch(0));
    float[] variances = batch(channels);
    float factor = (float) unbiased();
    for (int c = 0; c < channels; c++) {
      variances[c] *= factor;
    }
    norm.variance().write(variances);
  }

  @Override
  public void forwardRunning(Tensor in, Tensor out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    DnnlContext.bind(givenMean, norm.mean());
    DnnlContext.bind(givenVariance, norm.variance());
    running.run();
  }

  @Override
  public void forwardAgain(Tensor in, Tensor out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    givenMean.set_data_handle(statistics);
    givenVariance.set_data_handle(statistics.getPointer(channels));
    running.run();
  }

  @Override
  public void backward(Tensor in, Tensor gradient, Tensor out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(gy, gradient);
    DnnlContext.bind(gx, out);
    backward.run();
  }

  /** The normalisation itself with mean and shift 0. */
  @Override
  public void backwardRunning(Tensor gradient, Tensor out) {
    if (linear == null) {
      linear = new DnnlBatchNorm(context, shape, false);
      zeros = DnnlVector.allocate(context, channels);
    }
    linear.parameters(new Normalization(norm.scale(), zeros, zeros, norm.variance()));
    linear.forwardRunning(gradient, out);
  }

  @Override
  public void close() {
    batch.close();
    running.close();
    backward.close();
    affine.close();
    statistics.close();
    if (linear != null) {
      zeros.close();
      linear.close();
    }
  }
}
