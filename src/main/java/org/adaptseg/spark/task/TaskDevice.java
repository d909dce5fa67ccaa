package org.adaptseg.spark.task;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.engine.Device;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device of a task's worker: what Spark has assigned to it alone. */
final class TaskDevice {
  static final String RESOURCE = "gpu";

  /** What CUDA shows of the machine's GPUs to a process, in this order. */
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  private TaskDevice() {}

  /** The CPU if Spark has assigned no GPU, or there is no task of Spark's. */
  public static Device of(TaskContext context) {
    if (context == null) {
      return Device.CPU;
    }
    ResourceInformation gpus = context.resourcesJMap().get(RESOURCE);
    return gpus == null ? Device.CPU : of(Arrays.asList(gpus.addresses()), System.getenv(VISIBLE));
  }

  /**
   * @param addresses of the GPUs assigned, on the machine
   * @param visible value of {@code CUDA_VISIBLE_DEVICES}; null if all are visible
   */
  public static Device of(List<String> addresses, String visible) {
    if (addresses.size() != 1) {
      throw new IllegalStateException(
          "Cannot choose a GPU: expected one address for a task, found %s (spark.task.resource.gpu.amount)"
              .formatted(addresses));
    }
    String address = addresses.get(0).strip();
    if (visible == null) {
      if (!address.matches("\\d{1,4}")) {
        throw new IllegalStateException(
            "Cannot choose a GPU: expected an index as its address, or %s with it, found '%s'"
                .formatted(VISIBLE, address));
      }
      return Device.gpu(Integer.parseInt(address));
    }
    List<String> seen = Arrays.stream(visible.split(",")).map(String::strip).toList();
    int index = seen.indexOf(address);
    if (index >= 0) {
      return Device.gpu(index);
    }
    // A container that was given one GPU renumbers it from 0.
    if (seen.size() == 1 && !seen.get(0).isEmpty()) {
      return Device.gpu(0);
    }
    throw new IllegalStateException(
        "Cannot choose a GPU: expected address %s in %s, found '%s'"
            .formatted(address, VISIBLE, visible));
  }
}
