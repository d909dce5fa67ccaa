package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.junit.jupiter.api.Test;

class NetworkCloseTest {
  @Test
  void aClosedNetworkHasGivenItsVectorsBackWithoutCollectingTheHeap() {
    try (Engine engine = new OneDnnEngine()) {
      Discriminator network = new Discriminator(new DiscriminatorArchitecture(3, 4), engine);
      Vector part = network.parameter(network.slices().get(0));
      long before = collectionsOfTheHeap();

      network.close();

      assertThat(collectionsOfTheHeap()).isEqualTo(before);
      assertThatThrownBy(() -> network.parameters().read()).hasMessageContaining("closed");
      assertThatThrownBy(() -> network.gradients().read()).hasMessageContaining("closed");
      assertThatThrownBy(part::read).hasMessageContaining("closed");
    }
  }

  @Test
  void theCountSeesWhatAProgramAsksFor() {
    long before = collectionsOfTheHeap();
    System.gc();
    assertThat(collectionsOfTheHeap()).isGreaterThan(before);
  }

  private static long collectionsOfTheHeap() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> bean.getName().matches(".*(Old|MarkSweep).*"))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
