package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever only asks what options there are does not wait for libraries that compute. */
@Tag("slow")
class HelpTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"--help", "train --help", "weights export --help"})
  void helpLoadsNoClassOfSparkNorOfWhatComputes(String arguments) throws IOException {
    Path loaded = directory.resolve("classes.txt");
    Ended ended =
        ProgramProcess.classes(List.of(arguments.split(" ")))
            .options("-Xlog:class+load:file=" + loaded)
            .run(directory, Duration.ofMinutes(2));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Usage: adaptseg");
    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains("org.adaptseg.cli.Main "))
        .noneMatch(
            line ->
                line.matches(
                    ".*\\] (org\\.apache\\.(spark|logging)|scala|org\\.nd4j|org\\.bytedeco"
                        + "|org\\.deeplearning4j)\\..*"));
  }
}
