package org.adaptseg.data.streets;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.Locale;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.PictureFile;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes synthetic streets as files in the layouts of the published datasets, on any Hadoop file
 * system, so that any other program can train on the same images. A root that is not finished holds
 * the mark {@code _INCOMPLETE}, which reading refuses; after a failure nothing is left.
 *
 * @param configuration finds the file systems
 * @param seed of the streets
 * @param width of the images in pixels
 * @param height of the images in pixels
 */
public record SyntheticWriter(Configuration configuration, long seed, int width, int height) {
  private static final String[] TRAIN_CITIES = {"northtown", "southtown"};
  private static final String[] VAL_CITIES = {"easttown"};

  /** RGB of the label ids 0..34, as in the published palette of GTA5. */
  private static final int[] PALETTE = {
    0x000000, 0x000000, 0x000000, 0x000000, 0x000000, 0x6F4A00, 0x510051, 0x804080, 0xF423E8,
    0xFAAAA0, 0xE6968C, 0x464646, 0x66669C, 0xBE9999, 0xB4A5B4, 0x966464, 0x96785A, 0x999999,
    0x999999, 0xFAAA1E, 0xDCDC00, 0x6B8E23, 0x98FB98, 0x4682B4, 0xDC143C, 0xFF0000, 0x00008E,
    0x000046, 0x003C64, 0x00005A, 0x00006E, 0x005064, 0x0000E6, 0x770B20, 0x00008E
  };

  /**
   * Which streets of the seed, in which looks.
   *
   * @param appearance how they look
   * @param offset number of the first street
   * @param count number of streets, at least 1
   */
  public record Streets(Appearance appearance, long offset, int count) {
    public Streets {
      if (count < 1 || offset < 0) {
        throw new IllegalArgumentException(
            "Cannot write streets: expected at least one, from number 0 on, found "
                + count
                + " from "
                + offset);
      }
    }
  }

  private interface Content {
    void write(Path root) throws IOException;
  }

  /**
   * GTA5 layout: {@code images/00001.png} and on, {@code labels/} of the same names, whose palette
   * indices are Cityscapes label ids.
   *
   * @param root must not exist, or be an empty directory
   */
  public void writeGta5(String root, Streets streets) throws IOException {
    write(
        root,
        base -> {
          for (int i = 0; i < streets.count(); i++) {
            String name = String.format(Locale.ROOT, "%05d.png", i + 1);
            StreetImage street = draw(streets, i);
            writePng(new Path(base, "images/" + name), picture(street));
            writePng(new Path(base, "labels/" + name), paletteLabels(street));
          }
        });
  }

  /**
   * Cityscapes layout: {@code leftImg8bit/SPLIT/CITY/*_leftImg8bit.png} and {@code
   * gtFine/SPLIT/CITY/*_gtFine_labelIds.png}, with the splits train and val.
   *
   * @param root must not exist, or be an empty directory
   */
  public void writeCityscapes(String root, Streets train, Streets val) throws IOException {
    write(
        root,
        base -> {
          writeCities(base, "train", TRAIN_CITIES, train);
          writeCities(base, "val", VAL_CITIES, val);
        });
  }

  private void writeCities(Path base, String split, String[] cities, Streets streets)
      throws IOException {
    for (int i = 0; i < streets.count(); i++) {
      String city = cities[i % cities.length];
      int sequence = i / cities.length;
      String stem = String.format(Locale.ROOT, "%s/%s/%s_%06d_000019", split, city, city, sequence);
      StreetImage street = draw(streets, i);
      writePng(new Path(base, "leftImg8bit/" + stem + "_leftImg8bit.png"), picture(street));
      writePng(new Path(base, "gtFine/" + stem + "_gtFine_labelIds.png"), greyLabels(street));
    }
  }

  private void write(String root, Content content) throws IOException {
    Path base = new Path(root);
    FileSystem files = base.getFileSystem(configuration);
    if (files.exists(base) && files.listStatus(base).length > 0) {
      throw new IOException(
          "Cannot write streets: expected a directory that is new or empty, found files ("
              + root
              + ")");
    }
    Path mark = new Path(base, SplitListing.INCOMPLETE);
    try {
      WholeFile.write(mark, new byte[0], configuration);
      content.write(base);
      files.delete(mark, false);
    } catch (IOException | RuntimeException e) {
      try {
        files.delete(base, true); // was empty before
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private StreetImage draw(Streets streets, int i) {
    return StreetImage.draw(streets.appearance(), seed, streets.offset() + i, width, height);
  }

  private static BufferedImage picture(StreetImage street) {
    int width = street.width();
    BufferedImage image = new BufferedImage(width, street.height(), BufferedImage.TYPE_3BYTE_BGR);
    int[] row = new int[width * 3];
    for (int y = 0; y < street.height(); y++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = street.rgb()[y * row.length + i] & 0xFF;
      }
      image.getRaster().setPixels(0, y, width, 1, row); // samples in the order R, G, B
    }
    return image;
  }

  private static BufferedImage paletteLabels(StreetImage street) {
    byte[][] channels = new byte[3][PALETTE.length];
    for (int id = 0; id < PALETTE.length; id++) {
      channels[0][id] = (byte) (PALETTE[id] >> 16);
      channels[1][id] = (byte) (PALETTE[id] >> 8);
      channels[2][id] = (byte) PALETTE[id];
    }
    IndexColorModel palette =
        new IndexColorModel(8, PALETTE.length, channels[0], channels[1], channels[2]);
    return ids(
        street,
        new BufferedImage(
            street.width(), street.height(), BufferedImage.TYPE_BYTE_INDEXED, palette));
  }

  private static BufferedImage greyLabels(StreetImage street) {
    return ids(
        street, new BufferedImage(street.width(), street.height(), BufferedImage.TYPE_BYTE_GRAY));
  }

  private static BufferedImage ids(StreetImage street, BufferedImage image) {
    StreetClass[] kinds = StreetClass.values();
    for (int y = 0; y < street.height(); y++) {
      for (int x = 0; x < street.width(); x++) {
        int kind = street.classes()[y * street.width() + x];
        image.getRaster().setSample(x, y, 0, kinds[kind].cityscapesId());
      }
    }
    return image;
  }

  private void writePng(Path path, BufferedImage image) throws IOException {
    byte[] png = PictureFile.encode(image, "png");
    WholeFile.write(path, out -> out.write(png), configuration);
  }
}
