package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * A Huffman code (T.81, annex C) as tables to look up the next bits in. Codes of up to {@value
 * #SHORT} bits take one look, and where the bits of a coefficient's value fit in beside, the look
 * gives that, too.
 */
final class HuffmanTable {
  /** Bits that a look takes. */
  static final int SHORT = 10;

  static final int LONGEST = 16;

  /** Symbol of a code that no symbol has. */
  static final int NONE = -1;

  /** Of {@link #coefficients}: bits to take. */
  static final int TAKE = 31;

  /** Of {@link #coefficients}: where the four bits of the run of zeros stand. */
  static final int RUN_AT = 5;

  /** Of {@link #coefficients}: where the four bits of the number of value bits to come stand. */
  static final int SIZE_AT = 9;

  /** Of {@link #coefficients}: where the value stands. */
  static final int VALUE_AT = 16;

  /** By the next bits, length of the code · 256 + its symbol; 0 for longer codes. */
  final short[] symbols = new short[1 << SHORT];

  /**
   * By the next bits, a symbol that is run and size, and the value if its bits are among them,
   * which leaves a size of 0; 0 for longer codes.
   */
  final int[] coefficients = new int[1 << SHORT];

  /** Of every length, the first code that is longer, left-aligned in {@value #LONGEST} bits. */
  private final int[] firstLonger = new int[LONGEST + 1];

  /** Of every length, the place of a code's symbol less the code. */
  private final int[] offset = new int[LONGEST + 1];

  private final byte[] values;

  /**
   * Makes the tables.
   *
   * @param counts of every length 1..16, the number of codes
   * @param values their symbols, shortest codes first
   * @throws IOException if there are more codes than bits for them
   */
  HuffmanTable(int[] counts, byte[] values) throws IOException {
    this.values = values.clone();
    int code = 0;
    int at = 0;
    for (int length = 1; length <= LONGEST; length++) {
      offset[length] = at - code;
      for (int i = 0; i < counts[length - 1]; i++) {
        if (code >= 1 << length) {
          throw new IOException("a JPEG with a Huffman table of too many codes");
        }
        if (length <= SHORT) {
          int spare = SHORT - length;
          short entry = (short) (length << 8 | this.values[at] & 0xFF);
          Arrays.fill(symbols, code << spare, code + 1 << spare, entry);
        }
        code++;
        at++;
      }
      firstLonger[length] = code << LONGEST - length;
      code <<= 1;
    }
    for (int bits = 0; bits < symbols.length; bits++) {
      coefficients[bits] = coefficient(bits);
    }
  }

  /** Whether every symbol is a size that a difference of constant parts can have. */
  boolean servesConstantParts() {
    for (byte value : values) {
      if ((value & 0xFF) > 15) {
        return false;
      }
    }
    return true;
  }

  /**
   * A code that is longer than {@value #SHORT} bits.
   *
   * @param bits the next {@value #LONGEST}
   * @return length · 256 + symbol, or {@link #NONE}
   */
  int longSymbol(int bits) {
    for (int length = SHORT + 1; length <= LONGEST; length++) {
      if (bits < firstLonger[length]) {
        int place = offset[length] + (bits >> LONGEST - length);
        return place < 0 || place >= values.length ? NONE : length << 8 | values[place] & 0xFF;
      }
    }
    return NONE;
  }

  private int coefficient(int bits) {
    int entry = symbols[bits];
    if (entry == 0) {
      return 0;
    }
    int length = entry >> 8;
    int symbol = entry & 0xFF;
    int run = symbol >> 4;
    int size = symbol & 15;
    if (size == 0 || length + size > SHORT) {
      return size << SIZE_AT | run << RUN_AT | length;
    }
    int value = bits >> SHORT - length - size & (1 << size) - 1;
    return extended(value, size) << VALUE_AT | run << RUN_AT | length + size;
  }

  /** The signed value of its bits (T.81, F.2.2.1). */
  static int extended(int bits, int size) {
    return bits < 1 << size - 1 ? bits - (1 << size) + 1 : bits;
  }
}
