package org.adaptseg.data.jpeg;

import java.io.IOException;

/** The parameters of one marker, read from front to back (T.81, B.1.1.4). */
final class Segment {
  private final byte[] file;
  private final int end;
  private int at;

  /**
   * @param from the first byte behind the length
   * @param end behind the last one, within the file
   */
  Segment(byte[] file, int from, int end) {
    this.file = file;
    this.at = from;
    this.end = end;
  }

  int left() {
    return end - at;
  }

  int oneByte() throws IOException {
    if (at >= end) {
      throw new IOException("a JPEG segment that is too short");
    }
    return file[at++] & 0xFF;
  }

  int twoBytes() throws IOException {
    int high = oneByte();
    return high << 8 | oneByte();
  }

  /** Whether the segment's rest begins with this text; nothing is taken. */
  boolean startsWith(String text) {
    if (left() < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((file[at + i] & 0xFF) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Takes bytes without looking at them. */
  void skip(int bytes) throws IOException {
    if (bytes > left()) {
      throw new IOException("a JPEG segment that is too short");
    }
    at += bytes;
  }
}
