package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What the layers of a network share, or those of several networks that take turns: kernels,
 * buffers that are reused from step to step, and what the current pass wants. One thread at a time.
 */
public final class LayerContext {
  private static final long ALWAYS_STALE = -1;

  private final Kernels kernels;
  private final Map<String, Buffer> buffers = new HashMap<>();
  private final Map<String, INDArray> flats = new HashMap<>();
  private Object lastForward;
  private long weightsVersion = ALWAYS_STALE;
  private boolean accumulate;
  private boolean weightGradients = true;
  private boolean inputGradients = true;
  private Set<String> idle = Set.of();
  private Statistics statistics = Statistics.MOVING;
  private final Map<String, INDArray> outputGradients = new HashMap<>();

  /** A context whose layers read their weights again at each forward pass. */
  public LayerContext(Kernels kernels) {
    this.kernels = kernels;
  }

  /** What batch normalisations do in a training forward. */
  public enum Statistics {
    /** Normalise with the batch's statistics and move the running ones. */
    MOVING,
    /** Normalise with the batch's statistics and leave the running ones alone. */
    STILL,
    /** Normalise with the batch's statistics, which take the place of the running ones. */
    REPLACING,
    /** Normalise with the running statistics. */
    RUNNING
  }

  private static final class Buffer {
    private final DataType type;
    private INDArray flat;
    private final Map<FeatureShape, INDArray> views = new HashMap<>();

    Buffer(DataType type) {
      this.type = type;
    }
  }

  /** The kernels of the network. */
  public Kernels kernels() {
    return kernels;
  }

  /** Tells the layers that weights change only when this is called. */
  public void weightsChanged() {
    weightsVersion++;
  }

  /** Whether weights that were read at version {@code seen} must be read again. */
  boolean stale(long seen) {
    return weightsVersion == ALWAYS_STALE || seen != weightsVersion;
  }

  long weightsVersion() {
    return weightsVersion;
  }

  /** Whether weight gradients add to the gradient view (true) or overwrite it. */
  public void setAccumulate(boolean accumulate) {
    this.accumulate = accumulate;
  }

  boolean accumulate() {
    return accumulate;
  }

  /** What the next backward computes; at least one of the two. */
  public void setGradients(boolean ofWeights, boolean ofInput) {
    this.weightGradients = ofWeights;
    this.inputGradients = ofInput;
  }

  boolean weightGradients() {
    return weightGradients;
  }

  /** What batch normalisations do in the next training forwards. */
  public void setStatistics(Statistics statistics) {
    this.statistics = statistics;
  }

  Statistics statistics() {
    return statistics;
  }

  /**
   * Gives a layer's output a gradient of its own, added to that of the layers behind it in the next
   * backwards; null takes it away.
   */
  public void setOutputGradient(String layer, INDArray gradient) {
    if (gradient == null) {
      outputGradients.remove(layer);
    } else {
      outputGradients.put(layer, gradient);
    }
  }

  INDArray outputGradient(String layer) {
    return outputGradients.get(layer);
  }

  /**
   * Names the layers whose gradient the next backward passes on as 0, without computing it, and
   * whose output the next forward at evaluation leaves undefined.
   */
  public void setIdle(Set<String> layers) {
    this.idle = Set.copyOf(layers);
  }

  boolean idle(String layer) {
    return idle.contains(layer);
  }

  boolean inputGradients() {
    return inputGradients;
  }

  /**
   * The buffer of this name, as a feature map of this shape. Calls with one name share memory
   * whatever the shape, so a buffer holds one thing at a time; its values are undefined at first.
   */
  public INDArray buffer(String name, FeatureShape shape) {
    return buffer(name, shape, kernels.mapType());
  }

  /** As {@link #buffer}, for logits: in the type of the parameters. */
  INDArray logits(String name, FeatureShape shape) {
    return buffer(name, shape, kernels.dataType());
  }

  private INDArray buffer(String name, FeatureShape shape, DataType type) {
    Buffer buffer = buffers.computeIfAbsent(name, n -> new Buffer(type));
    if (buffer.type != type) {
      throw new IllegalStateException(
          "Cannot use buffer " + name + ": expected " + buffer.type + ", asked for " + type);
    }
    INDArray view = buffer.views.get(shape);
    if (view == null) {
      long[] dims = kernels.activationShape(shape);
      long n = 1;
      for (long d : dims) {
        n *= d;
      }
      if (buffer.flat == null || buffer.flat.length() < n) {
        buffer.views.clear();
        buffer.flat = aligned(n, type);
      }
      view = buffer.flat.get(NDArrayIndex.interval(0, n)).reshape('c', dims);
      buffer.views.put(shape, view);
    }
    return view;
  }

  /** Whether the array is one that {@link #buffer} gave. */
  boolean isBuffer(INDArray array) {
    return buffers.values().stream()
        .anyMatch(b -> b.views.values().stream().anyMatch(v -> v == array));
  }

  /**
   * Rows of pixels [rows, columns] in memory that is shared by name, like {@link #buffer}; not for
   * what is to last.
   */
  public INDArray rows(String name, long rows, long columns) {
    long n = rows * columns;
    INDArray flat = flats.get(name);
    if (flat == null || flat.length() < n) {
      flat = aligned(n, kernels.dataType());
      flats.put(name, flat);
    }
    return flat.get(NDArrayIndex.interval(0, n)).reshape('c', rows, columns);
  }

  /**
   * Notes whose forward was the last: with it, the buffers hold the activations of that network.
   */
  public void activationsOf(Object network) {
    this.lastForward = network;
  }

  /**
   * Must hold before a backward.
   *
   * @throws IllegalStateException when another network's forward has overwritten the activations
   */
  public void requireActivationsOf(Object network) {
    if (lastForward != network) {
      throw new IllegalStateException(
          "Cannot back-propagate: expected the last forward to be this network's, found one of"
              + " another that shares its buffers");
    }
  }

  private static INDArray aligned(long n, DataType type) {
    int bytes = type.width();
    int spare = Kernels.ALIGNMENT / bytes;
    INDArray whole = Nd4j.create(type, n + spare);
    long beyond = whole.data().addressPointer().address() / bytes % spare;
    long from = (spare - beyond) % spare;
    return whole.get(NDArrayIndex.interval(from, from + n));
  }

  /**
   * A gradient buffer that does not overlap {@code incoming}: two take turns from the last layer to
   * the first.
   */
  INDArray gradientBuffer(INDArray incoming, FeatureShape shape) {
    INDArray first = buffer("gradient-even", shape);
    return first.data().addressPointer().address() == incoming.data().addressPointer().address()
        ? buffer("gradient-odd", shape)
        : first;
  }
}
