package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.Tensor;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.javacpp.Pointer;

/**
 * Elementwise operations by oneDNN over all values of tensors, padding included (it stays zero), in
 * their type.
 */
final class DnnlElementwise implements Elementwise, AutoCloseable {
  private final DnnlContext context;
  private final Map<Key, Operation> operations = new HashMap<>();

  DnnlElementwise(DnnlContext context) {
    this.context = context;
  }

  private enum Kind {
    ADD,
    ADD_RELU,
    RELU,
    RELU_BACKWARD,
    SOFTMAX,
    SOFTMAX_BACKWARD
  }

  private record Key(Kind kind, memory.data_type type, long rows, long columns, double slope) {}

  /** A primitive with up to three arguments bound at each call. */
  private record Operation(DnnlCall call, memory a, memory b, memory c) {
    void run(Tensor x, Tensor y, Tensor z) {
      DnnlContext.bind(a, x);
      DnnlContext.bind(b, y);
      DnnlContext.bind(c, z);
      call.run();
    }
  }

  /** Values of a tensor, padding included. */
  private static long values(Tensor tensor) {
    DnnlTensor own = DnnlTensor.of(tensor);
    return own.bytes() / DnnlContext.width(own.type());
  }

  private static void requireAlike(Tensor a, Tensor b) {
    if (a.kind() != b.kind() || !a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "Cannot combine tensors: expected two of one shape and kind, found " + a + " and " + b);
    }
  }

  private static memory.desc flat(memory.data_type type, long n) {
    return DnnlContext.desc(type, memory.format_tag.a, n);
  }

  @Override
  public void add(Tensor a, Tensor b) {
    requireAlike(a, b);
    operations
        .computeIfAbsent(
            new Key(Kind.ADD, DnnlTensor.of(a).type(), values(a), 1, 0), k -> makeAdd(k, false))
        .run(a, b, a);
  }

  @Override
  public void addRelu(Tensor a, Tensor b) {
    requireAlike(a, b);
    operations
        .computeIfAbsent(
            new Key(Kind.ADD_RELU, DnnlTensor.of(a).type(), values(a), 1, 0), k -> makeAdd(k, true))
        .run(a, b, a);
  }

  private Operation makeAdd(Key key, boolean relu) {
    memory.desc d = flat(key.type(), key.rows());
    primitive_attr attributes = new primitive_attr();
    if (relu) {
      post_ops then = new post_ops();
      then.append_eltwise(1f, algorithm.eltwise_relu, 0f, 0f);
      attributes.set_post_ops(then);
    }
    var desc =
        new binary.primitive_desc(
            new binary.desc(algorithm.binary_add, d, d, d), attributes, context.engine, false);
    memory a = context.unbound(d);
    memory b = context.unbound(d);
    memory c = context.unbound(d);
    DnnlCall call =
        new DnnlCall(context, new binary(desc))
            .with(DNNL_ARG_SRC_0, a)
            .with(DNNL_ARG_SRC_1, b)
            .with(DNNL_ARG_DST, c);
    return new Operation(call, a, b, c);
  }

  @Override
  public void leakyRelu(Tensor y, double slope) {
    operations
        .computeIfAbsent(
            new Key(Kind.RELU, DnnlTensor.of(y).type(), values(y), 1, slope), this::makeRelu)
        .run(y, y, y);
  }

  private eltwise_forward.primitive_desc reluDesc(algorithm a, memory.desc d, float slope) {
    return new eltwise_forward.primitive_desc(
        new eltwise_forward.desc(prop_kind.forward_training, a, d, slope, 0f),
        context.engine,
        false);
  }

  private Operation makeRelu(Key key) {
    memory.desc d = flat(key.type(), key.rows());
    float slope = (float) key.slope();
    memory a = context.unbound(d);
    memory b = context.unbound(d);
    DnnlCall call =
        new DnnlCall(context, new eltwise_forward(reluDesc(algorithm.eltwise_relu, d, slope)))
            .with(DNNL_ARG_SRC, a)
            .with(DNNL_ARG_DST, b);
    return new Operation(call, a, b, context.unbound(d));
  }

  @Override
  public void leakyReluBackward(Tensor y, Tensor g, double slope) {
    operations
        .computeIfAbsent(
            new Key(Kind.RELU_BACKWARD, DnnlTensor.of(y).type(), values(y), 1, slope),
            this::makeReluBackward)
        .run(y, g, g);
  }

  private Operation makeReluBackward(Key key) {
    memory.desc d = flat(key.type(), key.rows());
    float slope = (float) key.slope();
    algorithm a = algorithm.eltwise_relu_use_dst_for_bwd;
    var desc =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(a, d, d, slope, 0f),
            context.engine,
            reluDesc(a, d, slope),
            false);
    memory y = context.unbound(d);
    memory g = context.unbound(d);
    memory out = context.unbound(d);
    DnnlCall call =
        new DnnlCall(context, new eltwise_backward(desc))
            .with(DNNL_ARG_DST, y)
            .with(DNNL_ARG_DIFF_DST, g)
            .with(DNNL_ARG_DIFF_SRC, out);
    return new Operation(call, y, g, out);
  }

  private softmax_forward.primitive_desc softmaxDesc(memory.desc d) {
    return new softmax_forward.primitive_desc(
        new softmax_forward.desc(prop_kind.forward_training, d, 1), context.engine, false);
  }

  @Override
  public void softmax(Tensor logits, Tensor probabilities) {
    long rows = logits.shape().pixels();
    long columns = logits.shape().channels();
    operations
        .computeIfAbsent(
            new Key(Kind.SOFTMAX, memory.data_type.f32, rows, columns, 0),
            k -> {
              memory.desc d = DnnlContext.desc(memory.format_tag.ab, rows, columns);
              memory a = context.unbound(d);
              memory b = context.unbound(d);
              DnnlCall call =
                  new DnnlCall(context, new softmax_forward(softmaxDesc(d)))
                      .with(DNNL_ARG_SRC, a)
                      .with(DNNL_ARG_DST, b);
              return new Operation(call, a, b, context.unbound(d));
            })
        .run(logits, probabilities, probabilities);
  }

  @Override
  public void softmaxBackward(Tensor probabilities, Tensor g, Tensor gLogits) {
    long rows = g.shape().pixels();
    long columns = g.shape().channels();
    operations
        .computeIfAbsent(
            new Key(Kind.SOFTMAX_BACKWARD, memory.data_type.f32, rows, columns, 0),
            k -> {
              memory.desc d = DnnlContext.desc(memory.format_tag.ab, rows, columns);
              memory p = context.unbound(d);
              memory in = context.unbound(d);
              memory out = context.unbound(d);
              var desc =
                  new softmax_backward.primitive_desc(
                      new softmax_backward.desc(d, d, 1), context.engine, softmaxDesc(d), false);
              DnnlCall call =
                  new DnnlCall(context, new softmax_backward(desc))
                      .with(DNNL_ARG_DST, p)
                      .with(DNNL_ARG_DIFF_DST, in)
                      .with(DNNL_ARG_DIFF_SRC, out);
              return new Operation(call, p, in, out);
            })
        .run(probabilities, g, gLogits);
  }

  private void reorder(Tensor from, Tensor to) {
    context
        .reorder(from.kind(), to.kind(), from.shape())
        .run(DnnlTensor.pointer(from), DnnlTensor.pointer(to));
  }

  @Override
  public void fromPixels(Tensor pixels, Tensor map) {
    reorder(pixels, map);
  }

  @Override
  public void toPixels(Tensor map, Tensor pixels) {
    reorder(map, pixels);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    requireAlike(from, to);
    Pointer.memcpy(DnnlTensor.pointer(to), DnnlTensor.pointer(from), DnnlTensor.of(from).bytes());
  }

  @Override
  public void clear(Tensor tensor) {
    Pointer.memset(DnnlTensor.pointer(tensor), 0, DnnlTensor.of(tensor).bytes());
  }

  @Override
  public void close() {
    operations.values().forEach(o -> o.call().close());
    operations.clear();
  }
}
