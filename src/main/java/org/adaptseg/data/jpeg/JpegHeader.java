package org.adaptseg.data.jpeg;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a JPEG file says of itself before its data.
 *
 * @param width in pixels, as stated
 * @param height in pixels, as stated
 * @param exif tags of a camera, as a TIFF file; null if there are none
 */
public record JpegHeader(int width, int height, byte[] exif) {
  private static final int MARKER = 0xFF;
  private static final int TAGS = 0xE1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

  /**
   * Reads up to the frame header.
   *
   * @param file at its begin
   * @throws IOException if the file ends before, or there is none
   */
  public static JpegHeader read(InputStream file) throws IOException {
    DataInputStream in = new DataInputStream(file);
    byte[] exif = null;
    try {
      in.readShort();
      while (true) {
        int marker = nextMarker(in);
        if (marker == 0xD9 || marker == 0xDA) {
          throw new IOException("a JPEG without a frame header before its data");
        }
        if (marker == 1 || marker >= 0xD0 && marker <= 0xD8) {
          continue; // has no length
        }
        int left = in.readUnsignedShort() - 2;
        if (left < 0) {
          throw new IOException("a JPEG segment that is too short");
        }
        if (Frame.begins(marker)) {
          in.readByte();
          int height = in.readUnsignedShort();
          return new JpegHeader(in.readUnsignedShort(), height, exif);
        }
        if (marker == TAGS && exif == null) {
          byte[] data = new byte[left];
          in.readFully(data);
          if (left > EXIF.length && Arrays.equals(data, 0, EXIF.length, EXIF, 0, EXIF.length)) {
            exif = Arrays.copyOfRange(data, EXIF.length, left);
          }
        } else {
          in.skipNBytes(left);
        }
      }
    } catch (EOFException e) {
      throw new IOException("a JPEG that ends before its frame header", e);
    }
  }

  private static int nextMarker(DataInputStream in) throws IOException {
    int before = 0;
    while (true) {
      int next = in.readUnsignedByte();
      if (before == MARKER && next != MARKER && next != 0) {
        return next;
      }
      before = next;
    }
  }
}
