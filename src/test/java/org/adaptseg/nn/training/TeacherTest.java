package org.adaptseg.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.config.Adaptation;
import org.adaptseg.config.DiscriminatorInput;
import org.adaptseg.config.Model.BatchStatistics;
import org.adaptseg.config.Optimizer.Updates;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.TestedEngine;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.optimizer.MomentumSgd;
import org.adaptseg.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TeacherTest {
  private static final GeneratorArchitecture SMALL =
      new GeneratorArchitecture(List.of(1, 1, 1, 1), 4, 3, List.of(1));

  private static GeneratorTrainer student(LayerContext context) {
    return new GeneratorTrainer(
        SMALL,
        new MomentumSgd(0.9, 0, 1, Updates.ONCE),
        new Judgement(Adaptation.OUTPUT, DiscriminatorInput.SOFTMAX, 1, true),
        BatchStatistics.BATCH,
        context);
  }

  private static void requireAll(Teacher teacher, double expected) {
    float[] values = teacher.parameters();
    assertThat(values[0]).isCloseTo((float) expected, within(1e-6f * (float) expected));
    assertThat(values).containsOnly(values[0]);
  }

  @ParameterizedTest
  @EnumSource
  void itIsTheMeanOfTheStudentsStatesUntilItsMomentumIsReached(TestedEngine tested) {
    try (Engine engine = tested.make();
        LayerContext context = new LayerContext(engine);
        GeneratorTrainer student = student(context);
        Teacher teacher = new Teacher(student, 0.75, true, BatchStatistics.BATCH, context)) {
      Vector parameters = student.network().parameters();
      parameters.fill(8);
      teacher.copy();
      requireAll(teacher, 8);
      parameters.fill(1);
      teacher.followAfter(0);
      requireAll(teacher, 1);
      parameters.fill(3);
      teacher.followAfter(1);
      requireAll(teacher, 2);
      parameters.fill(5);
      teacher.followAfter(2);
      requireAll(teacher, 3);
      // From here on a quarter of the way: 3, 3 + 8/4, 5 + 6/4.
      parameters.fill(11);
      teacher.followAfter(3);
      requireAll(teacher, 5);
      teacher.followAfter(1000);
      requireAll(teacher, 6.5);
      // It does not drift, and the student is what it was.
      for (int i = 0; i < 200; i++) {
        teacher.followAfter(1000 + i);
      }
      requireAll(teacher, 11);
      assertThat(student.parameters()).containsOnly(11);
    }
  }

  @Test
  void itRefusesAStudentWithoutNumbersAndAnotherStudentsParameters() {
    try (Engine engine = TestedEngine.ONEDNN.make();
        LayerContext context = new LayerContext(engine);
        GeneratorTrainer student = student(context);
        Teacher teacher = new Teacher(student, 0.75, true, BatchStatistics.BATCH, context)) {
      student.network().parameters().fill(Float.NaN);
      assertThatThrownBy(() -> teacher.followAfter(5))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("the teacher");
      assertThatThrownBy(() -> teacher.load(new float[3]))
          .hasMessageContaining("Cannot load teacher.parameters: expected");
    }
  }

  @ParameterizedTest
  @EnumSource(BatchStatistics.class)
  void itLabelsAsTheStudentItWasPredictsAndMovesNoStatistics(BatchStatistics statistics) {
    int height = 32;
    int width = 48;
    float[] chw = new float[3 * height * width];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = (i * 31) % 255 - 127;
    }
    Image image = new Image(height, width, chw);
    try (Engine engine = TestedEngine.ONEDNN.make();
        LayerContext context = new LayerContext(engine);
        GeneratorTrainer student = student(context);
        Teacher teacher = new Teacher(student, 0.75, true, statistics, context)) {
      student.initialize(3);
      teacher.copy();
      float[] before = teacher.parameters();
      TeacherLabels labels = teacher.label(List.of(image, image), 0.4);

      assertThat(teacher.parameters()).isEqualTo(before);
      assertThat(labels.classes()).hasSize(2 * height * width);
      assertThat(Arrays.copyOf(labels.classes(), height * width))
          .isEqualTo(Arrays.copyOfRange(labels.classes(), height * width, 2 * height * width));
      assertThat(teacher.label(List.of(image, image), 0.4).classes()).isEqualTo(labels.classes());
      student.network().parameters().fill(0);
      assertThat(teacher.label(List.of(image, image), 0.4).classes()).isEqualTo(labels.classes());
    }
  }

  @Test
  void aPixelIsConfidentFromTheProbabilityOnAndTheFirstOfEqualClassesIsItsLabel() {
    try (Engine engine = TestedEngine.ONEDNN.make()) {
      float[][] rows = {
        {0.5f, 0.5f, 0},
        {0.25f, 0, 0.75f},
        {0.125f, 0.875f, 0},
        {0.25f, 0.375f, 0.375f}
      };
      TeacherLabels labels = TeacherLabels.of(Tensors.pixels(engine, rows), 0.75);

      assertThat(labels.classes()).containsExactly(0, 2, 1, 1);
      assertThat(labels.confident()).isEqualTo(0.5);
    }
  }
}
