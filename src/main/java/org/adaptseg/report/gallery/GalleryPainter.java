package org.adaptseg.report.gallery;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Model;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.Resize;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.Inspector;
import org.adaptseg.nn.training.Inspector.LevelView;
import org.adaptseg.report.gallery.GalleryEntry.LevelMap;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;

/**
 * Paints single images of an evaluation split. The number of pixels of a picture is bounded, so
 * that the size of a report is.
 *
 * @param model sizes of the networks
 * @param space classes and their colours
 * @param split labelled split
 * @param hadoop how workers reach file systems
 */
public record GalleryPainter(
    Model model, Arithmetic arithmetic, LabelSpace space, SplitPlan split, HadoopSettings hadoop)
    implements Serializable {
  /** Pictures are shrunk to at most this many pixels, 512×256. */
  public static final int MOST_PIXELS = 512 * 256;

  /** Images that a report shows. */
  public static final int MOST_IMAGES = 4;

  /** The images that a report shows: spread evenly over the split, the same ones every time. */
  public List<Integer> indices() {
    int n = Math.min(MOST_IMAGES, split.size());
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      indices.add(Math.toIntExact((long) split.size() * i / n));
    }
    return indices;
  }

  /**
   * Paints one image as the generator of a state sees it.
   *
   * @param index 0 ≤ index &lt; size of the split
   * @throws IOException if the image or its labels cannot be read
   */
  public GalleryEntry paint(LearnerState state, int index) throws IOException {
    try (Split images = split.open(hadoop.configuration());
        Inspector inspector =
            new Inspector(
                Networks.architecture(model, space.size()),
                state.values(StateNames.GENERATOR_PARAMETERS),
                model.alignCorners(),
                arithmetic)) {
      Image image = images.unlabelled(index).image();
      LabelImage stored = images.originalLabels(index);
      double scale =
          Math.min(1, Math.sqrt((double) MOST_PIXELS / stored.height() / stored.width()));
      int width = Math.max(1, (int) (stored.width() * scale));
      int height = Math.max(1, (int) (stored.height() * scale));
      LabelImage truth = Resize.nearest(stored, width, height);
      List<LevelView> views = inspector.inspect(image, height, width);
      byte[] predicted = views.get(views.size() - 1).labels();
      return new GalleryEntry(
          images.id(index),
          Picture.photo(Resize.bicubic(image.toRgb(split.normalisation()), width, height)),
          Picture.labels(truth, space),
          Picture.labels(new LabelImage(height, width, predicted), space),
          accuracy(truth.values(), predicted),
          views.stream().map(view -> levelMap(view, width, height)).toList());
    }
  }

  private static LevelMap levelMap(LevelView view, int width, int height) {
    double sum = 0;
    for (float value : view.entropy()) {
      sum += value;
    }
    return new LevelMap(
        view.level(), Picture.heat(view.entropy(), width, height), sum / view.entropy().length);
  }

  private static double accuracy(byte[] truth, byte[] predicted) {
    long right = 0;
    long all = 0;
    for (int i = 0; i < truth.length; i++) {
      if ((truth[i] & 0xFF) != LabelImage.IGNORE) {
        all++;
        right += truth[i] == predicted[i] ? 1 : 0;
      }
    }
    return all == 0 ? Double.NaN : (double) right / all;
  }
}
