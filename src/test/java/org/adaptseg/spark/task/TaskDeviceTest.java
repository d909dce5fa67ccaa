package org.adaptseg.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.engine.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskDeviceTest {
  @Test
  void anAddressIsTheDevicesIndexWhereAllAreVisible() {
    assertThat(TaskDevice.of(List.of("3"), null)).isEqualTo(Device.gpu(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | 2,3 | 0",
        "3 | 2, 3 | 1",
        "GPU-4af1 | GPU-77,GPU-4af1 | 1",
        "2 | 0 | 0",
        "5|7|0"
      })
  void anAddressIsFoundAmongThoseThatTheProcessSees(String address, String visible, int index) {
    assertThat(TaskDevice.of(List.of(address), visible)).isEqualTo(Device.gpu(index));
  }

  @Test
  void anAddressThatCannotBeFoundIsAnErrorAndNotAnotherWorkersGpu() {
    assertThatThrownBy(() -> TaskDevice.of(List.of("3"), "0,1"))
        .hasMessage("Cannot choose a GPU: expected address 3 in CUDA_VISIBLE_DEVICES, found '0,1'");
    assertThatThrownBy(() -> TaskDevice.of(List.of("3"), "")).hasMessageContaining("found ''");
    assertThatThrownBy(() -> TaskDevice.of(List.of("GPU-4af1"), null))
        .hasMessageContaining("expected an index as its address");
    assertThatThrownBy(() -> TaskDevice.of(List.of("0", "1"), null))
        .hasMessageContaining("expected one address for a task, found [0, 1]");
  }
}
