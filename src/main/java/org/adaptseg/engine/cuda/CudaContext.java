package org.adaptseg.engine.cuda;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A device with one stream, on which everything happens in order: memory, launches of kernels,
 * cuDNN's handle. Copies to and from the device wait for what was begun before.
 */
final class CudaContext implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int SCALARS = 4096;

  /** What was updated in vain; whether a map had a value that is no number. */
  private static final int FLAGS = 2;

  private final int device;
  private final CUstream_st stream = new CUstream_st();
  private final cudnnContext dnn = new cudnnContext();
  private final CellType maps;
  private final boolean tensorCores;
  private final float lossScale;
  private final Map<CellType, KernelModule> kernels = new EnumMap<>(CellType.class);
  private final Arguments arguments = new Arguments();
  private final Set<DeviceMemory> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<ConvolutionPlan> plans = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, DeviceMemory> scratch = new HashMap<>();
  private final Map<String, Integer> updated = new LinkedHashMap<>();
  private final DeviceMemory flag;
  private final DeviceMemory scalars;
  private int nextScalar;

  /**
   * @param device index among those that this process sees
   * @param precision one that the device has
   * @param lossScale what gradients are multiplied by on their way, a power of 2
   */
  CudaContext(int device, Precision precision, float lossScale) {
    this.device = device;
    this.maps =
        switch (precision) {
          case BFLOAT16 -> CellType.BFLOAT16;
          case FLOAT16 -> CellType.FLOAT16;
          case FLOAT32, TF32, AUTO -> CellType.FLOAT32;
        };
    this.tensorCores = precision != Precision.FLOAT32;
    this.lossScale = lossScale;
    boolean made = false;
    try {
      bind();
      CudaStatus.cuda(
          cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking), "make a stream");
      CudaStatus.dnn(cudnn.cudnnCreate(dnn), "begin with cuDNN");
      CudaStatus.dnn(cudnn.cudnnSetStream(dnn, stream), "begin with cuDNN");
      String capability =
          ""
              + CudaEngine.attribute(cudart.cudaDevAttrComputeCapabilityMajor, device)
              + CudaEngine.attribute(cudart.cudaDevAttrComputeCapabilityMinor, device);
      for (CellType cells : EnumSet.of(CellType.FLOAT32, maps)) {
        kernels.put(cells, new KernelModule(capability, cells));
      }
      this.flag = allocate(FLAGS * Integer.BYTES, "flags");
      this.scalars = allocate((long) SCALARS * Double.BYTES, "losses");
      if (maps == CellType.FLOAT16) {
        launch(maps, "watch", 1, flag.address() + Integer.BYTES);
      }
      made = true;
    } finally {
      if (!made) {
        giveBack();
      }
    }
  }

  /** Makes the device that of the calling thread: it may be another one than before. */
  private void bind() {
    CudaStatus.cuda(cudart.cudaSetDevice(device), "use device " + device);
  }

  /** Type of feature maps and their gradients. */
  CellType maps() {
    return maps;
  }

  /** Whether convolutions may use tensor cores. */
  boolean tensorCores() {
    return tensorCores;
  }

  /** What gradients are multiplied by from the losses to the vectors of parameters' gradients. */
  float lossScale() {
    return lossScale;
  }

  cudnnContext dnn() {
    bind();
    return dnn;
  }

  /**
   * Memory of zeros, freed with the context at the latest.
   *
   * @param what it is for, for messages
   */
  DeviceMemory allocate(long bytes, String what) {
    bind();
    DeviceMemory memory = DeviceMemory.of(Math.max(1, bytes), what);
    open.add(memory);
    clear(memory.address(), bytes);
    return memory;
  }

  /** Frees memory that nothing needs any more; does nothing if that has been done. */
  void free(DeviceMemory memory) {
    if (open.remove(memory)) {
      bind();
      memory.close();
    }
  }

  /** Takes a plan, which is closed with the context at the latest. */
  void add(ConvolutionPlan plan) {
    plans.add(plan);
  }

  /** Closes a plan that nothing needs any more; does nothing if that has been done. */
  void close(ConvolutionPlan plan) {
    if (plans.remove(plan)) {
      bind();
      plan.close();
    }
  }

  /** Memory that is used again under the same name; what was in it is gone. */
  long scratch(String name, long bytes) {
    DeviceMemory memory = scratch.get(name);
    if (memory == null || memory.bytes() < bytes) {
      if (memory != null) {
        scratch.remove(name);
        free(memory);
      }
      memory = allocate(bytes, "what is in between (" + name + ")");
      scratch.put(name, memory);
    }
    return memory.address();
  }

  /** Where the next scalar goes; it stays until some thousand others were made. */
  long nextScalar() {
    nextScalar = (nextScalar + 1) % SCALARS;
    return scalars.address() + (long) nextScalar * Double.BYTES;
  }

  /** Runs a kernel, on float32 alone, in {@code threads} threads, which know their number. */
  void launch(String kernel, long threads, Object... values) {
    launch(CellType.FLOAT32, kernel, threads, values);
  }

  /** Runs a kernel on cells of a type in {@code threads} threads, which know their number. */
  void launch(CellType cells, String kernel, long threads, Object... values) {
    bind();
    long blocks = (threads + THREADS - 1) / THREADS;
    CudaStatus.driver(
        cudart.cuLaunchKernel(
            kernels.get(cells).function(kernel),
            Math.toIntExact(blocks),
            1,
            1,
            THREADS,
            1,
            1,
            0,
            stream,
            arguments.of(values),
            (PointerPointer<Pointer>) null),
        "run " + kernel);
  }

  /** Sums up float64 values in a fixed order into one. */
  void sum(long values, long count, long into) {
    int parts = (int) Math.min(THREADS, count);
    long partial = scratch("sum", (long) parts * Double.BYTES);
    launch("sum_parts", parts, values, partial, count, parts);
    launch("sum_parts", 1, partial, into, (long) parts, 1);
  }

  /** Copies n values into another type, or adds them. */
  void convert(
      long from, CellType fromCells, long to, CellType toCells, boolean accumulate, long n) {
    int adding = accumulate ? 1 : 0;
    if (fromCells != toCells) {
      boolean wide = toCells == CellType.FLOAT32;
      launch(wide ? fromCells : toCells, wide ? "widen" : "narrow", n, from, to, adding, n);
    } else if (accumulate) {
      launch(toCells, "add", n, to, from, 0, n);
    } else {
      copy(from, to, toCells.bytes(n));
    }
  }

  /** Sets bytes to 0. */
  void clear(long address, long bytes) {
    bind();
    CudaStatus.cuda(
        cudart.cudaMemsetAsync(DeviceMemory.pointer(address), 0, bytes, stream), "clear memory");
  }

  /** Copies within the device. */
  void copy(long from, long to, long bytes) {
    copy(
        DeviceMemory.pointer(to),
        DeviceMemory.pointer(from),
        bytes,
        cudart.cudaMemcpyDeviceToDevice);
  }

  private void copy(Pointer to, Pointer from, long bytes, int direction) {
    bind();
    CudaStatus.cuda(
        cudart.cudaMemcpyAsync(to, from, bytes, direction, stream), "copy " + bytes + " bytes");
  }

  private void upload(long to, Pointer from, long bytes) {
    copy(DeviceMemory.pointer(to), from, bytes, cudart.cudaMemcpyHostToDevice);
    // The copy may still read what the caller is about to free.
    await();
  }

  void upload(long to, float[] values) {
    try (FloatPointer from = new FloatPointer(values)) {
      upload(to, from, (long) values.length * Float.BYTES);
    }
  }

  void upload(long to, int[] values) {
    try (IntPointer from = new IntPointer(values)) {
      upload(to, from, (long) values.length * Integer.BYTES);
    }
  }

  void upload(long to, byte[] values) {
    try (BytePointer from = new BytePointer(values)) {
      upload(to, from, values.length);
    }
  }

  /** Waits for everything that was begun, then copies to the processor. */
  private void download(Pointer to, long from, long bytes) {
    copy(to, DeviceMemory.pointer(from), bytes, cudart.cudaMemcpyDeviceToHost);
    await();
    requireFinite();
  }

  void download(long from, float[] values, int count) {
    try (FloatPointer to = new FloatPointer(count)) {
      download(to, from, (long) count * Float.BYTES);
      to.get(values, 0, count);
    }
  }

  byte[] bytes(long from, int count) {
    try (BytePointer to = new BytePointer(count)) {
      download(to, from, count);
      byte[] values = new byte[count];
      to.get(values);
      return values;
    }
  }

  long[] longs(long from, int count) {
    try (LongPointer to = new LongPointer(count)) {
      download(to, from, (long) count * Long.BYTES);
      long[] values = new long[count];
      to.get(values);
      return values;
    }
  }

  /** A float64 value. */
  double scalar(long from) {
    try (DoublePointer to = new DoublePointer(1)) {
      download(to, from, Double.BYTES);
      return to.get();
    }
  }

  private void await() {
    CudaStatus.cuda(cudart.cudaStreamSynchronize(stream), "wait for what was begun");
  }

  /** Where an optimiser tells of values that are no numbers. */
  long flag() {
    return flag.address();
  }

  /**
   * Remembers what is updated.
   *
   * @return what the kernel writes into the flag
   */
  int updating(String name) {
    return updated.computeIfAbsent(name, added -> updated.size() + 1);
  }

  private void requireFinite() {
    if (updated.isEmpty() && maps != CellType.FLOAT16) {
      return;
    }
    int name;
    boolean overflow;
    try (IntPointer to = new IntPointer(FLAGS)) {
      long bytes = (long) FLAGS * Integer.BYTES;
      copy(to, DeviceMemory.pointer(flag()), bytes, cudart.cudaMemcpyDeviceToHost);
      await();
      name = to.get(0);
      overflow = to.get(1) != 0;
    }
    if (name != 0 || overflow) {
      clear(flag(), (long) FLAGS * Integer.BYTES);
    }
    if (name != 0) {
      throw new ArithmeticException(
          "Cannot update "
              + List.copyOf(updated.keySet()).get(name - 1)
              + ": expected finite gradients, found NaN or infinity");
    }
    if (overflow) {
      throw new Promise.OverflowException(
          String.format(
              Locale.ROOT,
              "a feature map in float16 (at most 65504), or the gradient of one times cluster.loss-scale (%.0f),",
              lossScale));
    }
  }

  @Override
  public void close() {
    bind();
    await();
    giveBack();
  }

  private void giveBack() {
    List.copyOf(plans).forEach(this::close);
    List.copyOf(open).forEach(this::free);
    kernels.values().forEach(KernelModule::close);
    if (!dnn.isNull()) {
      CudaStatus.dnn(cudnn.cudnnDestroy(dnn), "end with cuDNN");
    }
    if (!stream.isNull()) {
      CudaStatus.cuda(cudart.cudaStreamDestroy(stream), "end the stream");
    }
    arguments.close();
  }
}
