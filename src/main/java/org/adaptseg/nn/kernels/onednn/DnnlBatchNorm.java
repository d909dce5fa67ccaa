package org.adaptseg.nn.kernels.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.FeatureShape;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalisation by oneDNN, ReLU fused; its mask is kept in the primitive's workspace. */
final class DnnlBatchNorm implements BatchNorm {
  private final int channels;
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
    this.channels = shape.channels();
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
  public void affine(INDArray gamma, INDArray beta) {
    copy(gamma, affine, 0);
    copy(beta, affine, channels);
  }

  private void copy(INDArray from, FloatPointer to, long offset) {
    org.bytedeco.javacpp.Pointer.memcpy(
        new BytePointer(to).getPointer(4 * offset), from.data().addressPointer(), 4L * channels);
  }

  @Override
  public void forwardBatch(INDArray in, INDArray out, INDArray toMean, INDArray toVariance) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    batch.run();
    org.bytedeco.javacpp.Pointer.memcpy(toMean.data().addressPointer(), statistics, 4L * channels);
    org.bytedeco.javacpp.Pointer.memcpy(
        toVariance.data().addressPointer(), statistics.getPointer(channels), 4L * channels);
  }

  @Override
  public void forwardRunning(INDArray in, INDArray out, INDArray fromMean, INDArray fromVariance) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    DnnlContext.bind(givenMean, fromMean);
    DnnlContext.bind(givenVariance, fromVariance);
    running.run();
  }

  @Override
  public void forwardAgain(INDArray in, INDArray out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    givenMean.set_data_handle(statistics);
    givenVariance.set_data_handle(statistics.getPointer(channels));
    running.run();
  }

  @Override
  public void backward(INDArray in, INDArray gradient, INDArray out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(gy, gradient);
    DnnlContext.bind(gx, out);
    backward.run();
  }

  @Override
  public void close() {
    batch.close();
    running.close();
    backward.close();
    affine.close();
    statistics.close();
  }
}
