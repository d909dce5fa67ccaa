package org.adaptseg.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Encodes pictures in memory. {@code ImageIO} left alone writes a temporary file beside each, and
 * fails where the folder of such files is full, read-only or not there.
 */
public final class PictureFile {
  private PictureFile() {}

  /**
   * The bytes of a file.
   *
   * @param format {@code png} or {@code jpg}
   * @throws IllegalStateException if Java has no writer of the format that takes the picture
   */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException(
            "Cannot encode a picture: expected a writer of " + format + ", found none");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode a picture: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }
}
