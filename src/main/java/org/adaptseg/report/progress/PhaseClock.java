package org.adaptseg.report.progress;

import java.util.List;
import java.util.function.LongSupplier;
import org.adaptseg.config.RunConfig.PhasePlan;

/** Which phase of its schedule a run is in, and its pace there. */
final class PhaseClock {
  private final List<PhasePlan> phases;
  private final LongSupplier nanos;
  private int phase;
  private long begin;
  private Pace pace;

  /**
   * @param phases at least one
   */
  PhaseClock(List<PhasePlan> phases, LongSupplier nanos) {
    this.phases = List.copyOf(phases);
    this.nanos = nanos;
  }

  /** The run starts or resumes after this many of its iterations. */
  void start(long iteration) {
    while (phase + 1 < phases.size() && begin + length() <= iteration) {
      begin += length();
      phase++;
    }
    pace = new Pace(length(), iteration - begin, nanos);
  }

  private long length() {
    return phases.get(phase).iterations();
  }

  /** Sets the iterations made of the run; those of later phases do not count. */
  void reach(double iteration) {
    pace.reach(iteration - begin);
  }

  boolean isLastPhase() {
    return phase + 1 == phases.size();
  }

  /** Moves to the next phase. */
  void next() {
    start(begin + length());
  }

  /** The phase as configurations call it. */
  String name() {
    return phases.get(phase).phase().key();
  }

  /** The pace of the phase. */
  Pace pace() {
    return pace;
  }
}
