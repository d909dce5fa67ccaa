package org.adaptseg.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * What the job jar with ND4J's backend for CUDA has besides; only in the build of it, {@code mvn
 * -Pnd4j-cuda verify}.
 */
class CudaJobJarIT {
  @Test
  void itHasBothBackendsAndTheCodeForOnePlatformOnly() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("job.jar"))) {
      ZipEntry backends = jar.getEntry("META-INF/services/org.nd4j.linalg.factory.Nd4jBackend");
      try (InputStream in = jar.getInputStream(backends)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .contains("org.nd4j.linalg.jcublas.JCublasBackend")
            .contains("org.nd4j.linalg.cpu.nativecpu.CpuBackend");
      }
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names).filteredOn(n -> n.endsWith("libnd4jcuda.so")).hasSize(1);
      assertThat(names).anyMatch(n -> n.matches("org/bytedeco/cuda/linux-x86_64/libjni.*\\.so"));
      // CUDA's own libraries are the machine's.
      assertThat(names).noneMatch(n -> n.matches(".*/libcu(blas|solver|dnn)\\.so.*"));
    }
  }
}
