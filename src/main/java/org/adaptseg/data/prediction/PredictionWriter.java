package org.adaptseg.data.prediction;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes predicted label maps as PNG files, each whole or not at all.
 *
 * @param root the folder that holds a folder for each kind
 * @param kinds what is written
 * @param ids of label-id files
 * @param space colours of the classes
 */
public record PredictionWriter(String root, List<Kind> kinds, LabelIds ids, LabelSpace space)
    implements Serializable {
  /** Files that are being written, on stores where a file appears before it is whole. */
  public static final String TEMPORARY = "_temporary";

  /** What can be written. */
  public enum Kind {
    /** Grey values are a dataset's own ids: 8 bits, or 16 where an id needs them. */
    LABEL_IDS,
    /** Palette images in the classes' colours; the palette's index is the train id. */
    COLOURS,
    /** The image and the classes' colours, half each. */
    OVERLAYS;

    /** The folder's name, for example {@code label-ids}. */
    public String folder() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public PredictionWriter {
    kinds = List.copyOf(kinds);
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
    return FolderListing.child(new Path(root, kind.folder()), name);
  }

  /**
   * Writes what is not there yet.
   *
   * @param attempt distinguishes writers that write at the same time
   * @param trainIds predicted train ids, of the image's size
   */
  public void write(
      String name, String attempt, RgbImage image, LabelImage trainIds, Configuration configuration)
      throws IOException {
    for (Kind kind : kinds) {
      Path file = file(kind, name);
      FileSystem files = file.getFileSystem(configuration);
      if (files.exists(file)) {
        continue;
      }
      BufferedImage picture =
          switch (kind) {
            case LABEL_IDS -> labelIds(trainIds);
            case COLOURS -> colours(trainIds);
            case OVERLAYS -> overlay(image, trainIds);
          };
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      if (!ImageIO.write(picture, "png", png)) {
        throw new IOException("Cannot write " + file + ": expected a PNG writer, found none");
      }
      Path temporary = new Path(new Path(root, TEMPORARY), kind.folder() + "-" + attempt);
      WholeFile.write(file, temporary, png::writeTo, configuration);
    }
  }

  private BufferedImage labelIds(LabelImage labels) {
    byte[] from = labels.values();
    if (ids.isEightBit()) {
      BufferedImage image =
          new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_BYTE_GRAY);
      byte[] to = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
      byte[] raw = new byte[ids.rawIds().size()];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = ids.rawIds().get(i).byteValue();
      }
      for (int i = 0; i < from.length; i++) {
        to[i] = raw[from[i] & 0xFF];
      }
      return image;
    }
    BufferedImage image =
        new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_USHORT_GRAY);
    short[] to = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < from.length; i++) {
      to[i] = ids.rawIds().get(from[i] & 0xFF).shortValue();
    }
    return image;
  }

  private BufferedImage colours(LabelImage labels) {
    int classes = space.size();
    byte[][] rgb = new byte[3][classes];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < classes; i++) {
        rgb[c][i] = space.classes().get(i).rgb().get(c).byteValue();
      }
    }
    IndexColorModel palette = new IndexColorModel(8, classes, rgb[0], rgb[1], rgb[2]);
    BufferedImage image =
        new BufferedImage(
            labels.width(), labels.height(), BufferedImage.TYPE_BYTE_INDEXED, palette);
    byte[] to = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels.values(), 0, to, 0, to.length);
    return image;
  }

  private BufferedImage overlay(RgbImage pixels, LabelImage labels) {
    BufferedImage image =
        new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] to = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    List<int[]> colours = new ArrayList<>();
    space.classes().forEach(c -> colours.add(c.rgb().stream().mapToInt(v -> v).toArray()));
    byte[] rgb = pixels.rgb();
    byte[] classes = labels.values();
    for (int i = 0; i < classes.length; i++) {
      int[] colour = colours.get(classes[i] & 0xFF);
      for (int c = 0; c < 3; c++) {
        to[3 * i + 2 - c] = (byte) (((rgb[3 * i + c] & 0xFF) + colour[c]) / 2);
      }
    }
    return image;
  }
}
