package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of entropy-coded data up to the next marker (T.81, F.2.2.5). Beyond them come zeros,
 * without an end: readers call {@link #requireEnough} from time to time.
 */
final class EntropyBits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final int FULL = 56;

  private final byte[] file;

  /** The next byte of which no bit is counted. */
  private int at;

  /** The next bits, the first one highest. */
  long bits;

  /** How many of {@link #bits} count, those made up included. */
  int count;

  /** How many bits were made up. */
  private int madeUp;

  EntropyBits(byte[] file, int from) {
    this.file = file;
    this.at = from;
  }

  /** Sees to it that at least 56 bits are there. */
  void fill() {
    if (count < FULL) {
      if (at + Long.BYTES <= file.length) {
        long next = (long) LONGS.get(file, at);
        if (((~next - ONES) & next & HIGHS) == 0) {
          bits |= next >>> count;
          at += 63 - count >> 3;
          count |= FULL;
          return;
        }
      }
      fillByBytes();
    }
  }

  private void fillByBytes() {
    // The fast way leaves bits of the next byte below those that count.
    bits = count == 0 ? 0 : bits & -1L << 64 - count;
    while (count <= FULL) {
      int next;
      if (at >= file.length || file[at] == -1 && (at + 1 >= file.length || file[at + 1] != 0)) {
        next = 0;
        madeUp += 8;
      } else {
        next = file[at] & 0xFF;
        at += next == 0xFF ? 2 : 1;
      }
      bits |= (long) next << FULL - count;
      count += 8;
    }
  }

  /** Takes up to 16 bits; {@link #fill} comes before. */
  int take(int wanted) {
    if (wanted == 0) {
      return 0;
    }
    int taken = (int) (bits >>> 64 - wanted);
    drop(wanted);
    return taken;
  }

  void drop(int taken) {
    bits <<= taken;
    count -= taken;
  }

  /** The next symbol. */
  int symbol(HuffmanTable table) throws IOException {
    fill();
    int entry = table.symbols[(int) (bits >>> 64 - HuffmanTable.SHORT)];
    if (entry == 0) {
      entry = longSymbol(table);
    }
    drop(entry >> 8);
    return entry & 0xFF;
  }

  /** Length · 256 + symbol of a long code, which is not taken. */
  int longSymbol(HuffmanTable table) throws IOException {
    int entry = table.longSymbol((int) (bits >>> 64 - HuffmanTable.LONGEST));
    if (entry == HuffmanTable.NONE) {
      requireEnough();
      throw new IOException("damaged JPEG data: a code of no symbol");
    }
    return entry;
  }

  /**
   * Checks that no bit was taken that the file does not hold.
   *
   * @throws IOException if one was
   */
  void requireEnough() throws IOException {
    if (count < madeUp) {
      throw new IOException("JPEG data that end early, at byte " + at);
    }
  }

  /** Bits that are there and were not taken. */
  int left() {
    return count - madeUp;
  }

  /** The first byte that was not looked at: a marker's, if all data were taken. */
  int position() {
    return at;
  }

  /** Continues at another byte. */
  void restart(int from) {
    at = from;
    bits = 0;
    count = 0;
    madeUp = 0;
  }
}
