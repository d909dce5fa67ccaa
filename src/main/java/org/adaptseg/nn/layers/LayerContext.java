package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/**
 * What the layers of a network share, or those of several networks that take turns: engine, buffers
 * that are reused from step to step, and what the current pass wants. One thread at a time.
 */
public final class LayerContext implements AutoCloseable {
  private static final long ALWAYS_STALE = -1;

  private final Engine engine;
  private final Map<String, Buffer> buffers = new HashMap<>();
  private Object lastForward;
  private long weightsVersion = ALWAYS_STALE;
  private boolean accumulate;
  private boolean weightGradients = true;
  private boolean inputGradients = true;
  private Set<String> idle = Set.of();
  private Statistics statistics = Statistics.MOVING;

  /** A context whose layers read their weights again at each forward pass. */
  public LayerContext(Engine engine) {
    this.engine = engine;
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

  /** The engine of the network. */
  public Engine engine() {
    return engine;
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
  public Tensor map(String name, FeatureShape shape) {
    return buffer(name, Tensor.Kind.MAP).as(shape);
  }

  /** As {@link #map}, for logits. */
  public Tensor logits(String name, FeatureShape shape) {
    return buffer(name, Tensor.Kind.LOGITS).as(shape);
  }

  /** As {@link #map}, for rows of pixels. */
  public Tensor pixels(String name, FeatureShape shape) {
    return buffer(name, Tensor.Kind.PIXELS).as(shape);
  }

  private Buffer buffer(String name, Tensor.Kind kind) {
    Buffer buffer = buffers.computeIfAbsent(name, n -> engine.buffer(kind));
    if (buffer.kind() != kind) {
      throw new IllegalStateException(
          "Cannot use buffer " + name + ": expected " + buffer.kind() + ", asked for " + kind);
    }
    return buffer;
  }

  /** Whether a tensor is in one of these buffers. */
  boolean isBuffer(Tensor tensor) {
    return buffers.values().stream().anyMatch(b -> b.holds(tensor));
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

  /**
   * A gradient buffer that does not overlap {@code incoming}: two take turns from the last layer to
   * the first.
   */
  Tensor gradientBuffer(Tensor incoming, FeatureShape shape) {
    String name =
        buffer("gradient-even", Tensor.Kind.MAP).holds(incoming) ? "gradient-odd" : "gradient-even";
    return map(name, shape);
  }

  /** Gives back the buffers. The engine stays the caller's. */
  @Override
  public void close() {
    buffers.values().forEach(Buffer::close);
    buffers.clear();
  }
}
