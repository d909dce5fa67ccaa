package org.adaptseg.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class ReportBytesTest {
  private static final int INPUTS = 10_000;
  private static final long BYTES = 64L << 20;
  private static boolean ran;

  @Test
  void aReportComesBackAsItWas() throws IOException {
    RoundReport report = report();
    assertThat(ReportBytes.read(ReportBytes.write(report), RoundReport.class)).isEqualTo(report);
  }

  @Test
  void foreignTypesAreRefusedBeforeTheirCodeRuns() throws IOException {
    for (Object foreign :
        List.of(new Foreign(), new PriorityQueue<>(List.of(1)), new java.io.File("x"))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(foreign);
      }
      ran = false;
      assertThatThrownBy(() -> ReportBytes.read(bytes.toByteArray(), RoundReport.class))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("filter status: REJECTED");
      assertThat(ran).isFalse();
    }
  }

  @Test
  void aMutatedReportIsReadOrRefused() throws IOException {
    byte[] seed = ReportBytes.write(report());
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(10),
            () ->
                Fuzz.run(
                    INPUTS,
                    List.of(seed),
                    Fuzz::bytes,
                    BYTES,
                    IOException.class,
                    bytes -> ReportBytes.read(bytes, RoundReport.class)));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  private static RoundReport report() {
    Losses losses =
        new LossTerms()
            .term("segmentation", 1, 4)
            .term("adversarial", 2, 5)
            .term("discriminator", 3, 6)
            .losses();
    return new RoundReport(
        List.of(new RoundReport.Iteration(7, losses), new RoundReport.Iteration(8, losses)),
        List.of(new RoundReport.Skipped(9, "a loss", "a.png, b.png")),
        false,
        1.5,
        0.5,
        6,
        "float32 with avx2");
  }

  /** Notes that its code was run while it was read. */
  private static final class Foreign implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("UnusedMethod")
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      ran = true;
    }
  }
}
