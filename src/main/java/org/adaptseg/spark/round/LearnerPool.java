package org.adaptseg.spark.round;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.adaptseg.engine.Device;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;

/**
 * The idle learners of this JVM, kept between rounds because they are expensive to make. It is only
 * a cache: a learner's result never depends on what it did before. A borrowed learner belongs to
 * one task alone, so several tasks may run in one JVM at once.
 *
 * <p>Idle learners of one factory only are kept: when a task asks for another kind, a new run has
 * begun in this JVM and the old networks would only hold memory.
 */
final class LearnerPool {
  private static final Deque<Lease> IDLE = new ArrayDeque<>();

  private LearnerPool() {}

  /** A borrowed learner. Closing the lease closes the learner, unless it was returned before. */
  static final class Lease implements AutoCloseable {
    private final String key;
    private final int worker;
    private final Device device;
    private final Learner learner;
    private boolean returned;

    private Lease(String key, int worker, Device device, Learner learner) {
      this.key = key;
      this.worker = worker;
      this.device = device;
      this.learner = learner;
    }

    Learner learner() {
      return learner;
    }

    /** Gives the learner back for other tasks; only one whose work ended well is fit for that. */
    void giveBack() {
      returned = true;
      synchronized (IDLE) {
        IDLE.addFirst(new Lease(key, worker, device, learner));
      }
    }

    @Override
    public void close() {
      if (!returned) {
        learner.close();
      }
    }
  }

  /**
   * A learner for this task alone, on its device: one that worked for the same worker last, if
   * there is one (its cached samples are the right ones), else any idle one, else a new one.
   */
  static Lease borrow(LearnerFactory factory, int worker, Device device) {
    String key = factory.cacheKey();
    List<Lease> foreign = new ArrayList<>();
    Lease found = null;
    synchronized (IDLE) {
      for (Iterator<Lease> leases = IDLE.iterator(); leases.hasNext(); ) {
        Lease lease = leases.next();
        if (!lease.key.equals(key)) {
          foreign.add(lease);
          leases.remove();
        } else if (lease.device.equals(device) && (found == null || lease.worker == worker)) {
          found = lease;
        }
      }
      if (found != null) {
        IDLE.remove(found);
      }
    }
    foreign.forEach(Lease::close);
    Learner learner = found == null ? factory.create(device) : found.learner;
    return new Lease(key, worker, device, learner);
  }

  /** Closes the idle learners of this JVM. */
  static void closeIdle() {
    List<Lease> leases;
    synchronized (IDLE) {
      leases = List.copyOf(IDLE);
      IDLE.clear();
    }
    leases.forEach(Lease::close);
  }

  /** Number of idle learners in this JVM. */
  static int idle() {
    synchronized (IDLE) {
      return IDLE.size();
    }
  }
}
