package org.adaptseg.data.png;

import java.util.Arrays;

/**
 * A Huffman code of RFC 1951 as tables, from the lengths of its codes (§3.2.2). The first {@link
 * #root} bits of what is to be read choose an entry; codes that are longer have a second table
 * behind it, for the rest.
 *
 * <p>An entry is an int. Bits 0..5 are the bits that it takes, bits 6 and 7 the number of literals.
 * If there are any, they stand in the three bytes from bit 8 on, the first one lowest. If not, bits
 * 8..11 are the number of extra bits, bits 12 and 13 one of {@link #VALUE}, {@link #END}, {@link
 * #MORE} and {@link #NONE}, and from bit 14 on stands the value or the place of the second table.
 */
final class HuffmanCode {
  /** The longest code. */
  static final int LONGEST = 15;

  /** One literal. */
  static final int LITERAL = 1 << 6;

  /** Masks the number of literals. */
  static final int LITERALS = 3 << 6;

  /** A length, a distance or a code length. */
  static final int VALUE = 0;

  /** The end of a block. */
  static final int END = 1 << 12;

  /** A code that is longer than the first table's index. */
  static final int MORE = 2 << 12;

  /** What no code stands for. */
  static final int NONE = 3 << 12;

  /** Masks these four. */
  static final int KIND = 3 << 12;

  /** Where values begin. */
  static final int VALUE_AT = 14;

  /** Masks the bits that an entry takes. */
  static final int TAKEN = 63;

  /** The symbol that ends a block. */
  static final int END_OF_BLOCK = 256;

  /** Three short literals fit in this many bits; a table of twice the size gained nothing. */
  private static final int SYMBOL_BITS = 12;

  private static final int DISTANCE_BITS = 9;
  private static final int LENGTH_BITS = 7;

  private final int root;
  private final boolean mayLack;
  private final int[] meanings;
  private final int[] entries;
  private final int[] sorted;
  private final int[] counts = new int[LONGEST + 1];
  private final int[] several;
  private boolean severalMade;

  /**
   * @param root bits of the first table's index
   * @param longest bits of the longest code
   * @param mayLack whether there may be no code at all, or one of one bit
   * @param meanings an entry without its length for each symbol
   */
  private HuffmanCode(int root, int longest, boolean mayLack, int[] meanings) {
    this.root = root;
    this.mayLack = mayLack;
    this.meanings = meanings;
    // A code of more than one bit is complete: a second table has two symbols or more.
    int tables = longest > root ? meanings.length / 2 : 0;
    this.entries = new int[(1 << root) + (tables << LONGEST - root)];
    this.several = new int[1 << root];
    this.sorted = new int[meanings.length];
  }

  /** The code of literals, lengths of matches, and the end of a block (§3.2.5). */
  static HuffmanCode ofSymbols() {
    int[] meanings = new int[288];
    Arrays.fill(meanings, NONE);
    for (int i = 0; i < END_OF_BLOCK; i++) {
      meanings[i] = LITERAL | i << 8;
    }
    meanings[END_OF_BLOCK] = END;
    int length = 3;
    for (int i = 0; i < 28; i++) {
      int extra = Math.max(0, i / 4 - 1);
      meanings[END_OF_BLOCK + 1 + i] = length << VALUE_AT | extra << 8;
      length += 1 << extra;
    }
    meanings[285] = 258 << VALUE_AT;
    return new HuffmanCode(SYMBOL_BITS, LONGEST, true, meanings);
  }

  /** The code of distances of matches (§3.2.5). */
  static HuffmanCode ofDistances() {
    int[] meanings = new int[32];
    Arrays.fill(meanings, NONE);
    int distance = 1;
    for (int i = 0; i < 30; i++) {
      int extra = Math.max(0, i / 2 - 1);
      meanings[i] = distance << VALUE_AT | extra << 8;
      distance += 1 << extra;
    }
    return new HuffmanCode(DISTANCE_BITS, LONGEST, true, meanings);
  }

  /** The code of lengths of codes (§3.2.7). */
  static HuffmanCode ofLengths() {
    int[] meanings = new int[19];
    for (int i = 0; i < meanings.length; i++) {
      meanings[i] = i << VALUE_AT;
    }
    return new HuffmanCode(LENGTH_BITS, LENGTH_BITS, false, meanings);
  }

