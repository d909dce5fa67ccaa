package org.adaptseg.data.prediction;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.PictureFile;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes predictions as files, each whole or not at all, each kind in a folder of its own.
 *
 * @param root the folder that holds a folder for each kind
 * @param kinds what is written
 * @param ids of label-id files
 * @param space colours of the classes
 * @param choice the classes that are shown
 */
public record PredictionWriter(
    String root, List<Kind> kinds, LabelIds ids, LabelSpace space, ClassChoice choice)
    implements Serializable {
  /** Files that are being written, on stores where a file appears before it is whole. */
  public static final String TEMPORARY = "_temporary";

  private static final String PNG = ".png";

  /** What can be written. */
  public enum Kind {
    /** Grey values are a dataset's own ids: 8 bits, or 16 where an id needs them. */
    LABEL_IDS,
    /** Palette images in the classes' colours; the palette's index is the train id. */
    COLOURS,
    /** The image and the classes' colours, half each. */
    OVERLAYS,
    /** Grey values are the probability of the most likely class, 0 to 255 for 0 to 1. */
    CONFIDENCE,
    /** As {@link #CONFIDENCE}, 0 to 65535. */
    CONFIDENCE_16,
    /** Grey values are the entropy of the probabilities over log C, 0 to 255 for 0 to 1. */
    ENTROPY,
    /** Arrays [classes, height, width] of float16 for {@code numpy.load}. */
    PROBABILITIES;

    /** The folder's name, for example {@code label-ids}. */
    public String folder() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String file(String name) {
      return this == PROBABILITIES
          ? name.substring(0, name.length() - PNG.length()) + ".npy"
          : name;
    }
  }

  public PredictionWriter {
    kinds = List.copyOf(kinds);
  }

  /** Whether the probability of the most likely class is needed. */
  public boolean needsConfidence() {
    return kinds.contains(Kind.CONFIDENCE) || kinds.contains(Kind.CONFIDENCE_16);
  }

  /** Whether entropies are needed. */
  public boolean needsEntropy() {
    return kinds.contains(Kind.ENTROPY);
  }

  /** The classes whose probabilities are needed. */
  public List<Integer> planes() {
    return kinds.contains(Kind.PROBABILITIES) ? choice.trainIds() : List.of();
  }

  /** Whether all files of a prediction are there; what is there is whole. */
  public boolean isComplete(String name, Configuration configuration) throws IOException {
    for (Kind kind : kinds) {
      Path file = file(kind, name);
      if (!file.getFileSystem(configuration).exists(file)) {
        return false;
      }
    }
    return true;
  }

  private Path file(Kind kind, String name) {
    return FolderListing.child(new Path(root, kind.folder()), kind.file(name));
  }

  /**
   * Writes what is not there yet.
   *
   * @param name path of the files in their folders, ending in {@code .png}
   * @param attempt distinguishes writers that write at the same time
   * @param predicted of the image's size, with all that {@link #needsConfidence}, {@link
   *     #needsEntropy} and {@link #planes} ask for
   */
  public void write(
      String name,
      String attempt,
      RgbImage image,
      PixelPrediction predicted,
      Configuration configuration)
      throws IOException {
    for (Kind kind : kinds) {
      Path file = file(kind, name);
      FileSystem files = file.getFileSystem(configuration);
      if (files.exists(file)) {
        continue;
      }
      Path temporary = new Path(new Path(root, TEMPORARY), kind.folder() + "-" + attempt);
      if (kind == Kind.PROBABILITIES) {
        WholeFile.write(file, temporary, out -> array(predicted, out), configuration);
        continue;
      }
      byte[] png = PictureFile.encode(picture(kind, image, predicted), "png");
      WholeFile.write(file, temporary, out -> out.write(png), configuration);
    }
  }

  private BufferedImage picture(Kind kind, RgbImage image, PixelPrediction predicted) {
    PredictionPictures pictures = new PredictionPictures(ids, space, choice);
    LabelImage classes = predicted.classes();
    int width = classes.width();
    int height = classes.height();
    return switch (kind) {
      case LABEL_IDS -> pictures.labelIds(classes);
      case COLOURS -> pictures.colours(classes);
      case OVERLAYS -> pictures.overlay(image, classes);
      case CONFIDENCE -> PredictionPictures.eightBits(predicted.probability(), width, height);
      case CONFIDENCE_16 -> PredictionPictures.sixteenBits(predicted.probability(), width, height);
      case ENTROPY -> PredictionPictures.eightBits(predicted.entropy(), width, height);
      case PROBABILITIES -> throw new IllegalArgumentException("An array is no picture");
    };
  }

  private static void array(PixelPrediction predicted, OutputStream out) throws IOException {
    LabelImage classes = predicted.classes();
    out.write(NpyHeader.halves(predicted.halves().size(), classes.height(), classes.width()));
    for (byte[] plane : predicted.halves()) {
      out.write(plane);
    }
  }
}
