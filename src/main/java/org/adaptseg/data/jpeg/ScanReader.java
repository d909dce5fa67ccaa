package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.Locale;

/** Walks over the blocks of a scan in the order in which they are stored (T.81, A.2, E.2.4). */
final class ScanReader {
  private static final int FIRST_RESTART = 0xD0;
  private static final int RESTARTS = 8;

  private final byte[] file;
  private final Frame frame;
  private final Scan scan;
  private final EntropyBits bits;
  private final BlockReader blocks;
  private int restarts;
  private int untilRestart;

  /** What reads one block. */
  interface BlockReader {
    /**
     * Reads the next block.
     *
     * @param part number of the scan's part that the block belongs to
     */
    void read(EntropyBits bits, int part, int row, int column) throws IOException;

    /** Forgets what was carried over from earlier blocks. */
    void restart() throws IOException;
  }

  ScanReader(byte[] file, int from, Frame frame, Scan scan, BlockReader blocks) {
    this.file = file;
    this.frame = frame;
    this.scan = scan;
    this.bits = new EntropyBits(file, from);
    this.blocks = blocks;
    this.untilRestart = scan.restartInterval();
  }

  /**
   * Reads all blocks.
   *
   * @return where the data end, at the next marker or before it
   */
  int read() throws IOException {
    if (scan.interleaved()) {
      interleaved();
    } else {
      one();
    }
    bits.requireEnough();
    blocks.restart();
    return bits.position();
  }

  private void interleaved() throws IOException {
    int across = frame.unitsAcross();
    int down = frame.unitsDown();
    for (int y = 0; y < down; y++) {
      for (int x = 0; x < across; x++) {
        beginUnit();
        for (int part = 0; part < scan.parts().size(); part++) {
          Component c = scan.parts().get(part).component();
          for (int v = 0; v < c.vertical; v++) {
            for (int h = 0; h < c.horizontal; h++) {
              blocks.read(bits, part, y * c.vertical + v, x * c.horizontal + h);
            }
          }
        }
      }
      bits.requireEnough();
    }
  }

  private void one() throws IOException {
    Component c = scan.parts().get(0).component();
    for (int y = 0; y < c.blocksDown; y++) {
      for (int x = 0; x < c.blocksAcross; x++) {
        beginUnit();
        blocks.read(bits, 0, y, x);
      }
      bits.requireEnough();
    }
  }

  private void beginUnit() throws IOException {
    if (scan.restartInterval() == 0) {
      return;
    }
    if (untilRestart == 0) {
      bits.requireEnough();
      blocks.restart();
      int at = bits.position();
      int marker = FIRST_RESTART + restarts % RESTARTS;
      // Encoders fill the last byte up and may repeat 0xFF before a marker.
      while (at + 2 < file.length && file[at] == -1 && file[at + 1] == -1) {
        at++;
      }
      if (bits.left() >= 8
          || at + 2 > file.length
          || file[at] != -1
          || (file[at + 1] & 0xFF) != marker) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "damaged JPEG data: expected restart marker %d at byte %d",
                restarts % RESTARTS,
                at));
      }
      bits.restart(at + 2);
      restarts++;
      untilRestart = scan.restartInterval();
    }
    untilRestart--;
  }
}
