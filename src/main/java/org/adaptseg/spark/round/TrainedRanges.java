package org.adaptseg.spark.round;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.TrainedValues;

/**
 * Which values of all vectors of a state, one after the other, are trained.
 *
 * @param networks names of the networks
 * @param ranges in order, apart
 */
record TrainedRanges(List<String> networks, List<Range> ranges) implements Serializable {
  static final TrainedRanges NONE = new TrainedRanges(List.of(), List.of());

  /**
   * Trained values of a network.
   *
   * @param network its index
   * @param from the first
   * @param to the one after the last
   */
  record Range(int network, long from, long to) implements Serializable {}

  TrainedRanges {
    networks = List.copyOf(networks);
    ranges = List.copyOf(ranges);
  }

  /** Where the trained values lie in a state; a network without a vector in it has none. */
  static TrainedRanges of(TrainedValues trained, LearnerState state) {
    List<Range> ranges = new ArrayList<>();
    long offset = 0;
    for (LearnerState.Vector vector : state.vectors()) {
      for (int n = 0; n < trained.networks().size(); n++) {
        TrainedValues.Network network = trained.networks().get(n);
        if (network.vector().equals(vector.name())) {
          for (TrainedValues.Range range : network.ranges()) {
            ranges.add(new Range(n, offset + range.from(), offset + range.to()));
          }
        }
      }
      offset += vector.values().length;
    }
    return new TrainedRanges(
        trained.networks().stream().map(TrainedValues.Network::name).toList(), ranges);
  }

  /**
   * How far apart the workers of a round are, by network: ‖x − mean‖ ÷ ‖mean − before‖, the root
   * mean square over the workers. Around 1 and above, the workers' own ways are as long as the
   * common one. A network that the round did not train has none.
   */
  Map<String, Double> divergence(LearnerState before, Averaging.Averaged averaged, int workers) {
    double[] moved = new double[networks.size()];
    long offset = 0;
    for (int v = 0; v < before.vectors().size(); v++) {
      float[] from = before.vectors().get(v).values();
      float[] to = averaged.mean().vectors().get(v).values();
      for (Range range : within(offset, offset + from.length)) {
        double sum = 0;
        for (int i = (int) (range.from() - offset); i < range.to() - offset; i++) {
          double difference = to[i] - (double) from[i];
          sum += difference * difference;
        }
        moved[range.network()] += sum;
      }
      offset += from.length;
    }
    Map<String, Double> divergence = new LinkedHashMap<>();
    for (int n = 0; n < moved.length; n++) {
      if (moved[n] > 0) {
        divergence.put(networks.get(n), Math.sqrt(averaged.spread().get(n) / workers / moved[n]));
      }
    }
    return divergence;
  }

  /** Those with values of a stretch. */
  List<Range> within(long from, long to) {
    return ranges.stream().filter(range -> range.from() < to && range.to() > from).toList();
  }
}
