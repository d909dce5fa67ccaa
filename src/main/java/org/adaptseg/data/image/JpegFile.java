package org.adaptseg.data.image;

import java.io.IOException;

/**
 * Bounds the work that a JPEG file asks for: every scan of a progressive file goes over the whole
 * image again, and a scan can be a dozen bytes.
 */
final class JpegFile {
  /** Encoders write up to eleven scans; a thumbnail in the metadata has some of its own. */
  private static final int USUAL_SCANS = 24;

  private static final byte MARKER = (byte) 0xFF;
  private static final byte START_OF_SCAN = (byte) 0xDA;

  private JpegFile() {}

  static boolean isJpeg(byte[] head) {
    return head.length >= 3 && head[0] == MARKER && head[1] == (byte) 0xD8 && head[2] == MARKER;
  }

  /**
   * Refuses a file that would be decoded over and over.
   *
   * @param pixels of the image
   * @param maxPixels the decoder's bound; a file of {@value #USUAL_SCANS} scans may reach it
   */
  static void requireBoundedWork(byte[] file, long pixels, long maxPixels) throws IOException {
    int scans = 0;
    for (int i = 0; i + 1 < file.length; i++) {
      if (file[i] == MARKER && file[i + 1] == START_OF_SCAN) {
        scans++;
      }
    }
    if (scans > USUAL_SCANS && scans * pixels > USUAL_SCANS * maxPixels) {
      throw new IOException("%d scans of %d pixels".formatted(scans, pixels));
    }
  }
}
