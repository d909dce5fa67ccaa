package org.adaptseg.spark.round;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainedValues;

/**
 * Which values of all vectors of a state, one after the other, workers send as differences in
 * bfloat16 to what the round began with, as {@code cluster.exchange: bfloat16} says: trained
 * parameters and what the optimisers keep. Running statistics and frozen parameters are sent as
 * they are, in float32.
 *
 * @param ranges in order, apart
 */
record Differences(List<Stretch> ranges) implements Serializable {
  /** All values are sent as they are. */
  static final Differences NONE = new Differences(List.of());

  /**
   * Values that are sent alike.
   *
   * @param from the first
   * @param to the one after the last
   * @param different whether they are sent as differences
   */
  record Stretch(long from, long to, boolean different) implements Serializable {}

  Differences {
    ranges = List.copyOf(ranges);
  }

  /** The differences of a state; none where it is not known what is trained. */
  static Differences of(TrainedValues trained, LearnerState state) {
    if (trained.networks().isEmpty()) {
      return NONE;
    }
    List<Stretch> ranges = new ArrayList<>();
    long offset = 0;
    for (LearnerState.Vector vector : state.vectors()) {
      int length = vector.values().length;
      Optional<TrainedValues.Network> network =
          trained.networks().stream().filter(n -> n.vector().equals(vector.name())).findFirst();
      if (network.isPresent()) {
        for (TrainedValues.Range range : network.get().ranges()) {
          ranges.add(new Stretch(offset + range.from(), offset + range.to(), true));
        }
      } else {
        ranges.add(new Stretch(offset, offset + length, true));
      }
      offset += length;
    }
    return new Differences(ranges);
  }

  /** A part of the state in stretches, in order, that together are all of it. */
  List<Stretch> within(long from, long to) {
    List<Stretch> stretches = new ArrayList<>();
    long at = from;
    for (Stretch range : ranges) {
      long begin = Math.max(range.from(), from);
      long end = Math.min(range.to(), to);
      if (begin < end) {
        if (at < begin) {
          stretches.add(new Stretch(at, begin, false));
        }
        stretches.add(new Stretch(begin, end, true));
        at = end;
      }
    }
    if (at < to) {
      stretches.add(new Stretch(at, to, false));
    }
    return stretches;
  }

  /** Bytes of a part of the state as a worker sends it. */
  long sentBytes(long from, long to) {
    return within(from, to).stream()
        .mapToLong(s -> (s.to() - s.from()) * (s.different() ? Short.BYTES : Float.BYTES))
        .sum();
  }

  /** Makes of the mean of what was sent the mean of states. */
  void addTo(LearnerState mean, LearnerState before) {
    long offset = 0;
    for (int v = 0; v < before.vectors().size(); v++) {
      float[] values = mean.vectors().get(v).values();
      float[] begin = before.vectors().get(v).values();
      for (Stretch stretch : ranges.isEmpty() ? ranges : within(offset, offset + values.length)) {
        if (stretch.different()) {
          add(values, begin, (int) (stretch.from() - offset), (int) (stretch.to() - offset));
        }
      }
      offset += values.length;
    }
  }

  private static void add(float[] values, float[] begin, int from, int to) {
    for (int i = from; i < to; i++) {
      // What nobody moved keeps its bits, the sign of a zero, too.
      values[i] = values[i] == 0 ? begin[i] : begin[i] + values[i];
    }
  }
}
