package org.adaptseg.engine.onednn;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.host.AlignedMemory;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** oneDNN's engine, stream, descriptors and shared scratch of one worker. */
final class DnnlContext implements AutoCloseable {
  final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
  final stream stream = new stream(engine);

  /** Type of feature maps and of their gradients. */
  final memory.data_type maps;

  /** Channels per block of the activation layout: what oneDNN picks on this processor. */
  final int block;

  private final memory.format_tag blocked;
  private final Map<String, AlignedMemory> scratch = new HashMap<>();
  private final Map<Layouts, DnnlReorder> reorders = new HashMap<>();
  private final Set<AlignedMemory> allocated = Collections.newSetFromMap(new IdentityHashMap<>());

  private record Layouts(Tensor.Kind from, Tensor.Kind to, FeatureShape shape) {}

  /**
   * @param maps type of feature maps, float32 or bfloat16
   */
  DnnlContext(memory.data_type maps) {
    this.maps = maps;
    this.block = preferredBlock(engine);
    this.blocked = block == 16 ? memory.format_tag.nChw16c : memory.format_tag.nChw8c;
  }

  /** Channels per block that oneDNN prefers for an ordinary convolution on this processor. */
  private static int preferredBlock(engine engine) {
    memory.desc x = desc(memory.format_tag.any, 1, 64, 32, 32);
    memory.desc w = desc(memory.format_tag.any, 64, 64, 3, 3);
    long[] one = {1, 1};
    try (var made =
        new convolution_forward.primitive_desc(
            new convolution_forward.desc(
                prop_kind.forward_training,
                algorithm.convolution_direct,
                x,
                w,
                desc(memory.format_tag.any, 1, 64, 32, 32),
                one,
                new long[] {0, 0},
                one,
                one),
            engine,
            false)) {
      var blocking = made.src_desc().data().format_desc_blocking();
      return blocking.inner_nblks() == 1 && blocking.inner_blks().get(0) == 16 ? 16 : 8;
    }
  }

  /** Whether feature maps are in bfloat16. */
  boolean halves() {
    return maps == memory.data_type.bf16;
  }

  /** A feature map in the kept layout and type. */
  memory.desc blocked(FeatureShape s) {
    return blocked(s, maps);
  }

  /** A map in the kept layout and a type. */
  memory.desc blocked(FeatureShape s, memory.data_type type) {
    return desc(type, blocked, s.images(), s.channels(), s.height(), s.width());
  }

  memory.desc nchw(FeatureShape s, memory.data_type type) {
    return desc(type, memory.format_tag.nchw, s.images(), s.channels(), s.height(), s.width());
  }

  memory.desc nhwc(FeatureShape s) {
    return desc(memory.format_tag.nhwc, s.images(), s.channels(), s.height(), s.width());
  }

  /** Float32. */
  static memory.desc desc(memory.format_tag tag, long... dims) {
    return desc(memory.data_type.f32, tag, dims);
  }

  static memory.desc desc(memory.data_type type, memory.format_tag tag, long... dims) {
    return new memory.desc(dims, type, tag);
  }

  /** Values that lie {@code strides} apart, of a part of an array for example. */
  static memory.desc strided(memory.data_type type, long[] dims, long[] strides) {
    return new memory.desc(dims, type, strides);
  }

  /** Bytes of a value. */
  static int width(memory.data_type type) {
    return type == memory.data_type.bf16 ? 2 : 4;
  }

  /** The type of the values of a kind of tensor. */
  memory.data_type type(Tensor.Kind kind) {
    return kind == Tensor.Kind.MAP ? maps : memory.data_type.f32;
  }

  /** The layout of a tensor. */
  memory.desc desc(Tensor.Kind kind, FeatureShape shape) {
    return switch (kind) {
      case MAP, LOGITS -> blocked(shape, type(kind));
      case IMAGE -> nchw(shape, memory.data_type.f32);
      case PIXELS -> nhwc(shape);
    };
  }

  /** A memory whose data are set before each use. */
  memory unbound(memory.desc desc) {
    return new memory(desc, engine, new Pointer());
  }

  /** The place {@code bytes} behind a pointer. */
  static Pointer behind(Pointer pointer, long bytes) {
    return new BytePointer(pointer).getPointer(bytes);
  }

  /** Attributes of a primitive that takes its scratchpad from {@link DnnlCall#inScratch}. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    return attributes;
  }

  /** Points a memory at a tensor. */
  static void bind(memory m, Tensor tensor) {
    m.set_data_handle(DnnlTensor.pointer(tensor));
  }

  /** Points a memory at a vector. */
  static void bind(memory m, Vector vector) {
    m.set_data_handle(DnnlVector.pointer(vector));
  }

  /** A change of layout from a kind of tensor to another. */
  DnnlReorder reorder(Tensor.Kind from, Tensor.Kind to, FeatureShape shape) {
    return reorders.computeIfAbsent(
        new Layouts(from, to, shape),
        k -> new DnnlReorder(this, desc(from, shape), desc(to, shape), false));
  }

  /** Memory of zeros that is given back with {@link #free}, or with this. */
  AlignedMemory allocate(long bytes) {
    AlignedMemory memory = AlignedMemory.zeros(bytes);
    allocated.add(memory);
    return memory;
  }

  void free(AlignedMemory memory) {
    if (allocated.remove(memory)) {
      memory.free();
    }
  }

  /**
   * Memory shared by all operators of this context, one array per slot name, grown as needed. What
   * it holds lasts until the next operator that uses the slot.
   */
  FloatPointer scratch(String slot, long bytes) {
    AlignedMemory have = scratch.get(slot);
    if (have == null || have.capacity() < bytes) {
      if (have != null) {
        scratch.remove(slot); // first: there may be no memory for another
        have.free();
      }
      have = AlignedMemory.of(bytes);
      scratch.put(slot, have);
    }
    return have.aligned();
  }

  /**
   * A slot of {@link #scratch} that is zero when it is made. Whoever uses it writes the same part
   * of it each time, so that the rest stays zero; the name says which part.
   */
  FloatPointer zeroPadded(String slot, long bytes) {
    boolean made = scratch.containsKey(slot);
    FloatPointer memory = scratch(slot, bytes);
    if (!made) {
      Pointer.memset(memory, 0, bytes);
    }
    return memory;
  }

  @Override
  public void close() {
    reorders.values().forEach(DnnlReorder::close);
    reorders.clear();
    scratch.values().forEach(AlignedMemory::free);
    scratch.clear();
    allocated.forEach(AlignedMemory::free);
    allocated.clear();
    stream.close();
    engine.close();
  }
}
