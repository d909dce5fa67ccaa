package org.adaptseg.engine.cuda;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.engine.cuda.dnn.ConvolutionPass;
import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.adaptseg.engine.cuda.dnn.CudnnDescriptor;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * How cuDNN computes one pass of a convolution: maps NHWC, filters [O, k, k, I], all of one type,
 * added up in float32. Of what its heuristics propose for the device, the first is taken that adds
 * up in a fixed order, and without tensor cores where the precision has none: a function of shape,
 * device and version, never of timings, so that the same run gives the same bits.
 */
final class ConvolutionPlan implements AutoCloseable {
  private static final int MOST_PROPOSALS = 64;
  private static final int MOST_NOTES = 32;
  private static final int ALIGNMENT = 16;
  private static final int X = 'x';
  private static final int FILTER = 'w';
  private static final int Y = 'y';

  private final CudaContext context;
  private final List<CudnnDescriptor> descriptors = new ArrayList<>();
  private final CellType cells;
  private final CudnnDescriptor plan; // null where there is none
  private long workspace;

  private ConvolutionPlan(
      CudaContext context,
      ConvolutionShape shape,
      ConvolutionPass pass,
      float factor,
      boolean accumulate,
      CellType cells) {
    this.context = context;
    this.cells = cells;
    CudnnDescriptor operation =
        keep(
            pass.operation(
                keep(geometry(shape)),
                keep(map(X, shape.input())),
                keep(filter(shape)),
                keep(map(Y, shape.output())),
                factor,
                accumulate));
    this.plan = operation.isPossible() ? plan(operation) : null;
  }

  /**
   * The plan of a pass on tensors of a type.
   *
   * @param factor that its result is multiplied by
   * @param accumulate whether its result is added to what is there
   * @return nothing where cuDNN has nothing that will do
   */
  static Optional<ConvolutionPlan> find(
      CudaContext context,
      ConvolutionShape shape,
      ConvolutionPass pass,
      float factor,
      boolean accumulate,
      CellType cells) {
    ConvolutionPlan found = new ConvolutionPlan(context, shape, pass, factor, accumulate, cells);
    if (found.plan == null) {
      found.close();
      return Optional.empty();
    }
    try (LongPointer bytes = new LongPointer(1)) {
      found.plan.read(
          cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, cudnn.CUDNN_TYPE_INT64, 1, bytes);
      found.workspace = bytes.get();
    }
    context.add(found);
    return Optional.of(found);
  }

  /** Type of its tensors. */
  CellType cells() {
    return cells;
  }

  private CudnnDescriptor plan(CudnnDescriptor operation) {
    CudnnDescriptor graph =
        keep(new CudnnDescriptor(cudnn.CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR))
            .part(cudnn.CUDNN_ATTR_OPERATIONGRAPH_OPS, operation)
            .pointers(
                cudnn.CUDNN_ATTR_OPERATIONGRAPH_HANDLE, cudnn.CUDNN_TYPE_HANDLE, context.dnn());
    if (!graph.isPossible()) {
      return null;
    }
    CudnnDescriptor found = propose(graph, cudnn.CUDNN_HEUR_MODE_A);
    return found == null ? propose(graph, cudnn.CUDNN_HEUR_MODE_FALLBACK) : found;
  }

  private CudnnDescriptor keep(CudnnDescriptor descriptor) {
    descriptors.add(descriptor);
    return descriptor;
  }

