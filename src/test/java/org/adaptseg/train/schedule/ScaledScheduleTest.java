package org.adaptseg.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

class ScaledScheduleTest {
  private static RunConfig config(int workers, String... more) {
    String[] all = new String[more.length + 6];
    all[0] =
        "schedule.phases=[{phase: source-only, iterations: 41}, {phase: adversarial, iterations: 160}]";
    all[1] = "output.checkpoint-interval=50";
    all[2] = "evaluation.interval=30";
    all[3] = "optimizer.decay.total-iterations=250";
    all[4] = "optimizer.generator.learning-rate=0.01";
    all[5] = "cluster.workers=" + workers;
    System.arraycopy(more, 0, all, 6, more.length);
    return TinyRun.config(all);
  }

  @Test
  void fourWorkersMakeAQuarterOfEverything() {
    ScaledSchedule scaled = ScaledSchedule.of(config(4));

    // 41 / 4 and 201 / 4 rounded up are 11 and 51.
    assertThat(scaled.phases())
        .containsExactly(
            new PhasePlan(Phase.SOURCE_ONLY, 11), new PhasePlan(Phase.ADVERSARIAL, 40));
    assertThat(scaled.decayIterations()).isEqualTo(63);
    assertThat(scaled.evaluationInterval()).isEqualTo(8);
    assertThat(scaled.checkpointInterval()).isEqualTo(13);
    // A twentieth of 51.
    assertThat(scaled.warmup()).isEqualTo(new Warmup(3, 1, 4));
  }

  @Test
  void oneWorkerAndScalingOfWorkLeaveAllAsStated() {
    ScaledSchedule stated =
        new ScaledSchedule(
            List.of(new PhasePlan(Phase.SOURCE_ONLY, 41), new PhasePlan(Phase.ADVERSARIAL, 160)),
            250,
            30,
            50,
            Warmup.NONE,
            Warmup.NONE);

    assertThat(ScaledSchedule.of(config(1))).isEqualTo(stated);
    assertThat(ScaledSchedule.of(config(4, "cluster.scaling=work"))).isEqualTo(stated);
    LearningRates rates = LearningRates.of(config(1));
    for (long t = 0; t < 201; t++) {
      assertThat(rates.generatorAt(t)).isEqualTo(rates.generator().at(t));
    }
  }

  @Test
  void everyPhaseKeepsAnIterationAndTheDecayOutlastsThem() {
    ScaledSchedule scaled =
        ScaledSchedule.of(
            config(
                8,
                "schedule.phases=[{phase: source-only, iterations: 1}, {phase: adversarial, iterations: 2}]",
                "optimizer.decay.total-iterations=3",
                "evaluation.interval=0"));

    assertThat(scaled.phases().stream().map(PhasePlan::iterations)).containsExactly(1L, 1L);
    assertThat(scaled.decayIterations()).isEqualTo(2);
    assertThat(scaled.evaluationInterval()).isZero();
    assertThat(scaled.checkpointInterval()).isEqualTo(7);
  }

