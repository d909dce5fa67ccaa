package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads a JPEG file from marker to marker (T.81, annex B): sequential and progressive frames of 8
 * bits with Huffman codes. Files of other kinds, damaged ones, and those that end before their last
 * marker are refused; what comes behind that is not looked at. Profiles and orientation tags change
 * no pixel.
 */
public final class JpegFile {
  private static final int MARKER = 0xFF;
  private static final int START = 0xD8;
  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;
  private static final int STEPS = 0xDB;
  private static final int CODES = 0xC4;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int JFIF = 0xE0;
  private static final int ADOBE = 0xEE;

  /** Tables of each kind that a file may have at a time. */
  private static final int TABLES = 4;

  /** Encoders write up to eleven scans. */
  private static final int USUAL_SCANS = 24;

  private static final int NO_TRANSFORM = -1;

  private final byte[] file;
  private final long maxPixels;
  private final int[][] steps = new int[TABLES][];
  private final HuffmanTable[] constants = new HuffmanTable[TABLES];
  private final HuffmanTable[] others = new HuffmanTable[TABLES];
  private Frame frame;
  private int restartInterval;
  private int scans;
  private boolean jfif;
  private int adobeTransform = NO_TRANSFORM;
  private int at = 2;

  private JpegFile(byte[] file, long maxPixels) {
    this.file = file;
    this.maxPixels = maxPixels;
  }

  /** Whether a file begins as a JPEG does. */
  public static boolean isJpeg(byte[] head) {
    return head.length >= 3
        && (head[0] & 0xFF) == MARKER
        && (head[1] & 0xFF) == START
        && (head[2] & 0xFF) == MARKER;
  }

  /**
   * Decodes.
   *
   * @param file begins as {@link #isJpeg} says
   * @param maxPixels the largest width·height; checked before anything of that size is allocated
   * @throws IOException if the file is damaged, ends early, has too many pixels or is of a kind
   *     that is not decoded; the message says what was found
   */
  public static JpegImage decode(byte[] file, long maxPixels) throws IOException {
    JpegFile reading = new JpegFile(file, maxPixels);
    while (reading.segment()) {
      // One marker after another.
    }
    if (reading.frame == null || reading.scans == 0) {
      throw new IOException("a JPEG without a picture");
    }
    return Picture.of(reading.frame, reading.colours());
  }

  /** Reads to behind the next marker's segment or data; false at the last one. */
  private boolean segment() throws IOException {
    int marker = nextMarker();
    if (marker == END) {
      return false;
    }
    if (marker == START) {
      throw new IOException("a JPEG that begins again at byte " + (at - 2));
    }
    if (marker == 1 || marker >= 0xD0 && marker < START) {
      return true; // has no length
    }
    if (at + 2 > file.length) {
      throw endsEarly();
    }
    int length = (file[at] & 0xFF) << 8 | file[at + 1] & 0xFF;
    if (length < 2 || length > file.length - at) {
      throw endsEarly();
    }
    Segment segment = new Segment(file, at + 2, at + length);
    at += length;
    read(marker, segment);
    return true;
  }

  private void read(int marker, Segment segment) throws IOException {
    switch (marker) {
      case SCAN -> scan(segment);
      case STEPS -> steps(segment);
      case CODES -> codes(segment);
      case RESTART_INTERVAL -> restartInterval = segment.twoBytes();
      case JFIF -> jfif |= segment.left() >= 14 && segment.startsWith("JFIF\0");
      case ADOBE -> {
        if (segment.left() >= 12 && segment.startsWith("Adobe")) {
          segment.skip(11);
          adobeTransform = segment.oneByte();
        }
      }
      case 0xCC -> throw new IOException("a JPEG with arithmetic coding, which is not decoded");
      case 0xDC -> throw new IOException("a JPEG that states its height behind its data");
      default -> {
        if (Frame.begins(marker)) {
          if (frame != null) {
            throw new IOException("a JPEG of several frames");
          }
          frame = Frame.of(marker, segment);
          requireSize();
        }
      }
    }
  }

