package org.adaptseg.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.ParameterSlice;

/**
 * Which values of a state are trained, rather than counted (running statistics), kept by an
 * optimiser or frozen.
 *
 * @param networks the networks in the state's order, each with the values of one vector
 */
public record TrainedValues(List<Network> networks) implements Serializable {
  /** Nothing is known to be trained. */
  public static final TrainedValues NONE = new TrainedValues(List.of());

  public TrainedValues {
    networks = List.copyOf(networks);
  }

  /**
   * The trained values of a network.
   *
   * @param name for example {@code generator} or {@code discriminator-aux}
   * @param vector name of its vector in the state
   * @param ranges in order, apart
   */
  public record Network(String name, String vector, List<Range> ranges) implements Serializable {
    public Network {
      ranges = List.copyOf(ranges);
    }

    /** The trained tensors of a flat vector. */
    static Network of(String name, String vector, List<ParameterSlice> slices) {
      List<Range> ranges = new ArrayList<>();
      for (ParameterSlice slice : slices) {
        long end = slice.offset() + slice.length();
        int last = ranges.size() - 1;
        if (!slice.role().trained()) {
          continue;
        }
        if (last >= 0 && ranges.get(last).to() == slice.offset()) {
          ranges.set(last, new Range(ranges.get(last).from(), end));
        } else {
          ranges.add(new Range(slice.offset(), end));
        }
      }
      return new Network(name, vector, ranges);
    }
  }

  /**
   * Values of a vector.
   *
   * @param from the first
   * @param to the one after the last
   */
  public record Range(long from, long to) implements Serializable {}
}
