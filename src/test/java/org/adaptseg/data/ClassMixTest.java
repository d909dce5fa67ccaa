package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.random.SplitMix64;
import org.junit.jupiter.api.Test;

class ClassMixTest {
  private static final byte NONE = (byte) LabelImage.IGNORE;

  private static Image image(int height, int width, float first) {
    float[] chw = new float[3 * height * width];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = first + i;
    }
    return new Image(height, width, chw);
  }

  private static int count(boolean[] chosen) {
    int count = 0;
    for (boolean c : chosen) {
      count += c ? 1 : 0;
    }
    return count;
  }

  @Test
  void pixelsOfOneOfTwoClassesArePastedWithTheirLabelsAndWhatIsIgnoredNever() {
    Image target = image(2, 2, 100);
    var source =
        new Sample.Labelled("s", image(2, 2, 0), new LabelImage(2, 2, new byte[] {4, NONE, 7, 4}));
    // Labels of two images: those of the second count.
    byte[] labels = {9, 9, 9, 9, 1, 2, 3, NONE};

    ClassMix.Mixed found = ClassMix.mix(source, target, labels, 4, new SplitMix64(1));

    boolean four = found.pasted()[0] == 4;
    float[] all = target.chw().clone();
    for (int c = 0; c < 3; c++) {
      for (int pixel : four ? new int[] {0, 3} : new int[] {2}) {
        all[4 * c + pixel] = 4 * c + pixel;
      }
    }
    assertThat(found.image().chw()).isEqualTo(all);
    assertThat(found.pasted())
        .isEqualTo(four ? new byte[] {4, NONE, NONE, 4} : new byte[] {NONE, NONE, 7, NONE});
    assertThat(found.kept())
        .isEqualTo(four ? new byte[] {NONE, 2, 3, NONE} : new byte[] {1, 2, NONE, NONE});
    assertThat(found.pastedPixels()).isEqualTo(four ? 2 : 1);
    assertThat(target.chw()).isEqualTo(image(2, 2, 100).chw());
  }

  @Test
  void halfOfTheClassesRoundedUpAreChosenEachEquallyOften() {
    assertThat(count(ClassMix.chosen(List.of(), new SplitMix64(1)))).isZero();
    assertThat(count(ClassMix.chosen(List.of(3), new SplitMix64(1)))).isOne();
    int[] often = new int[5];
    for (int seed = 0; seed < 1000; seed++) {
      boolean[] chosen = ClassMix.chosen(List.of(0, 1, 2, 3, 4), new SplitMix64(seed));
      assertThat(count(chosen)).isEqualTo(3);
      for (int c = 0; c < often.length; c++) {
        often[c] += chosen[c] ? 1 : 0;
      }
    }
    // 600 of 1000 each, with a deviation of 15.
    for (int n : often) {
      assertThat(n).isBetween(540, 660);
    }
  }

  @Test
  void whereSizesDifferAWindowOfTheLargerLiesOnTheSmaller() {
    // Wider and less high than the target.
    var source =
        new Sample.Labelled("s", image(1, 5, 0), new LabelImage(1, 5, new byte[] {1, 1, 1, 1, 1}));
    Image target = image(3, 2, 100);

    ClassMix.Mixed found =
        ClassMix.mix(source, target, new byte[] {2, 2, 2, 2, 2, 2}, 0, new SplitMix64(3));

    assertThat(found.pastedPixels()).isEqualTo(2);
    int at = 0;
    while (found.pasted()[at] == NONE) {
      at++;
    }
    assertThat(at % 2).isZero();
    assertThat(found.pasted()[at + 1]).isEqualTo((byte) 1);
    float left = found.image().chw()[at];
    assertThat(left).isBetween(0f, 3f);
    for (int c = 0; c < 3; c++) {
      assertThat(found.image().chw()[6 * c + at]).isEqualTo(left + 5 * c);
      assertThat(found.image().chw()[6 * c + at + 1]).isEqualTo(left + 5 * c + 1);
    }
  }

  @Test
  void theSequenceDecides() {
    byte[] labels = new byte[64];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i / 4);
    }
    var source = new Sample.Labelled("s", image(8, 8, 0), new LabelImage(8, 8, labels));
    Image target = image(8, 8, 100);

    byte[] first = ClassMix.mix(source, target, new byte[64], 0, new SplitMix64(5)).pasted();
    assertThat(ClassMix.mix(source, target, new byte[64], 0, new SplitMix64(5)).pasted())
        .isEqualTo(first);
    assertThat(ClassMix.mix(source, target, new byte[64], 0, new SplitMix64(6)).pasted())
        .isNotEqualTo(first);
  }
}
