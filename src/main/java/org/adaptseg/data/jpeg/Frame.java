package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A frame header (T.81, B.2.2) of one of the kinds that are decoded.
 *
 * @param progressive whether coefficients come in several scans
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param components 1 (grey), 3 (YCbCr or RGB) or 4 (CMYK or YCCK)
 */
record Frame(boolean progressive, int width, int height, List<Component> components) {
  private static final int START = 0xC0;
  private static final int PROGRESSIVE = 0xC2;
  private static final int MOST_SAMPLING = 4;

  /** Whether a marker begins a frame header, of whatever kind. */
  static boolean begins(int marker) {
    return marker >= START
        && marker <= 0xCF
        && marker != 0xC4 // tables
        && marker != 0xC8 // reserved
        && marker != 0xCC; // tables
  }

  /**
   * Reads the header.
   *
   * @param segment positioned behind the length
   * @throws IOException if the kind is not decoded or the header makes no sense
   */
  static Frame of(int marker, Segment segment) throws IOException {
    requireKind(marker);
    int precision = segment.oneByte();
    int height = segment.twoBytes();
    int width = segment.twoBytes();
    int count = segment.oneByte();
    if (precision != 8) {
      throw new IOException("a JPEG of " + precision + " bits a sample, not of 8");
    }
    if (height == 0) {
      throw new IOException("a JPEG header that states no height");
    }
    if (width == 0) {
      throw new IOException("a JPEG header that states no width");
    }
    if (count != 1 && count != 3 && count != 4) {
      throw new IOException("a JPEG of " + count + " components, not of 1, 3 or 4");
    }
    if (segment.left() != 3 * count) {
      throw new IOException("a JPEG frame header of another length than its components need");
    }
    Component[] components = new Component[count];
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int id = segment.oneByte();
      int factors = segment.oneByte();
      int table = segment.oneByte();
      components[i] = new Component(id, factors >> 4, factors & 15, table);
      if (!ids.add(id) || table > 3) {
        throw new IOException("a JPEG frame header with a component of no sense");
      }
    }
    Frame frame = new Frame(marker == PROGRESSIVE, width, height, List.of(components));
    frame.layOut();
    return frame;
  }

  private static void requireKind(int marker) throws IOException {
    if (marker <= PROGRESSIVE) {
      return;
    }
    throw new IOException(
        switch (marker) {
          case 0xC3 -> "a lossless JPEG, which is not decoded";
          case 0xC9, 0xCA -> "a JPEG with arithmetic coding, which is not decoded";
          case 0xCB -> "a lossless JPEG with arithmetic coding, which is not decoded";
          default -> "a hierarchical JPEG, which is not decoded";
        });
  }

  private void layOut() throws IOException {
    for (Component c : components) {
      if (c.horizontal < 1
          || c.vertical < 1
          || c.horizontal > MOST_SAMPLING
          || c.vertical > MOST_SAMPLING) {
        throw new IOException(
            String.format(
                Locale.ROOT, "a JPEG with sampling factors %dx%d", c.horizontal, c.vertical));
      }
    }
    for (Component c : components) {
      if (mostHorizontal() % c.horizontal != 0 || mostVertical() % c.vertical != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "a JPEG whose sampling factors %dx%d do not divide %dx%d",
                c.horizontal,
                c.vertical,
                mostHorizontal(),
                mostVertical()));
      }
      c.width = ceil(width * c.horizontal, mostHorizontal());
      c.height = ceil(height * c.vertical, mostVertical());
      c.blocksAcross = ceil(c.width, 8);
      c.blocksDown = ceil(c.height, 8);
      c.paddedAcross = unitsAcross() * c.horizontal;
      c.paddedDown = unitsDown() * c.vertical;
    }
  }

  int mostHorizontal() {
    return components.stream().mapToInt(c -> c.horizontal).max().orElseThrow();
  }

  int mostVertical() {
    return components.stream().mapToInt(c -> c.vertical).max().orElseThrow();
  }

  /** Units of an interleaved scan in a row. */
  int unitsAcross() {
    return ceil(width, 8 * mostHorizontal());
  }

  /** Rows of units of an interleaved scan. */
  int unitsDown() {
    return ceil(height, 8 * mostVertical());
  }

  /** Blocks that hold samples of the picture, of all components. */
  long blocks() {
    return components.stream().mapToLong(c -> (long) c.blocksAcross * c.blocksDown).sum();
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