  private void requireSize() throws IOException {
    if ((long) frame.width() * frame.height() > maxPixels) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a header that states %dx%d, where data.max-pixels allows %d pixels",
              frame.width(),
              frame.height(),
              maxPixels));
    }
    // A block takes two codes in a sequential frame, one bit at least in a progressive one.
    long least = frame.blocks() * (frame.progressive() ? 1 : 2) / 8;
    if (file.length < least) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "JPEG data that end early: %d bytes for %dx%d pixels",
              file.length,
              frame.width(),
              frame.height()));
    }
  }

  /** The next marker's second byte; {@link #at} is behind it. */
  private int nextMarker() throws IOException {
    while (at + 1 < file.length) {
      int second = file[at + 1] & 0xFF;
      if (file[at] == -1 && second != 0 && second != MARKER) {
        at += 2;
        return second;
      }
      at++;
    }
    throw endsEarly();
  }

  private IOException endsEarly() {
    return new IOException("JPEG data that end early, at byte " + file.length);
  }

  private void steps(Segment segment) throws IOException {
    while (segment.left() > 0) {
      int head = segment.oneByte();
      if ((head & 15) >= TABLES || head >> 4 > 1) {
        throw new IOException("a JPEG with a quantisation table of no known kind");
      }
      int[] table = new int[Component.BLOCK];
      for (int k = 0; k < table.length; k++) {
        table[k] = head >> 4 == 0 ? segment.oneByte() : segment.twoBytes();
      }
      steps[head & 15] = table;
    }
  }

  private void codes(Segment segment) throws IOException {
    while (segment.left() > 0) {
      int head = segment.oneByte();
      if ((head & 15) >= TABLES || head >> 4 > 1) {
        throw new IOException("a JPEG with a Huffman table of no known kind");
      }
      int[] counts = new int[HuffmanTable.LONGEST];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = segment.oneByte();
      }
      int symbols = Arrays.stream(counts).sum();
      if (symbols > 256) {
        throw new IOException("a JPEG with a Huffman table of too many codes");
      }
      byte[] values = new byte[symbols];
      for (int i = 0; i < symbols; i++) {
        values[i] = (byte) segment.oneByte();
      }
      HuffmanTable table = new HuffmanTable(counts, values);
      (head >> 4 == 0 ? constants : others)[head & 15] = table;
    }
  }

  private void scan(Segment segment) throws IOException {
    if (frame == null) {
      throw new IOException("a JPEG scan without a frame header");
    }
    scans++;
    long pixels = (long) frame.width() * frame.height();
    if (scans > USUAL_SCANS && scans * pixels > USUAL_SCANS * maxPixels) {
      throw new IOException(
          String.format(Locale.ROOT, "more than %d scans of %d pixels", USUAL_SCANS, pixels));
    }
    Scan scan = Scan.of(segment, frame, constants, others, restartInterval);
    for (Scan.Part part : scan.parts()) {
      Component component = part.component();
      if (component.steps == null) {
        if (steps[component.table] == null) {
          throw new IOException("a JPEG without its quantisation table");
        }
        component.steps = steps[component.table];
      }
    }
    ScanReader.BlockReader blocks =
        frame.progressive() ? new ProgressiveBlocks(scan) : new SequentialBlocks(scan);
    at = new ScanReader(file, at, frame, scan, blocks).read();
  }

  /** What the components mean, by marker and, without one, by their names. */
  private Colours colours() {
    switch (frame.components().size()) {
      case 1:
        return Colours.GREY;
      case 4:
        return adobeTransform == NO_TRANSFORM || adobeTransform == 0 ? Colours.CMYK : Colours.YCCK;
      default:
        if (jfif) {
          return Colours.YCBCR;
        }
        if (adobeTransform != NO_TRANSFORM) {
          return adobeTransform == 0 ? Colours.RGB : Colours.YCBCR;
        }
        int[] names = frame.components().stream().mapToInt(c -> c.id).toArray();
        return Arrays.equals(names, new int[] {'R', 'G', 'B'}) ? Colours.RGB : Colours.YCBCR;
    }
  }
}