  /**
   * Makes the tables.
   *
   * @param lengths of the codes of symbols 0 to {@code count} - 1 from {@code from} on, 0 for
   *     symbols without one
   * @return false if these are the lengths of no code: too many are short, or too few
   */
  boolean make(byte[] lengths, int from, int count) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < count; i++) {
      counts[lengths[from + i]]++;
    }
    int left = 1;
    for (int length = 1; length <= LONGEST; length++) {
      left = 2 * left - counts[length];
      if (left < 0) {
        return false;
      }
    }
    int coded = count - counts[0];
    boolean lacking = coded == 0 || coded == 1 && counts[1] == 1;
    if (left > 0 && !(mayLack && lacking)) {
      return false;
    }
    sort(lengths, from, count);
    fill(coded);
    severalMade = false;
    return true;
  }

  private void sort(byte[] lengths, int from, int count) {
    int[] next = new int[LONGEST + 2];
    for (int length = 1; length <= LONGEST; length++) {
      next[length + 1] = next[length] + counts[length];
    }
    for (int i = 0; i < count; i++) {
      int length = lengths[from + i];
      if (length != 0) {
        sorted[next[length]++] = i;
      }
    }
  }

  /** Codes are read from their first bit on, so they stand reversed in the tables' indices. */
  private void fill(int coded) {
    entries[0] = NONE | 1;
    int code = 0;
    int at = 0;
    for (int length = 1; length <= root; length++) {
      int size = 1 << length - 1;
      System.arraycopy(entries, 0, entries, size, size);
      for (int i = counts[length]; i > 0; i--) {
        entries[code] = meanings[sorted[at++]] | length;
        code = following(code, length);
      }
    }
    int tableSize = 1 << LONGEST - root;
    int table = (1 << root) - tableSize;
    int prefix = -1;
    for (int length = root + 1; at < coded; length++) {
      for (int i = counts[length]; i > 0; i--) {
        if ((code & (1 << root) - 1) != prefix) {
          prefix = code & (1 << root) - 1;
          table += tableSize;
          entries[prefix] = MORE | table << VALUE_AT | root;
        }
        int entry = meanings[sorted[at++]] | length - root;
        for (int to = code >>> root; to < tableSize; to += 1 << length - root) {
          entries[table + to] = entry;
        }
        code = following(code, length);
      }
    }
  }

  /** The next code of the same length, both reversed. */
  private static int following(int code, int length) {
    int bit = 1 << length - 1;
    int next = code;
    while ((next & bit) != 0) {
      next ^= bit;
      bit >>>= 1;
    }
    return next | bit;
  }

  /** How many extra bits follow a code. */
  static int extra(int entry) {
    return entry >>> 8 & 15;
  }

  /** The length or distance of a code whose extra bits are the next ones. */
  static int value(int entry, long bits) {
    return (entry >>> VALUE_AT) + ((int) bits & (1 << extra(entry)) - 1);
  }

  /** The entry for the next code, whole: it takes all of the code's bits. */
  int entry(long bits) {
    return whole(entries[(int) bits & (1 << root) - 1], bits);
  }

  /** The same where the first table's entry is known. */
  int whole(int first, long bits) {
    if ((first & (LITERALS | KIND)) != MORE) {
      return first;
    }
    int rest = (int) (bits >>> root) & (1 << LONGEST - root) - 1;
    return entries[(first >>> VALUE_AT) + rest] + root;
  }

  /** The first table with up to three literals an entry, as many as its index holds whole. */
  int[] several() {
    if (severalMade) {
      return several;
    }
    for (int i = 0; i < several.length; i++) {
      int entry = entries[i];
      if ((entry & LITERALS) != 0) {
        int second = entries[i >>> entry];
        if ((second & LITERALS) != 0 && (entry & TAKEN) + (second & TAKEN) <= root) {
          entry += (second & ~0xFF) << 8 | second & 0xFF;
          int third = entries[i >>> entry];
          if ((third & LITERALS) != 0 && (entry & TAKEN) + (third & TAKEN) <= root) {
            entry += (third & ~0xFF) << 16 | third & 0xFF;
          }
        }
      }
      several[i] = entry;
    }
    severalMade = true;
    return several;
  }
}
