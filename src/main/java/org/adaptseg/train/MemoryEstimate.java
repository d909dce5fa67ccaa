package org.adaptseg.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adaptseg.config.Adaptation;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Loss;
import org.adaptseg.config.Model;
import org.adaptseg.config.Precision;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Size;
import org.adaptseg.nn.DiscriminatorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.NetworkSizes;

/**
 * What memory a worker and the driver need, computed from the sizes of networks and images; within
 * about a quarter of what is measured. {@code docs/operations.md} has the formulas in words.
 *
 * @param parameters trained values of the generator
 * @param discriminatorParameters values of one discriminator
 * @param discriminators number of discriminators, one per level
 * @param teachers mean teachers, 0 or 1
 * @param activationBytes feature maps kept from forward to backward, and label maps
 * @param imageSizes number of sizes that source and target images have, at least 1
 * @param sampleBytes decoded samples that a worker keeps or reads ahead
 * @param deviceCopyBytes on a GPU: weights in cuDNN's order, per image size, and feature maps in
 *     another type on the way to and from logits
 * @param outerBytes velocities of the outer step, which the driver keeps
 */
public record MemoryEstimate(
    long parameters,
    long discriminatorParameters,
    int discriminators,
    int teachers,
    long activationBytes,
    int imageSizes,
    long sampleBytes,
    long deviceCopyBytes,
    long outerBytes) {
  private static final long FLOAT = 4;
  private static final int MEBI = 20;

  /** Pixels of an image for a position of the last maps. */
  private static final int POSITION = 64;

  /** Spark and libraries on Java's heap. */
  private static final long HEAP_BYTES = 400L << MEBI;

  /** The JVM itself and native libraries. */
  private static final long NATIVE_BYTES = 300L << MEBI;

  /**
   * CUDA's and cuDNN's own in a GPU's memory, with the largest of cuDNN's workspaces (0.2 GB, for
   * gradients of the heads' weights in TF32); not measured.
   */
  private static final long CUDA_BYTES = 1536L << MEBI;

  /** Estimate for a configuration. */
  public static MemoryEstimate of(RunConfig config, int classes) {
    Model m = config.model();
    GeneratorArchitecture generator = Networks.architecture(m, classes);
    int width = m.discriminatorWidth();
    NetworkSizes judge =
        NetworkSizes.of(new DiscriminatorArchitecture(seen(config, generator), width), 0);
    List<Size> s = sizes(config.data().source());
    List<Size> t = sizes(config.data().target());
    List<Size> all = Stream.concat(s.stream(), t.stream()).distinct().toList();
    NetworkSizes largest = NetworkSizes.of(generator, largest(all));
    long map = mapBytes(config.cluster().precision());
    long batch = config.optimizer().batchSize();
    long activations = batch * map * (long) largest.activations();
    // Scores and probabilities on every level for both domains, and the discriminators' maps, for
    // every size that a domain has.
    int levels = m.levels().size();
    long pixels = batch * (sum(s) + sum(t));
    long labelMaps = pixels * FLOAT * ((2L * levels + 2) * classes + width);
    long features = features(config, generator, pixels);
    int teachers = Networks.teaches(config) ? 1 : 0;
    long labelled = teachers * batch * sum(t) * FLOAT * classes;
    Cluster.OuterNetworks outer = config.cluster().outer().networks();
    return new MemoryEstimate(
        largest.parameters(),
        judge.parameters(),
        levels,
        teachers,
        activations + labelMaps + features + labelled,
        all.size(),
        samples(config.data(), largest(s), largest(t)),
        deviceCopies(
            map,
            all.size() * ((1 + teachers) * largest.parameters() + levels * judge.parameters()),
            batch * channels(generator).max().orElseThrow() * largest(all) / POSITION),
        FLOAT
            * ((outer.generator() ? largest.parameters() : 0)
                + (outer.discriminators() ? levels * judge.parameters() : 0)));
  }

  /**
   * What the CUDA engine keeps besides, which it makes copies for.
   *
   * @param map bytes of a value of feature maps
   * @param weights of all networks, for every image size
   * @param values of the largest map that logits are computed from: where maps are of two bytes
   *     there are copies of it and of its gradient in float32
   */
  private static long deviceCopies(long map, long weights, long values) {
    return map * weights + (map == FLOAT ? 0 : 2 * FLOAT * values);
  }

  /** Bytes of a value of feature maps; "auto" may turn out to be float32. */
  private static long mapBytes(Precision precision) {
    return switch (precision) {
      case BFLOAT16, FLOAT16 -> FLOAT / 2;
      case FLOAT32, TF32, AUTO -> FLOAT;
    };
  }

  private static List<Size> sizes(List<RunConfig.Domain> domain) {
    return domain.stream().map(RunConfig.Domain::trained).distinct().toList();
  }

  /** Bytes of a labelled source sample and of a target sample, of the largest size each. */
  private static long sample(long source, long target) {
    return 3 * FLOAT * (source + target) + source;
  }

  /**
   * What a worker keeps of samples. Images are cached and decoded whole; what is ready for training
   * is as large as training sees it.
   */
  private static long samples(RunConfig.Data data, long source, long target) {
    long whole = sample(pixels(data.source()), pixels(data.target()));
    // A place ahead holds its encoded files first and its decoded sample then. The files are the
    // smaller, unless images are shrunk to less than a quarter of their pixels.
    long decoding = Math.min(data.prefetchThreads(), data.prefetchSamples());
    return (data.cacheSamples() + decoding + 1) * whole
        + (data.prefetchSamples() - decoding) * sample(source, target);
  }

  private static long pixels(List<RunConfig.Domain> domain) {
    return domain.stream().mapToLong(RunConfig.Domain::pixels).max().orElseThrow();
  }

  private static long largest(List<Size> sizes) {
    return sizes.stream().mapToLong(Size::pixels).max().orElseThrow();
  }

  private static long sum(List<Size> sizes) {
    return sizes.stream().mapToLong(Size::pixels).sum();
  }

  /** Channels that a discriminator sees, of the level with the most. */
  private static int seen(RunConfig config, GeneratorArchitecture generator) {
    return config.loss().adaptation() == Adaptation.OUTPUT
        ? generator.classes()
        : channels(generator).max().orElseThrow();
  }

  private static IntStream channels(GeneratorArchitecture generator) {
    return generator.heads().stream().mapToInt(head -> generator.channels(head.stage()));
  }

  /** Where features are adapted: upsampled features of both domains, their copy and gradient. */
  private static long features(RunConfig config, GeneratorArchitecture generator, long pixels) {
    Loss loss = config.loss();
    if (loss.adaptation() == Adaptation.OUTPUT) {
      return 0;
    }
    return 3
        * channels(generator).asLongStream().sum()
        * pixels
        / ((long) loss.featureStride() * loss.featureStride())
        * FLOAT;
  }

  /**
   * Bytes of a state, which is also a checkpoint's: parameters and momentum of the generator,
   * parameters of the teacher, parameters and two moments of every discriminator.
   */
  public long stateBytes() {
    return FLOAT * ((2 + teachers) * parameters + 3 * discriminators * discriminatorParameters);
  }

  /** A worker's part of an executor's heap: the state as sent, as read and as it goes; samples. */
  public long heapBytes() {
    return HEAP_BYTES + 3 * stateBytes() + sampleBytes;
  }

  /**
   * The driver's heap: the state, as sent, as it comes in slices, and the next one; the velocities
   * of the outer step before and after it.
   */
  public long driverBytes() {
    return HEAP_BYTES + 4 * stateBytes() + 2 * outerBytes;
  }

  /** Heap of a process that is driver and executor at once; the workers share what is sent. */
  public long localHeapBytes(int workers) {
    return driverBytes() + workers * (stateBytes() + sampleBytes);
  }

  /**
   * A worker's memory beside the heap: parameters, gradients and momentum; weights in the kernels'
   * layouts for forward and backward, per image size; feature maps. Of the teacher, which shares
   * them: parameters, gradients, which stay 0, and weights for forward.
   */
  public long nativeBytes() {
    return NATIVE_BYTES + arrayBytes();
  }

  /**
   * A worker's memory on a GPU, with the CUDA engine: the same vectors and maps, its own copies of
   * weights and maps, and CUDA's libraries; not measured.
   */
  public long gpuBytes() {
    return CUDA_BYTES + vectorBytes(0, 0) + deviceCopyBytes + activationBytes;
  }

  private long arrayBytes() {
    return vectorBytes(2L * imageSizes, imageSizes) + activationBytes;
  }

  /** Vectors of all networks, and so many copies of the weights that are trained and taught. */
  private long vectorBytes(long trained, long taught) {
    long generator = parameters * FLOAT * (3 + trained);
    long judges = discriminators * discriminatorParameters * FLOAT * (4 + trained);
    long teacher = teachers * parameters * FLOAT * (2 + taught);
    return generator + judges + teacher;
  }

  /** One line for a person about a GPU's memory. */
  public String describeGpu() {
    return String.format(
        Locale.ROOT,
        "computed: %d MB of a GPU's memory per worker (copies of weights and maps %d MB)",
        gpuBytes() >> MEBI,
        deviceCopyBytes >> MEBI);
  }

  /** Bytes of one worker on a CPU with its JVM. */
  public long workerBytes() {
    return heapBytes() + nativeBytes();
  }

  /** One line for a person. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "computed: %d MB per worker: %d MB of heap, %d MB beside it (generator %.1f M parameters, discriminators %d x %.1f M, feature and label maps %d MB); driver heap %d MB",
        workerBytes() >> MEBI,
        heapBytes() >> MEBI,
        nativeBytes() >> MEBI,
        parameters / 1e6,
        discriminators,
        discriminatorParameters / 1e6,
        activationBytes >> MEBI,
        driverBytes() >> MEBI);
  }
}