  private static CudnnDescriptor geometry(ConvolutionShape s) {
    return new CudnnDescriptor(cudnn.CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
        .longs(cudnn.CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 2)
        .choice(
            cudnn.CUDNN_ATTR_CONVOLUTION_COMP_TYPE,
            cudnn.CUDNN_TYPE_DATA_TYPE,
            cudnn.CUDNN_DATA_FLOAT)
        .choice(
            cudnn.CUDNN_ATTR_CONVOLUTION_CONV_MODE,
            cudnn.CUDNN_TYPE_CONVOLUTION_MODE,
            cudnn.CUDNN_CROSS_CORRELATION)
        .longs(cudnn.CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, s.padding(), s.padding())
        .longs(cudnn.CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, s.padding(), s.padding())
        .longs(cudnn.CUDNN_ATTR_CONVOLUTION_DILATIONS, s.dilation(), s.dilation())
        .longs(cudnn.CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, s.stride(), s.stride())
        .done();
  }

  private CudnnDescriptor map(int id, FeatureShape s) {
    return tensor(id, s.images(), s.channels(), s.height(), s.width());
  }

  private CudnnDescriptor filter(ConvolutionShape s) {
    return tensor(FILTER, s.outChannels(), s.input().channels(), s.kernel(), s.kernel());
  }

  /** Sizes are in the order NCHW, strides say that channels lie side by side. */
  private CudnnDescriptor tensor(int id, long n, long c, long h, long w) {
    return new CudnnDescriptor(cudnn.CUDNN_BACKEND_TENSOR_DESCRIPTOR)
        .choice(cudnn.CUDNN_ATTR_TENSOR_DATA_TYPE, cudnn.CUDNN_TYPE_DATA_TYPE, cells.code())
        .longs(cudnn.CUDNN_ATTR_TENSOR_DIMENSIONS, n, c, h, w)
        .longs(cudnn.CUDNN_ATTR_TENSOR_STRIDES, h * w * c, 1, w * c, c)
        .longs(cudnn.CUDNN_ATTR_TENSOR_UNIQUE_ID, id)
        .longs(cudnn.CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, ALIGNMENT)
        .done();
  }

  /** A plan from what a heuristic proposes; null if it proposes nothing that will do. */
  private CudnnDescriptor propose(CudnnDescriptor graph, int mode) {
    CudnnDescriptor heuristic =
        keep(new CudnnDescriptor(cudnn.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR))
            .part(cudnn.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph)
            .choice(cudnn.CUDNN_ATTR_ENGINEHEUR_MODE, cudnn.CUDNN_TYPE_HEUR_MODE, mode);
    if (!heuristic.isPossible()) {
      return null;
    }
    List<CudnnDescriptor> proposals = new ArrayList<>();
    CudnnDescriptor chosen = null;
    try (PointerPointer<Pointer> room = new PointerPointer<>(MOST_PROPOSALS)) {
      for (int i = 0; i < MOST_PROPOSALS; i++) {
        proposals.add(new CudnnDescriptor(cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR));
        room.put(i, proposals.get(i).get());
      }
      long count =
          heuristic.read(
              cudnn.CUDNN_ATTR_ENGINEHEUR_RESULTS,
              cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR,
              MOST_PROPOSALS,
              room);
      for (int i = 0; i < count; i++) {
        if (isAllowed(proposals.get(i))) {
          CudnnDescriptor candidate =
              new CudnnDescriptor(cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
                  .pointers(
                      cudnn.CUDNN_ATTR_EXECUTION_PLAN_HANDLE,
                      cudnn.CUDNN_TYPE_HANDLE,
                      context.dnn())
                  .part(cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, proposals.get(i));
          if (candidate.isPossible()) {
            chosen = keep(proposals.get(i));
            return keep(candidate);
          }
          candidate.close();
        }
      }
    } finally {
      for (CudnnDescriptor proposal : proposals) {
        if (proposal != chosen) {
          proposal.close();
        }
      }
    }
    return null;
  }

  /**
   * Whether an algorithm adds up in a fixed order, in float32, and on what the precision allows.
   */
  private boolean isAllowed(CudnnDescriptor proposal) {
    Set<Integer> notes = new HashSet<>();
    try (CudnnDescriptor engine = new CudnnDescriptor(cudnn.CUDNN_BACKEND_ENGINE_DESCRIPTOR);
        PointerPointer<Pointer> room = new PointerPointer<>(1);
        IntPointer found = new IntPointer(MOST_NOTES)) {
      room.put(0, engine.get());
      if (proposal.read(
              cudnn.CUDNN_ATTR_ENGINECFG_ENGINE, cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, room)
          < 1) {
        return false;
      }
      long count =
          engine.read(
              cudnn.CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
              cudnn.CUDNN_TYPE_NUMERICAL_NOTE,
              MOST_NOTES,
              found);
      for (int i = 0; i < count; i++) {
        notes.add(found.get(i));
      }
    }
    return !notes.contains(cudnn.CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)
        && !notes.contains(cudnn.CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION)
        && (context.tensorCores()
            || !notes.contains(cudnn.CUDNN_NUMERICAL_NOTE_TENSOR_CORE)
                && !notes.contains(cudnn.CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS));
  }

  /** Computes, from and to these addresses. */
  void run(long x, long filter, long y) {
    long room = context.scratch("workspace", Math.max(1, workspace));
    try (CudnnDescriptor pack =
        new CudnnDescriptor(cudnn.CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
            .longs(cudnn.CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, X, FILTER, Y)
            .pointers(
                cudnn.CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS,
                cudnn.CUDNN_TYPE_VOID_PTR,
                DeviceMemory.pointer(x),
                DeviceMemory.pointer(filter),
                DeviceMemory.pointer(y))
            .pointers(
                cudnn.CUDNN_ATTR_VARIANT_PACK_WORKSPACE,
                cudnn.CUDNN_TYPE_VOID_PTR,
                DeviceMemory.pointer(room))
            .done()) {
      CudaStatus.dnn(cudnn.cudnnBackendExecute(context.dnn(), plan.get(), pack.get()), "convolve");
    }
  }

  @Override
  public void close() {
    for (int i = descriptors.size() - 1; i >= 0; i--) {
      descriptors.get(i).close();
    }
    descriptors.clear();
  }
}
