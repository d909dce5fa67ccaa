package org.adaptseg.spark.round;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.train.LearnerState;

/**
 * How a state is cut into slices of nearly equal length, equally many in each of its parts. A task
 * averages one part and returns it; a slice is one record. Slices are cut from the concatenation of
 * all vectors, so a slice may span several vectors and a vector several slices. A slice travels as
 * little-endian float32, or in part as {@link Differences} ({@link StateSlice}), and is averaged
 * and returned as a {@code byte[]}.
 *
 * @param names vector names, in order
 * @param lengths vector lengths, in the same order
 * @param parts number of parts, at least 1; {@code cluster.slices} is the most
 * @param slicesInPart number of slices in each part, at least 1
 * @param differences what workers send as differences
 */
record StateLayout(
    List<String> names, List<Integer> lengths, int parts, int slicesInPart, Differences differences)
    implements Serializable {
  /** Spark reads a task's result from one buffer, as long as a Java array at most. */
  private static final long LARGEST_PART = Integer.MAX_VALUE / Float.BYTES - 16;

  StateLayout {
    names = List.copyOf(names);
    lengths = List.copyOf(lengths);
    long size = lengths.stream().mapToLong(Integer::longValue).sum();
    if (parts < 1 || (size + parts - 1) / parts > LARGEST_PART) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot cut a state of %d values: expected at least %d slices, found %d (cluster.slices)",
              size,
              Math.max(1, (size + LARGEST_PART - 1) / LARGEST_PART),
              parts));
    }
    if (slicesInPart < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot cut a part: expected at least 1 slice, found %d", slicesInPart));
    }
  }

  /** A layout of which workers send all values as they are. */
  StateLayout(List<String> names, List<Integer> lengths, int parts, int slicesInPart) {
    this(names, lengths, parts, slicesInPart, Differences.NONE);
  }

  /** The same slices, some values of which are sent as differences. */
  StateLayout sending(Differences some) {
    return new StateLayout(names, lengths, parts, slicesInPart, some);
  }

  static StateLayout of(LearnerState state, int parts, int slicesInPart) {
    List<String> names = state.vectors().stream().map(LearnerState.Vector::name).toList();
    List<Integer> lengths = state.vectors().stream().map(v -> v.values().length).toList();
    return new StateLayout(names, lengths, parts, slicesInPart);
  }

  /** Number of slices in all parts together. */
  int slices() {
    return parts * slicesInPart;
  }

  /** Number of values in all vectors together. */
  long size() {
    return lengths.stream().mapToLong(Integer::longValue).sum();
  }

  /** Index of the first value of a slice; {@code start(slices)} is the size. */
  long start(int slice) {
    // size * slice stays below 2^63: at most 2^31 vectors' worth of values would be needed.
    return size() * slice / slices();
  }

  /** Bytes of a slice as a worker sends it. */
  int sentBytes(int slice) {
    return Math.toIntExact(differences.sentBytes(start(slice), start(slice + 1)));
  }

  /** Bytes of all slices as a worker sends them. */
  long sentBytes() {
    return differences.sentBytes(0, size());
  }

  /** Checks that a state has this layout's vectors. */
  void require(LearnerState state, String where) {
    StateLayout found = of(state, parts, slicesInPart);
    if (!found.names.equals(names) || !found.lengths.equals(lengths)) {
      throw new IllegalStateException(
          "Cannot average states: expected vectors %s, found %s (%s)"
              .formatted(describe(), found.describe(), where));
    }
  }

  private String describe() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      parts.add(names.get(i) + "[" + lengths.get(i) + "]");
    }
    return parts.toString();
  }

  /** A slice in place, within a state's vectors: one view of each vector it has values of. */
  List<FloatBuffer> views(LearnerState state, int slice) {
    long from = start(slice);
    long to = start(slice + 1);
    List<FloatBuffer> views = new ArrayList<>();
    long offset = 0;
    for (LearnerState.Vector vector : state.vectors()) {
      int length = vector.values().length;
      int first = (int) Math.min(Math.max(from - offset, 0), length);
      int end = (int) Math.min(Math.max(to - offset, 0), length);
      if (end > first) {
        views.add(FloatBuffer.wrap(vector.values(), first, end - first));
      }
      offset += length;
    }
    return views;
  }

  /** A new state with every value 0, for {@link #decode} to fill. */
  LearnerState allocate() {
    List<LearnerState.Vector> vectors = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      vectors.add(new LearnerState.Vector(names.get(i), new float[lengths.get(i)]));
    }
    return new LearnerState(vectors);
  }

  /** Writes one slice into a state made by {@link #allocate}. */
  void decode(byte[] encoded, int slice, LearnerState into) {
    long from = start(slice);
    long to = start(slice + 1);
    if (encoded.length != (to - from) * Float.BYTES) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot read a slice: expected %d bytes, found %d (slice %d of %d)",
              (to - from) * Float.BYTES,
              encoded.length,
              slice,
              slices()));
    }
    FloatBuffer floats = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    int at = 0;
    for (FloatBuffer view : views(into, slice)) {
      view.put(view.position(), floats, at, view.remaining());
      at += view.remaining();
    }
  }
}
