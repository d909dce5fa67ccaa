package org.adaptseg.testing;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Writes a few tiny files of each published dataset, named and encoded as the real ones are, with
 * the neighbours that the real ones have. The raw id at row y, column x of label number n is {@link
 * #idAt}, so that a test can work out by hand what must be read.
 */
public final class DatasetFixtures {
  /** Ids of Cityscapes label files. */
  public static final List<Integer> CITYSCAPES_IDS =
      java.util.stream.IntStream.rangeClosed(0, 33).boxed().toList();

  /** Ids of SYNTHIA label files. */
  public static final List<Integer> SYNTHIA_IDS =
      java.util.stream.IntStream.rangeClosed(0, 22).boxed().toList();

  /** Ids that Cross-City label files use. */
  public static final List<Integer> CROSS_CITY_IDS =
      List.of(0, 7, 8, 11, 19, 20, 21, 23, 24, 25, 26, 28, 32, 33);

  /** Tags of CARLA. */
  public static final List<Integer> CARLA_TAGS =
      java.util.stream.IntStream.rangeClosed(0, 22).boxed().toList();

  /** Ids of CamVid with SegNet. */
  public static final List<Integer> CAMVID_IDS =
      java.util.stream.IntStream.rangeClosed(0, 11).boxed().toList();

  private DatasetFixtures() {}

  /** The raw id at a place of label number n. */
  public static int idAt(List<Integer> ids, int n, int x, int y) {
    return ids.get((n * 5 + y * 7 + x) % ids.size());
  }

  /** GTA5: numbers are missing, sizes vary by a few pixels, labels have a palette. */
  public static void gta5(Path root) throws IOException {
    int[][] sizes = {{40, 20}, {38, 21}, {40, 20}};
    int[] numbers = {1, 3, 10};
    for (int n = 0; n < numbers.length; n++) {
      String name = "%05d.png".formatted(numbers[n]);
      write(root.resolve("images/" + name), picture(n, sizes[n][0], sizes[n][1]));
      write(root.resolve("labels/" + name), palette(n, sizes[n][0], sizes[n][1]));
    }
  }

  /** Cityscapes: the label ids have colours, instances and polygons beside them. */
  public static void cityscapes(Path root) throws IOException {
    String[] stems = {
      "train/aachen/aachen_000000_000019",
      "train/bochum/bochum_000000_000313",
      "val/lindau/lindau_000000_000019",
      "test/berlin/berlin_000000_000019"
    };
    for (int n = 0; n < stems.length; n++) {
      write(root.resolve("leftImg8bit/" + stems[n] + "_leftImg8bit.png"), picture(n, 64, 32));
      Path label = root.resolve("gtFine/" + stems[n]);
      write(
          label.resolveSibling(label.getFileName() + "_gtFine_labelIds.png"),
          grey(CITYSCAPES_IDS, n, 64, 32));
      write(label.resolveSibling(label.getFileName() + "_gtFine_color.png"), picture(n, 64, 32));
      write(
          label.resolveSibling(label.getFileName() + "_gtFine_instanceIds.png"),
          deep(1, 64, 32, (c, x, y) -> 26_000 + x));
      Files.writeString(
          label.resolveSibling(label.getFileName() + "_gtFine_polygons.json"), "{\"objects\": []}");
    }
  }

  /** SYNTHIA-RAND-CITYSCAPES: labels of three channels of 16 bits, the class in the first. */
  public static void synthia(Path root) throws IOException {
    for (int n = 0; n < 3; n++) {
      int number = n;
      String name = "%07d.png".formatted(n);
      write(root.resolve("RGB/" + name), picture(n, 64, 38));
      write(root.resolve("GT/COLOR/" + name), picture(n, 64, 38));
      write(
          root.resolve("GT/LABELS/" + name),
          deep(
              3,
              64,
              38,
              (c, x, y) -> c == 0 ? idAt(SYNTHIA_IDS, number, x, y) : c == 1 ? 65_535 - x : 0));
    }
  }

  /** Synscapes: numbers without leading zeros, images at two sizes. */
  public static void synscapes(Path root) throws IOException {
    int[] numbers = {1, 2, 10};
    for (int n = 0; n < numbers.length; n++) {
      String name = numbers[n] + ".png";
      write(root.resolve("img/rgb/" + name), picture(n, 60, 30));
      write(root.resolve("img/rgb-2k/" + name), picture(n, 64, 32));
      write(root.resolve("img/class/" + name), grey(CITYSCAPES_IDS, n, 60, 30));
      write(root.resolve("img/instance/" + name), picture(n, 60, 30));
      Files.createDirectories(root.resolve("meta"));
      Files.writeString(root.resolve("meta/" + numbers[n] + ".json"), "{}");
    }
  }

  /** Cross-City: JPEG and PNG images, labels of the test images only. */
  public static void crossCity(Path root) throws IOException {
    for (String city : List.of("Rome", "Rio", "Tokyo", "Taipei")) {
      String format = city.equals("Rome") ? "png" : "jpg";
      for (int n = 0; n < 2; n++) {
        write(
            root.resolve("%s/Images/Train/pano_%05d_0_180.%s".formatted(city, n, format)),
            picture(n, 64, 32));
      }
      // Both endings in one folder.
      write(root.resolve(city + "/Images/Test/pano_00002_0_180.png"), picture(2, 64, 32));
      write(root.resolve(city + "/Images/Test/pano_00003_1_0.jpg"), picture(3, 64, 32));
      write(
          root.resolve(city + "/Labels/Test/pano_00002_0_180_eval.png"),
          grey(CROSS_CITY_IDS, 2, 64, 32));
      write(
          root.resolve(city + "/Labels/Test/pano_00003_1_0_eval.png"),
          grey(CROSS_CITY_IDS, 3, 64, 32));
    }
  }

  /**
   * CARLA: numbers of six digits with grey labels, and a recording as the simulator writes it, with
   * the tag in the red channel beside others, with and without alpha.
   */
  public static void carla(Path root) throws IOException {
    String[] frames = {"000026", "035097", "049145"};
    for (int n = 0; n < frames.length; n++) {
      write(root.resolve("images/" + frames[n] + ".jpg"), picture(n, 48, 36));
      write(root.resolve("labels/" + frames[n] + ".png"), grey(CARLA_TAGS, n, 48, 36));
    }
    int[] kinds = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR};
    for (int n = 0; n < kinds.length; n++) {
      String name = "%d.png".formatted(n + 8);
      BufferedImage label = new BufferedImage(48, 36, kinds[n]);
      for (int y = 0; y < 36; y++) {
        for (int x = 0; x < 48; x++) {
          label.setRGB(x, y, 0xFF000000 | idAt(CARLA_TAGS, n, x, y) << 16 | y << 8 | x);
        }
      }
      write(root.resolve("recording/CameraRGB/" + name), picture(n, 48, 36));
      write(root.resolve("recording/CameraSeg/" + name), label);
    }
  }

  /** CamVid: SegNet's labels in two layouts, and the authors' in colours. */
  public static void camvid(Path root, List<List<Integer>> colours) throws IOException {
    String[] names = {"train/0001TP_006690", "val/0016E5_07959", "test/Seq05VD_f00000"};
    for (int n = 0; n < names.length; n++) {
      String[] parts = names[n].split("/");
      write(root.resolve("images/" + names[n] + ".jpg"), picture(n, 48, 36));
      write(root.resolve("labels/" + names[n] + ".png"), grey(CAMVID_IDS, n, 48, 36));
      Path tutorial = root.resolve("tutorial");
      write(tutorial.resolve(names[n] + ".png"), picture(n, 48, 36));
      write(tutorial.resolve(parts[0] + "annot/" + parts[1] + ".png"), grey(CAMVID_IDS, n, 48, 36));
      BufferedImage label = new BufferedImage(96, 72, BufferedImage.TYPE_3BYTE_BGR);
      for (int y = 0; y < 72; y++) {
        for (int x = 0; x < 96; x++) {
          List<Integer> rgb = colours.get((n * 5 + y * 7 + x) % colours.size());
          label.setRGB(x, y, rgb.get(0) << 16 | rgb.get(1) << 8 | rgb.get(2));
        }
      }
      Path authors = root.resolve("authors");
      write(authors.resolve("701_StillsRaw_full/" + parts[1] + ".png"), picture(n, 96, 72));
      write(authors.resolve("LabeledApproved_full/" + parts[1] + "_L.png"), label);
    }
  }

  /** One's own data in two folders, with train ids of {@code classes} classes as labels. */
  public static void folders(Path root, int classes) throws IOException {
    List<Integer> ids =
        java.util.stream.IntStream.rangeClosed(0, classes)
            .mapToObj(i -> i == classes ? 255 : i)
            .toList();
    String[] names = {"train/a.JPG", "train/b.png", "train/c.d.jpeg", "val/e.jpg"};
    for (int n = 0; n < names.length; n++) {
      write(root.resolve("images/" + names[n]), picture(n, 48, 36));
      String label = names[n].substring(0, names[n].lastIndexOf('.')) + ".png";
      write(root.resolve("labels/" + label), grey(ids, n, 48, 36));
    }
  }

  /** A picture, different for every number. */
  public static BufferedImage picture(int number, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (number * 40 % 256 << 16) | (x * 3 % 256 << 8) | y * 5 % 256);
      }
    }
    return image;
  }

  /** Ids as grey values of eight bits. */
  public static BufferedImage grey(List<Integer> ids, int number, int width, int height) {
    return fill(ids, number, new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY));
  }

  /** Ids of Cityscapes as indices of a palette whose colours are no ids. */
  private static BufferedImage palette(int number, int width, int height) {
    int entries = 35;
    byte[][] rgb = new byte[3][entries];
    for (int i = 0; i < entries; i++) {
      rgb[0][i] = (byte) (200 - i);
      rgb[1][i] = (byte) (60 + i);
      rgb[2][i] = (byte) (250 - 2 * i);
    }
    IndexColorModel colours = new IndexColorModel(8, entries, rgb[0], rgb[1], rgb[2]);
    return fill(
        CITYSCAPES_IDS,
        number,
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours));
  }

  private static BufferedImage fill(List<Integer> ids, int number, BufferedImage image) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.getRaster().setSample(x, y, 0, idAt(ids, number, x, y));
      }
    }
    return image;
  }

  private interface Samples {
    int at(int channel, int x, int y);
  }

  private static BufferedImage deep(int channels, int width, int height, Samples samples) {
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            false,
            false,
            ColorModel.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, height, channels, null);
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          raster.setSample(x, y, c, samples.at(c, x, y));
        }
      }
    }
    return new BufferedImage(colours, raster, false, null);
  }

  /** Writes an image in the format of its file name's ending. */
  public static void write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.getFileName().toString();
    String format = name.endsWith(".png") ? "png" : "jpg";
    if (!ImageIO.write(image, format, file.toFile())) {
      throw new IOException("No writer for " + file);
    }
  }
}
