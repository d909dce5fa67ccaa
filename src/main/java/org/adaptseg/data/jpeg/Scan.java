package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scan header (T.81, B.2.3) with the tables that are valid when it begins.
 *
 * @param parts components, in the order in which they are interleaved
 * @param from first coefficient in zigzag order
 * @param to last coefficient in zigzag order
 * @param before the lowest bit that earlier scans gave, 0 if there were none
 * @param bit the lowest bit that this scan gives
 * @param restartInterval units between restart markers, 0 if there are none
 */
record Scan(List<Part> parts, int from, int to, int before, int bit, int restartInterval) {
  /** Blocks that a unit of an interleaved scan may have at most (T.81, B.2.3). */
  private static final int MOST_BLOCKS = 10;

  /**
   * One component's share.
   *
   * @param constants table of constant parts; null where the file has none of that number
   * @param others table of the other coefficients; null where the file has none of that number
   */
  record Part(Component component, HuffmanTable constants, HuffmanTable others) {
    HuffmanTable constantsOrFail() throws IOException {
      if (constants == null || !constants.servesConstantParts()) {
        throw new IOException("a JPEG scan without its Huffman table of constant parts");
      }
      return constants;
    }

    HuffmanTable othersOrFail() throws IOException {
      if (others == null) {
        throw new IOException("a JPEG scan without its Huffman table of coefficients");
      }
      return others;
    }
  }

  /**
   * Reads the header.
   *
   * @param segment positioned behind the length
   */
  static Scan of(
      Segment segment,
      Frame frame,
      HuffmanTable[] constants,
      HuffmanTable[] others,
      int restartInterval)
      throws IOException {
    int count = segment.oneByte();
    if (count < 1 || count > frame.components().size() || segment.left() != 2 * count + 3) {
      throw new IOException("a JPEG scan header of no sense");
    }
    List<Part> parts = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      int id = segment.oneByte();
      int tables = segment.oneByte();
      Component component =
          frame.components().stream().filter(c -> c.id == id).findFirst().orElse(null);
      if (component == null
          || parts.stream().anyMatch(p -> p.component() == component)
          || (tables >> 4) > 3
          || (tables & 15) > 3) {
        throw new IOException("a JPEG scan header of no sense");
      }
      parts.add(new Part(component, constants[tables >> 4], others[tables & 15]));
      blocks += component.horizontal * component.vertical;
    }
    if (count > 1 && blocks > MOST_BLOCKS) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a JPEG scan of %d blocks a unit, not of at most %d",
              blocks,
              MOST_BLOCKS));
    }
    int from = segment.oneByte();
    int to = segment.oneByte();
    int bits = segment.oneByte();
    return new Scan(List.copyOf(parts), from, to, bits >> 4, bits & 15, restartInterval);
  }

  boolean interleaved() {
    return parts.size() > 1;
  }
}
