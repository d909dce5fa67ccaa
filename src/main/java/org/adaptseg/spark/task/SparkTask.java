package org.adaptseg.spark.task;

import org.adaptseg.engine.Device;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.engine.machine.NativeMemory;
import org.adaptseg.nn.StateNames;
import org.adaptseg.train.LearnerState;
import org.apache.spark.TaskContext;

/** What every task of a {@link SparkJob} does alike: device, memory limit and failures. */
public final class SparkTask {
  private SparkTask() {}

  /**
   * What a task does.
   *
   * @param <R> its result
   * @param <E> what it throws
   */
  public interface Body<R, E extends Exception> {
    /**
     * Computes.
     *
     * @param device that Spark has assigned to this task alone
     */
    R run(Device device) throws E;
  }

  /**
   * Runs a task whose body takes care of its own threads' devices.
   *
   * @throws IllegalStateException with what to change where a memory limit was met
   */
  public static <R, E extends Exception> R run(Body<R, E> body) throws E {
    try {
      return body.run(TaskDevice.of(TaskContext.get()));
    } catch (OutOfMemoryError | LinkageError e) {
      throw FailureCauses.inTask(e);
    }
  }

  /**
   * Runs a task that computes with a state's generator on the calling thread: there must be room
   * for it, and its arrays are on the task's device.
   *
   * @throws IllegalStateException with what to change where a memory limit is or would be met
   */
  public static <R, E extends Exception> R withGenerator(LearnerState state, Body<R, E> body)
      throws E {
    return run(
        device -> {
          NativeMemory.requireRoom(
              Float.BYTES * (long) state.values(StateNames.GENERATOR_PARAMETERS).length);
          Engines.bind(device);
          return body.run(device);
        });
  }
}
