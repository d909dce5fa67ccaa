package org.adaptseg.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.random.SplitMix64;

/**
 * ClassMix across domains (Olsson et al. 2021; Tranheden et al. 2021, DACS, section 3): half of the
 * classes of a source image, rounded up, are pasted onto a target image with their labels. What is
 * ignored is no class. Where the sizes differ, a random window of the larger side lies on the
 * smaller one, and only classes within it count. All is a function of the random sequence.
 */
public final class ClassMix {
  private static final int IDS = 256;

  /**
   * A target image with what was pasted onto it.
   *
   * @param image of the target's size
   * @param pasted source labels where the source was pasted, ignored elsewhere; row by row
   * @param kept the target's labels where nothing was pasted, ignored elsewhere
   * @param pastedPixels number of pixels that were pasted
   */
  public record Mixed(Image image, byte[] pasted, byte[] kept, int pastedPixels) {}

  /** Where pixels of one side of the source lie on the target. */
  private record Span(int from, int to, int length) {
    static Span of(int source, int target, SplitMix64 random) {
      int place = random.nextInt(Math.abs(source - target) + 1);
      return source >= target ? new Span(place, 0, target) : new Span(0, place, source);
    }
  }

  private ClassMix() {}

  /**
   * Mixes.
   *
   * @param target the image that is pasted onto; it stays as it is
   * @param labels train ids of the target's pixels, row by row, in an array of several images
   * @param offset of the target's first label
   * @param random decides where the window lies and which classes are pasted
   */
  public static Mixed mix(
      Sample.Labelled source, Image target, byte[] labels, int offset, SplitMix64 random) {
    Span rows = Span.of(source.image().height(), target.height(), random);
    Span columns = Span.of(source.image().width(), target.width(), random);
    boolean[] chosen = chosen(present(source.labels(), rows, columns), random);
    int area = target.height() * target.width();
    Collage collage = Collage.of(target, source.image());
    byte[] pasted = new byte[area];
    Arrays.fill(pasted, (byte) LabelImage.IGNORE);
    byte[] kept = Arrays.copyOfRange(labels, offset, offset + area);
    int count = 0;
    for (int y = 0; y < rows.length(); y++) {
      int from = (rows.from() + y) * source.image().width() + columns.from();
      int to = (rows.to() + y) * target.width() + columns.to();
      for (int x = 0; x < columns.length(); x++) {
        byte label = source.labels().values()[from + x];
        if (chosen[label & 0xFF]) {
          collage.paste(from + x, to + x);
          pasted[to + x] = label;
          kept[to + x] = (byte) LabelImage.IGNORE;
          count++;
        }
      }
    }
    return new Mixed(collage.image(), pasted, kept, count);
  }

  private static List<Integer> present(LabelImage labels, Span rows, Span columns) {
    boolean[] seen = new boolean[IDS];
    for (int y = rows.from(); y < rows.from() + rows.length(); y++) {
      for (int x = columns.from(); x < columns.from() + columns.length(); x++) {
        seen[labels.at(y, x)] = true;
      }
    }
    List<Integer> present = new ArrayList<>();
    for (int id = 0; id < IDS; id++) {
      if (seen[id] && id != LabelImage.IGNORE) {
        present.add(id);
      }
    }
    return present;
  }

  /** Draws half of the classes, rounded up, each with the same probability. */
  static boolean[] chosen(List<Integer> present, SplitMix64 random) {
    List<Integer> left = new ArrayList<>(present);
    boolean[] chosen = new boolean[IDS];
    for (int i = 0; i < (present.size() + 1) / 2; i++) {
      chosen[left.remove(random.nextInt(left.size()))] = true;
    }
    return chosen;
  }
}