  @Test
  void theGeneratorsRateRisesInALineAndTheDiscriminatorsStays() {
    LearningRates rates =
        LearningRates.of(config(4, "cluster.warmup=0.08", "optimizer.decay.power=0"));

    // 0.08 of 51 iterations are 4; from 0.01 to four times that.
    assertThat(List.of(rates.generatorAt(0), rates.generatorAt(1), rates.generatorAt(3)))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-15 ? 0 : 1)
        .containsExactly(0.01, 0.0175, 0.0325);
    assertThat(rates.generatorAt(4)).isEqualTo(0.04);
    assertThat(rates.at(Phase.ADVERSARIAL, 50))
        .containsEntry("generator", 0.04)
        .containsEntry("heads", 0.4)
        .containsEntry("discriminator", 0.0001);
  }

  @Test
  void theRateMayGrowByTheRootOrNotAtAll() {
    LearningRates root = LearningRates.of(config(4, "cluster.rate-scaling=square-root"));
    LearningRates none = LearningRates.of(config(4, "cluster.rate-scaling=none"));

    assertThat(root.generatorAt(30)).isCloseTo(2 * root.generator().at(30), within(1e-15));
    assertThat(none.warmup()).isEqualTo(Warmup.NONE);
  }

  @Test
  void theGeneratorsRateRisesAtTheBeginningAsConfigured() {
    LearningRates rates =
        LearningRates.of(
            config(
                1,
                "optimizer.warmup={iterations: 10, start: 0.2}",
                "optimizer.decay={power: 1, total-iterations: 201}"));

    // (1 - t/201) * (0.2 + 0.8 t/10) * 0.01, as mmcv does: the decay goes on meanwhile.
    assertThat(rates.generatorAt(0)).isEqualTo(0.002);
    assertThat(rates.generatorAt(5)).isCloseTo(0.01 * 196 / 201 * 0.6, within(1e-15));
    assertThat(rates.generatorAt(10)).isCloseTo(0.01 * 191 / 201, within(1e-15));
    assertThat(rates.generatorAt(100)).isCloseTo(0.01 * 101 / 201, within(1e-15));
    assertThat(rates.at(Phase.ADVERSARIAL, 0)).containsEntry("discriminator", 0.0001);
    // Four workers make a quarter of its iterations, rounded up.
    RunConfig four = config(4, "optimizer.warmup.iterations=10", "cluster.rate-scaling=none");
    assertThat(ScaledSchedule.of(four).beginning()).isEqualTo(new Warmup(3, 1e-6, 1));
    assertThat(RunOutline.of(four, 100, 50).describe())
        .anyMatch(
            line -> line.contains("generator 0.00000001, rising to 0.00957 in 3 iterations,"));
  }

  @Test
  void theOutlineSaysWhatTheRunWillDo() {
    RunConfig config = config(4, "optimizer.iter-size=2");

    assertThat(RunOutline.of(config, 100, 50).describe())
        .containsExactly(
            "run: 51 iterations (201 stated for one worker; cluster.scaling: time) on 4 workers in"
                + " 11 rounds; a checkpoint every 13, an evaluation every 8",
            "averaging: every 20 iterations (rounds have 4.64 on average); evaluations, checkpoints"
                + " and ends of phases end rounds, too",
            "images: 408 of the source (4.08 epochs of 100), 320 of the target (6.40 epochs of 50)",
            "learning rates: generator 0.01, rising to 0.0383 in 3 iterations (× 4 for several"
                + " workers), 0.00967 at the end; heads 0.1, rising to 0.383 in 3 iterations (× 4"
                + " for several workers), 0.0967 at the end; discriminator 0.0001, 0.0000242 at the"
                + " end",
            "work: 204 iterations of one worker: 0.0567 worker-hours for each second that one"
                + " takes");
    assertThat(RunOutline.of(config(1, "evaluation.interval=0"), 100, 50).describe().get(0))
        .isEqualTo(
            "run: 201 iterations (as stated) on 1 worker in 14 rounds; a checkpoint every 50, an"
                + " evaluation at the end");
  }

  @Test
  void severalAveragingIntervalsApplyToSharesOfWhatTheWorkersMake() {
    String intervals = "cluster.averaging-interval=[{iterations: 5, until: 0.3}, 10]";
    String phases = "schedule.phases=[{phase: adversarial, iterations: 400}]";
    RunConfig config =
        config(
            4,
            intervals,
            phases,
            "optimizer.decay.total-iterations=400",
            "evaluation.interval=0",
            "output.checkpoint-interval=400");

    assertThat(Schedule.of(config).averaging())
        .isEqualTo(
            new AveragingIntervals(
                List.of(
                    new AveragingIntervals.Span(30, 5),
                    new AveragingIntervals.Span(Long.MAX_VALUE, 10))));
    assertThat(RunOutline.of(config, 100, 50).describe().subList(0, 2))
        .containsExactly(
            "run: 100 iterations (400 stated for one worker; cluster.scaling: time) on 4 workers in"
                + " 13 rounds; a checkpoint every 100, an evaluation at the end",
            "averaging: every 5 iterations until iteration 30, then every 10 iterations");
  }
}
