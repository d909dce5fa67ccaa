package org.adaptseg.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.adaptseg.config.RunConfig;
import org.adaptseg.train.schedule.Schedule;

/**
 * Time, bytes and cost of a run with other numbers of workers, each on a machine of its own, from
 * what iterations and rounds take with the configured number. Evaluations and checkpoints are not
 * in it. {@code docs/operations.md} has the formulas in words.
 *
 * @param config the run
 * @param round what its rounds move
 * @param cost with the configured number of workers
 */
public record ClusterEstimate(RunConfig config, RoundEstimate round, RoundCost cost) {
  /** Of the time, at most so much is to be averaging. */
  public static final double SHARE = 0.05;

  /** Of a network card, for what is not measured. */
  public static final double TEN_GIGABIT = 1.25e9;

  private static final int MOST_WORKERS = 64;
  private static final double SECONDS_OF_AN_HOUR = 3600;

  /**
   * A number of workers.
   *
   * @param iterations of each of them
   * @param rounds of the run
   * @param hours of the run
   * @param averaging share of the time that is not iterations
   * @param bytes that the run sends over the network
   */
  public record Row(
      int workers, long iterations, int rounds, double hours, double averaging, double bytes) {
    /** Hours of all workers together. */
    public double workerHours() {
      return workers * hours;
    }
  }

  /** The run with another number of workers, all else as configured. */
  public Row row(int workers) {
    RunConfig other = config.with(config.cluster().with(workers));
    Schedule schedule = Schedule.of(other);
    long iterations = schedule.totalIterations();
    int rounds = schedule.rounds();
    double averaging = rounds * averagingSeconds(workers);
    double seconds = iterations * cost.iterationSeconds() + averaging;
    return new Row(
        workers,
        iterations,
        rounds,
        seconds / SECONDS_OF_AN_HOUR,
        averaging / seconds,
        (double) rounds * round.of(workers).networkBytes());
  }

  /** Of averaging, what scheduling takes stays, and the rest grows with what a machine moves. */
  private double averagingSeconds(int workers) {
    double fixed = Math.min(cost.averagingSeconds(), RoundEstimate.ROUND_SECONDS);
    double grows = round.of(workers).movedBytes() / round.movedBytes();
    return fixed + (cost.averagingSeconds() - fixed) * grows;
  }

  /** 1, 2, 4 and on to 64 workers. */
  public List<Row> rows() {
    return IntStream.iterate(1, n -> n <= MOST_WORKERS, n -> 2 * n).mapToObj(this::row).toList();
  }

  /**
   * Lines for a person.
   *
   * @param price of a worker's hour, in any currency
   */
  public List<String> describe(OptionalDouble price) {
    List<Row> rows = rows();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "averaging: %.3g s a round, %.3g s an iteration: it takes at most %.0f %% of the time with a cluster.averaging-interval of %d or more; a proposal, nothing chooses it",
            cost.averagingSeconds(),
            cost.iterationSeconds(),
            100 * SHARE,
            cost.leastInterval(SHARE)));
    lines.add(
        "workers  iterations  rounds      hours  speed-up  averaging  worker-hours  sent in TB"
            + (price.isPresent() ? "        cost" : ""));
    for (Row row : rows) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%7d  %10d  %6d  %9.2f  %8.2f  %8.1f%%  %12.1f  %10.3f",
                  row.workers(),
                  row.iterations(),
                  row.rounds(),
                  row.hours(),
                  rows.get(0).hours() / row.hours(),
                  100 * row.averaging(),
                  row.workerHours(),
                  row.bytes() / 1e12)
              + (price.isPresent()
                  ? String.format(Locale.ROOT, "  %10.2f", price.getAsDouble() * row.workerHours())
                  : ""));
    }
    lines.add(limit(rows));
    return lines;
  }

  private String limit(List<Row> rows) {
    String driver =
        String.format(
            Locale.ROOT,
            "driver: in a round it sends a state of %d MB and receives one, %.3g s at 10 Gbit/s, whatever the number of workers; ",
            round.stateBytes() >> 20,
            2 * round.stateBytes() / TEN_GIGABIT);
    return driver
        + rows.stream()
            .filter(row -> row.averaging() > 0.5)
            .findFirst()
            .map(
                row ->
                    String.format(
                        Locale.ROOT,
                        "from %d workers on, averaging takes more than half of the time",
                        row.workers()))
            .orElse("up to 64 workers, averaging takes less than half of the time");
  }
}
