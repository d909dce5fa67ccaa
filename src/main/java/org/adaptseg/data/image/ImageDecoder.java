package org.adaptseg.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.adaptseg.data.jpeg.JpegFile;
import org.adaptseg.data.jpeg.JpegHeader;
import org.adaptseg.data.jpeg.JpegImage;
import org.adaptseg.data.png.PngFile;
import org.adaptseg.data.png.PngHeader;
import org.adaptseg.data.png.PngRaster;

/**
 * PNG and JPEG files to pixels or label values. The pixels are those that Pillow's {@code
 * Image.open(file).convert("RGB")} gives, to the bit: colour profiles, gamma and orientation tags
 * change nothing. What is not decoded so is refused, and so is a file that was cut. Java's own
 * readers are not used: they convert colours, take cut files, and differ from one JDK to the next.
 * Thread-safe.
 *
 * @param maxPixels the largest width·height that is decoded; checked from the header, before
 *     anything of the image's size is allocated
 */
public record ImageDecoder(long maxPixels) {
  /** Width and height of an image, from its header. */
  public record Size(int width, int height) {
    /** Sides may differ from one shape by a twentieth, which resizing bears. */
    private static final double TOLERANCE = 0.05;

    /**
     * Whether two pictures can be of the same view: whatever their sizes, their shapes are alike,
     * and neither is the other one turned.
     */
    public boolean isShapedLike(Size other) {
      if (equals(other)) {
        return true;
      }
      if (width == other.height && height == other.width) {
        return false;
      }
      // Sides of small pictures are rounded.
      double least = (width - 0.5) / (height + 0.5) * (1 - TOLERANCE);
      double most = (width + 0.5) / (height - 0.5) * (1 + TOLERANCE);
      return (other.width + 0.5) / (other.height - 0.5) >= least
          && (other.width - 0.5) / (other.height + 0.5) <= most;
    }
  }

  public ImageDecoder {
    // 715 million pixels of three bytes are the most that one Java array holds.
    if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE / 3) {
      throw new IllegalArgumentException(
          "Cannot bound decoding: expected 1.."
              + Integer.MAX_VALUE / 3
              + " pixels, found "
              + maxPixels);
    }
  }

  private enum Format {
    PNG,
    JPEG
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** The size that the header states, whatever it is. */
  public Size statedSize(byte[] file, String where) throws IOException {
    return attempt(where, () -> stated(new ByteArrayInputStream(file), where));
  }

  /** The size that the header states, within the bound. */
  public Size size(byte[] file, String where) throws IOException {
    return size(new ByteArrayInputStream(file), where);
  }

  /** The size that the header states, within the bound; reads little more than the header. */
  public Size size(InputStream file, String where) throws IOException {
    return attempt(
        where,
        () -> {
          Size size = stated(file, where);
          if (size.width() < 1
              || size.height() < 1
              || (long) size.width() * size.height() > maxPixels) {
            throw new IOException(PngHeader.tooLarge(size.width(), size.height(), maxPixels));
          }
          return size;
        });
  }

  private static Size stated(InputStream file, String where) throws IOException {
    byte[] head = file.readNBytes(PngHeader.BYTES);
    if (format(head, where) == Format.PNG) {
      PngHeader header = PngHeader.of(head);
      return new Size(header.width(), header.height());
    }
    JpegHeader header =
        JpegHeader.read(new SequenceInputStream(new ByteArrayInputStream(head), file));
    return new Size(header.width(), header.height());
  }

  /**
   * The pixels. Grey becomes three equal channels, a palette its colours, 16 bits a channel their
   * upper 8; an alpha channel is dropped, not blended.
   */
  public RgbImage image(byte[] file, String where) throws IOException {
    return attempt(
        where,
        () -> {
          if (format(file, where) == Format.PNG) {
            return RgbImage.of(PngRaster.read(PngFile.of(file), maxPixels));
          }
          JpegImage image = JpegFile.decode(file, maxPixels);
          return new RgbImage(image.height(), image.width(), image.rgb());
        });
  }

  /** The label values: palette indices or grey values; channels that differ are an error. */
  public RawLabels labels(byte[] file, String where) throws IOException {
    return labels(file, new LabelReading.Values(), where);
  }

  /**
   * The raw ids of a label file.
   *
   * @throws LabelReading.ColoursException if the file holds colours that have no meaning
   */
  public RawLabels labels(byte[] file, LabelReading reading, String where) throws IOException {
    return reading.read(raster(file, where), where);
  }

  /**
   * Train ids of the label values.
   *
   * @throws IOException if the file cannot be decoded or holds a value that the map does not know
   */
  public LabelImage labels(byte[] file, LabelMap map, String where) throws IOException {
    return map.apply(raster(file, where), where);
  }

  /** How a picture's tags would have it turned; pixels stay as they are stored. */
  public Orientation orientation(byte[] file, String where) throws IOException {
    return attempt(
        where,
        () ->
            Orientation.of(
                format(file, where) == Format.PNG
                    ? PngFile.of(file).exif()
                    : JpegHeader.read(new ByteArrayInputStream(file)).exif()));
  }

  private PngRaster raster(byte[] file, String where) throws IOException {
    return attempt(
        where,
        () -> {
          if (format(file, where) == Format.JPEG) {
            throw new UnreadableImage(
                "Cannot read labels: expected a PNG, found a JPEG, whose compression changes values"
                    + " ("
                    + where
                    + ")",
                null);
          }
          return PngRaster.read(PngFile.of(file), maxPixels);
        });
  }

  private <T> T attempt(String where, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (UnreadableImage e) {
      throw e;
    } catch (IOException | ArithmeticException e) {
      throw new UnreadableImage(
          "Cannot decode an image: expected a whole PNG or JPEG, found "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + " ("
              + where
              + ")",
          e);
    }
  }

  /**
   * Whether a file that begins with these bytes, at least 8, says that it is PNG or JPEG. A file
   * decides by its first bytes, not by its name.
   */
  public static boolean isPngOrJpeg(byte[] head) {
    return PngFile.isPng(head) || JpegFile.isJpeg(head);
  }

  private static Format format(byte[] head, String where) throws UnreadableImage {
    if (PngFile.isPng(head)) {
      return Format.PNG;
    }
    if (JpegFile.isJpeg(head)) {
      return Format.JPEG;
    }
    throw new UnreadableImage(
        "Cannot decode an image: expected PNG or JPEG, found "
            + (head.length == 0
                ? "an empty file"
                : OtherFormat.of(head).map(OtherFormat::shown).orElse("neither's header"))
            + " ("
            + where
            + ")",
        null);
  }

  /** A file that is not an image, is damaged or is too large. */
  private static final class UnreadableImage extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableImage(String message, Exception cause) {
      super(message, cause);
    }
  }
}
