package org.adaptseg.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.adaptseg.data.png.PngFile;
import org.adaptseg.data.png.PngRaster;

/**
 * PNG and JPEG files to pixels or label values. Pixels and labels are read as the raster's samples,
 * never through Java's colour conversion, which would change grey values and turn label indices
 * into colours. Thread-safe.
 *
 * @param maxPixels the largest width·height that is decoded; checked from the header, before
 *     anything of the image's size is allocated
 */
public record ImageDecoder(long maxPixels) {
  private static final int SIGNATURE_BYTES = 8;

  /** Width and height of an image, from its header. */
  public record Size(int width, int height) {}

  private record Decoded(Raster raster, ColorModel colours) {}

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

  /** The size that the header states, whatever it is. */
  public Size statedSize(byte[] file, String where) throws IOException {
    return with(
        new ByteArrayInputStream(file),
        where,
        (reader, warnings) -> new Size(reader.getWidth(0), reader.getHeight(0)));
  }

  /** The size that the header states, within the bound. */
  public Size size(byte[] file, String where) throws IOException {
    return size(new ByteArrayInputStream(file), where);
  }

  /** The size that the header states, within the bound; reads little more than the header. */
  public Size size(InputStream file, String where) throws IOException {
    return with(file, where, (reader, warnings) -> checkedSize(reader));
  }

  /**
   * The pixels. Grey becomes three equal channels, a palette its colours, 16 bits their upper 8; an
   * alpha channel is dropped, not blended (as Pillow's {@code convert("RGB")} does).
   */
  public RgbImage image(byte[] file, String where) throws IOException {
    Optional<PngRaster> png = raster(file, where);
    return png.isPresent() ? RgbImage.of(png.get()) : rgb(decode(file, where), where);
  }

  /** The label values: palette indices, grey values, or the first of several channels. */
  public RawLabels labels(byte[] file, String where) throws IOException {
    Optional<PngRaster> png = raster(file, where);
    if (png.isPresent()) {
      return RawLabels.of(png.get());
    }
    Raster raster = decode(file, where).raster();
    if (raster.getSampleModel().getSampleSize(0) > 16) {
      throw new IOException(
          "Cannot read labels: expected at most 16 bits a value, found "
              + raster.getSampleModel().getSampleSize(0)
              + " ("
              + where
              + ")");
    }
    int width = raster.getWidth();
    char[] values = new char[width * raster.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (char) row[x];
      }
    }
    return new RawLabels(raster.getHeight(), width, values);
  }

  /**
   * Train ids of the label values.
   *
   * @throws IOException if the file cannot be decoded or holds a value that the map does not know
   */
  public LabelImage labels(byte[] file, LabelMap map, String where) throws IOException {
    Optional<PngRaster> png = raster(file, where);
    return png.isPresent() ? map.apply(png.get(), where) : map.apply(labels(file, where), where);
  }

  private static RgbImage rgb(Decoded decoded, String where) throws IOException {
    Raster raster = decoded.raster();
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    int bits = raster.getSampleModel().getSampleSize(0);
    byte[] rgb = new byte[3 * width * height];
    IndexColorModel palette = decoded.colours() instanceof IndexColorModel colours ? colours : null;
    if (palette == null && bits != 8 && bits != 16) {
      throw new IOException(
          "Cannot read pixels: expected 8 or 16 bits a channel, found "
              + bits
              + " ("
              + where
              + ")");
    }
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (palette != null) {
          int colour = palette.getRGB(row[x]);
          rgb[to++] = (byte) (colour >> 16);
          rgb[to++] = (byte) (colour >> 8);
          rgb[to++] = (byte) colour;
          continue;
        }
        for (int c = 0; c < 3; c++) {
          // One or two bands are grey (and alpha); three or four are R, G, B (and alpha).
          rgb[to++] = (byte) (row[x * bands + (bands < 3 ? 0 : c)] >> (bits - 8));
        }
      }
    }
    return new RgbImage(height, width, rgb);
  }

  /** The samples without Java's reader, of the files that need none of it. */
  private Optional<PngRaster> raster(byte[] file, String where) throws IOException {
    if (!PngFile.isPng(file)) {
      return Optional.empty();
    }
    try {
      return PngRaster.read(PngFile.of(file), maxPixels);
    } catch (IOException | ArithmeticException e) {
      throw damaged(e, where);
    }
  }

  private Decoded decode(byte[] file, String where) throws IOException {
    return with(
        new ByteArrayInputStream(essential(file, where)),
        where,
        (reader, warnings) -> {
          Size size = checkedSize(reader);
          if (JpegFile.isJpeg(file)) {
            JpegFile.requireBoundedWork(file, (long) size.width() * size.height(), maxPixels);
          }
          BufferedImage image = reader.read(0);
          // The JPEG reader fills what a truncated file lacks with grey and only warns.
          if (warnings.premature != null) {
            throw new IOException(warnings.premature);
          }
          return new Decoded(image.getRaster(), image.getColorModel());
        });
  }

  private interface Reading<T> {
    T read(ImageReader reader, Warnings warnings) throws IOException;
  }

  /** Keeps one warning: a damaged file can cause any number. */
  private static final class Warnings implements IIOReadWarningListener {
    private String premature;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature")) {
        premature = warning;
      }
    }
  }

  private <T> T with(InputStream file, String where, Reading<T> reading) throws IOException {
    // In memory: ImageIO's default would copy every image to a temporary file.
    try (ImageInputStream in = new MemoryCacheImageInputStream(file)) {
      ImageReader reader = reader(in, where);
      try {
        Warnings warnings = new Warnings();
        reader.addIIOReadWarningListener(warnings);
        // Metadata is skipped: it is not needed, and compressed text chunks have no bound.
        reader.setInput(in, true, true);
        return reading.read(reader, warnings);
      } finally {
        reader.dispose();
      }
    } catch (UnreadableImage e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Image readers meet damaged files with any RuntimeException.
      throw damaged(e, where);
    }
  }

  private byte[] essential(byte[] file, String where) throws IOException {
    try {
      return PngFile.isPng(file) ? PngFile.of(file).withoutTheRest() : file;
    } catch (IOException e) {
      throw damaged(e, where);
    }
  }

  private UnreadableImage damaged(Exception e, String where) {
    return new UnreadableImage(
        "Cannot decode an image: expected a PNG or JPEG of at most "
            + maxPixels
            + " pixels, found "
            + reason(e)
            + " ("
            + where
            + ")",
        e);
  }

  /** Java's own readers of the two formats; the file decides by its first bytes. */
  private static ImageReader reader(ImageInputStream in, String where) throws IOException {
    byte[] head = new byte[SIGNATURE_BYTES];
    int read = Math.max(0, in.read(head));
    in.seek(0);
    byte[] found = Arrays.copyOf(head, read);
    String format = PngFile.isPng(found) ? "png" : JpegFile.isJpeg(found) ? "jpeg" : null;
    if (format == null) {
      throw new UnreadableImage(
          "Cannot decode an image: expected PNG or JPEG, found neither's header (" + where + ")",
          null);
    }
    return ImageIO.getImageReadersByFormatName(format).next();
  }

  private Size checkedSize(ImageReader reader) throws IOException {
    Size size = new Size(reader.getWidth(0), reader.getHeight(0));
    if (size.width() < 1 || size.height() < 1 || (long) size.width() * size.height() > maxPixels) {
      throw new IOException("a header that states " + size.width() + "x" + size.height());
    }
    return size;
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** A file that is no image, a damaged one, or one that is too large. */
  private static final class UnreadableImage extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableImage(String message, Exception cause) {
      super(message, cause);
    }
  }
}
