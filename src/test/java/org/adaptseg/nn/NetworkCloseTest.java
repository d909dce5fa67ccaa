package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class NetworkCloseTest {
  @Test
  void aClosedNetworkHasGivenItsVectorsBackWithoutCollectingTheHeap() {
    try (Kernels kernels = new OneDnnKernels()) {
      Discriminator network = new Discriminator(new DiscriminatorArchitecture(3, 4), kernels);
      INDArray parameters = network.graph.params();
      INDArray gradients = network.graph.getFlattenedGradients();
      long before = collectionsOfTheHeap();

      network.close();

      assertThat(collectionsOfTheHeap()).isEqualTo(before);
      assertThat(parameters.wasClosed()).isTrue();
      assertThat(gradients.wasClosed()).isTrue();
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
