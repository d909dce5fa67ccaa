package org.adaptseg.engine.cuda;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.engine.cuda.dnn.ConvolutionPass;

/**
 * A convolution by cuDNN, on copies of the weights in its order. It is computed in the type of
 * feature maps; in float32 where its result is logits, and where cuDNN has nothing for that type.
 * Tensors of the other type are then copied on the way.
 */
final class CudaConvolution implements Convolution {
  /**
   * The most that a gradient of weights may carry of the losses' scale in float16. It is a sum over
   * all pixels, so it is large where their gradients are small.
   */
  private static final float LARGEST_SCALE = 1024;

  /** One of cuDNN's plans; made when it is first needed. */
  private record PlanKey(ConvolutionPass pass, boolean accumulate) {}

  /** Runs a plan with its result at an address. */
  private interface Run {
    void into(ConvolutionPlan plan, long result);
  }

  private final CudaContext context;
  private final ConvolutionShape shape;
  private final int taps;
  private final long filterSize;
  private final Map<CellType, DeviceMemory> filters = new EnumMap<>(CellType.class);
  private final Map<PlanKey, Optional<ConvolutionPlan>> plans = new HashMap<>();
  private final Map<ConvolutionPass, CellType> types = new EnumMap<>(ConvolutionPass.class);
  private Vector weights;
  private long factors;
  private Vector bias;

  CudaConvolution(CudaContext context, ConvolutionShape shape) {
    this.context = context;
    this.shape = shape;
    this.taps = shape.kernel() * shape.kernel();
    this.filterSize = (long) shape.outChannels() * shape.input().channels() * taps;
  }

  @Override
  public ConvolutionShape shape() {
    return shape;
  }

  @Override
  public void weights(Vector newWeights, Vector newBias) {
    weights(newWeights, 0);
    this.bias = newBias;
  }

  /**
   * Takes weights.
   *
   * @param newFactors where a factor for each output channel is and stays, or 0
   */
  void weights(Vector newWeights, long newFactors) {
    this.weights = newWeights;
    this.factors = newFactors;
    filters.forEach(this::fill);
  }

  private void fill(CellType cells, DeviceMemory filter) {
    context.launch(
        cells,
        "filter_in",
        filterSize,
        CudaVector.address(weights),
        factors,
        filter.address(),
        shape.input().channels(),
        taps,
        filterSize);
  }

  private long filter(CellType cells) {
    return filters
        .computeIfAbsent(
            cells,
            added -> {
              DeviceMemory filter =
                  context.allocate(added.bytes(filterSize), "weights of " + shape);
              fill(added, filter);
              return filter;
            })
        .address();
  }

  /** The type that a pass is computed in. */
  private CellType type(ConvolutionPass pass) {
    CellType found = types.get(pass);
    if (found == null) {
      found = shape.logits() ? CellType.FLOAT32 : context.maps();
      if (found != CellType.FLOAT32 && plan(pass, false, found).isEmpty()) {
        plans.remove(new PlanKey(pass, false));
        found = CellType.FLOAT32;
      }
      types.put(pass, found);
    }
    return found;
  }

  private Optional<ConvolutionPlan> plan(ConvolutionPass pass, boolean accumulate, CellType cells) {
    return plans.computeIfAbsent(
        new PlanKey(pass, accumulate),
        key -> ConvolutionPlan.find(context, shape, pass, factor(pass, cells), accumulate, cells));
  }

  /** What a pass multiplies its result by. */
  private float factor(ConvolutionPass pass, CellType cells) {
    return pass == ConvolutionPass.FILTER && cells == CellType.FLOAT16
        ? Math.min(1f, LARGEST_SCALE / context.lossScale())
        : 1f;
  }

  private ConvolutionPlan required(ConvolutionPass pass, CellType cells) {
    return plan(pass, false, cells)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot compute on the GPU: expected a deterministic algorithm in "
                        + cells
                        + ", found that cuDNN has none for the "
                        + pass
                        + " pass of "
                        + shape));
  }

  private void run(ConvolutionPass pass, Tensor result, boolean accumulate, Run run) {
    CellType cells = type(pass);
    CellType wanted = CudaTensor.cells(result);
    Optional<ConvolutionPlan> direct =
        cells == wanted ? plan(pass, accumulate, cells) : Optional.empty();
    if (direct.isPresent()) {
      run.into(direct.get(), CudaTensor.address(result));
      return;
    }
    long size = result.shape().size();
    long room = context.scratch("result", cells.bytes(size));
    run.into(required(pass, cells), room);
    context.convert(room, cells, CudaTensor.address(result), wanted, accumulate, size);
  }

  /** Where a tensor's values are in a type: its own or a copy. */
  private long operand(Tensor tensor, CellType cells, String name) {
    CellType own = CudaTensor.cells(tensor);
    if (own == cells) {
      return CudaTensor.address(tensor);
    }
    long size = tensor.shape().size();
    long copy = context.scratch(name, cells.bytes(size));
    context.convert(CudaTensor.address(tensor), own, copy, cells, false, size);
    return copy;
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    forward(x, y, false);
    if (bias != null) {
      long size = shape.output().size();
      context.launch(
          CudaTensor.cells(y),
          "bias",
          size,
          CudaTensor.address(y),
          CudaVector.address(bias),
          shape.outChannels(),
          0,
          size);
    }
  }

  /** As {@link #forward(Tensor, Tensor)} without the bias. */
  void forward(Tensor x, Tensor y, boolean accumulate) {
    run(
        ConvolutionPass.FORWARD,
        y,
        accumulate,
        (plan, result) ->
            plan.run(operand(x, plan.cells(), "operand"), filter(plan.cells()), result));
  }

  @Override
  public void backwardData(Tensor gy, Tensor gx, boolean accumulate) {
    run(
        ConvolutionPass.DATA,
        gx,
        accumulate,
        (plan, result) ->
            plan.run(result, filter(plan.cells()), operand(gy, plan.cells(), "operand")));
  }

  @Override
  public void backwardWeights(
      Tensor x, Tensor gy, Vector gradWeights, Vector gradBias, boolean accumulate) {
    CellType cells = type(ConvolutionPass.FILTER);
    long gradient = context.scratch("result", cells.bytes(filterSize));
    required(ConvolutionPass.FILTER, cells)
        .run(operand(x, cells, "operand"), gradient, operand(gy, cells, "gradient"));
    context.launch(
        cells,
        "filter_out",
        filterSize,
        gradient,
        1f / (context.lossScale() * factor(ConvolutionPass.FILTER, cells)),
        CudaVector.address(gradWeights),
        shape.input().channels(),
        taps,
        accumulate ? 1 : 0,
        filterSize);
    if (gradBias != null) {
      new ColumnSums(context, CudaTensor.cells(gy), shape.output())
          .total(
              CudaTensor.address(gy),
              1 / context.lossScale(),
              CudaVector.address(gradBias),
              accumulate);
    }
  }

  @Override
  public void close() {
    plans.values().forEach(plan -> plan.ifPresent(context::close));
    plans.clear();
    types.clear();
    filters.values().forEach(context::free);
    filters.clear();
  }
}
