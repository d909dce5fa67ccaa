package org.adaptseg.data.png;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Inflates a zlib stream (RFC 1950, RFC 1951) that is in memory as a whole into an array that is,
 * too. That makes it faster than {@link java.util.zip.Inflater}, which has to be able to stop at
 * any byte: bits are taken from a long that is refilled eight bytes at a time, a look at the table
 * gives up to three literals, and matches are copied eight bytes at a time.
 *
 * <p>Takes what zlib takes and refuses what zlib refuses, but for the checksum at the end, which is
 * not looked at: PNG has its own.
 */
final class Inflate {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** A turn of the fast loop reads less than this beyond where it begins. */
  private static final int READS = 16;

  /** A turn of the fast loop writes less than this: 13 literals, a match of 258, 7 bytes more. */
  private static final int WRITES = 300;

  private static final int MOST_SYMBOLS = 288;
  private static final int MOST_DISTANCES = 32;

  /** The order in which lengths of the codes of lengths are stored (RFC 1951, §3.2.7). */
  private static final byte[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  /** The codes that every stream may use (RFC 1951, §3.2.6). */
  private static final HuffmanCode FIXED_SYMBOLS = HuffmanCode.ofSymbols();

  private static final HuffmanCode FIXED_DISTANCES = HuffmanCode.ofDistances();

  static {
    byte[] lengths = new byte[MOST_SYMBOLS];
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    FIXED_SYMBOLS.make(lengths, 0, MOST_SYMBOLS);
    FIXED_SYMBOLS.several();
    Arrays.fill(lengths, 0, MOST_DISTANCES, (byte) 5);
    FIXED_DISTANCES.make(lengths, 0, MOST_DISTANCES);
  }

  private final byte[] in;
  private final int end;
  private final byte[] out;
  private final byte[] lengths = new byte[MOST_SYMBOLS + MOST_DISTANCES];
  private final HuffmanCode ownSymbols = HuffmanCode.ofSymbols();
  private final HuffmanCode ownDistances = HuffmanCode.ofDistances();
  private final HuffmanCode ownLengths = HuffmanCode.ofLengths();
  private HuffmanCode symbols = FIXED_SYMBOLS;
  private HuffmanCode distances = FIXED_DISTANCES;

  /** The next byte of {@link #in} of which no bit is counted in {@link #count}. */
  private int at;

  /**
   * The next bits, the first one lowest. Those above {@link #count} are the next ones too, or 0.
   */
  private long bits;

  private int count;
  private int to;

  /** Whether more was wanted than there is. */
  private boolean ended;

  private Inflate(byte[] in, int from, int length, byte[] out) {
    this.in = in;
    this.at = from;
    this.end = from + length;
    this.out = out;
  }

  /**
   * Inflates until {@code out} is full; what comes then is not looked at.
   *
   * @param in holds the stream from {@code from} on, {@code length} bytes
   * @return the bytes in {@code out}, fewer than it holds if the stream ends before
   * @throws IOException if the stream is damaged
   */
  static int zlib(byte[] in, int from, int length, byte[] out) throws IOException {
    Inflate inflate = new Inflate(in, from, length, out);
    inflate.header();
    inflate.blocks();
    return inflate.to;
  }

  private void header() throws IOException {
    fill();
    int method = take(8);
    int flags = take(8);
    if (ended) {
      return;
    }
    if ((method << 8 | flags) % 31 != 0 || (method & 15) != 8 || method >>> 4 > 7) {
      throw damaged("a header of no zlib stream");
    }
    if ((flags & 32) != 0) {
      throw damaged("a preset dictionary");
    }
  }

  private void blocks() throws IOException {
    boolean last = false;
    while (!last && !ended && to < out.length) {
      fill();
      last = take(1) == 1;
      int kind = take(2);
      if (ended) {
        return;
      }
      switch (kind) {
        case 0 -> stored();
        case 1 -> {
          symbols = FIXED_SYMBOLS;
          distances = FIXED_DISTANCES;
          compressed();
        }
        case 2 -> {
          codes();
          compressed();
        }
        default -> throw damaged("a block of no known kind");
      }
    }
  }

  private void stored() throws IOException {
    take(count & 7);
    fill();
    int length = take(16);
    int complement = take(16);
    if (ended) {
      return;
    }
    if ((length ^ complement) != 0xFFFF) {
      throw damaged("a stored block with two lengths");
    }
    at -= count >>> 3;
    bits = 0;
    count = 0;
    int here = Math.min(length, Math.min(end - at, out.length - to));
    System.arraycopy(in, at, out, to, here);
    at += here;
    to += here;
    ended = here < length;
  }

  /** The codes that a block has of its own (RFC 1951, §3.2.7). */
  private void codes() throws IOException {
    fill();
    int ofSymbols = take(5) + 257;
    int ofDistances = take(5) + 1;
    int stated = take(4) + 4;
    if (ofSymbols > 286 || ofDistances > 30) {
      throw damaged("codes of more symbols than there are");
    }
    Arrays.fill(lengths, 0, ORDER.length, (byte) 0);
    for (int i = 0; i < stated; i++) {
      fill();
      lengths[ORDER[i]] = (byte) take(3);
    }
    if (ended) {
      return;
    }
    require(ownLengths.make(lengths, 0, ORDER.length));
    readLengths(ofSymbols + ofDistances);
    if (ended) {
      return;
    }
    if (lengths[HuffmanCode.END_OF_BLOCK] == 0) {
      throw damaged("a block that cannot end");
    }
    require(ownSymbols.make(lengths, 0, ofSymbols));
    require(ownDistances.make(lengths, ofSymbols, ofDistances));
    symbols = ownSymbols;
    distances = ownDistances;
  }

  private void readLengths(int wanted) throws IOException {
    int i = 0;
    while (i < wanted) {
      fill();
      int entry = ownLengths.entry(bits);
      take(entry & HuffmanCode.TAKEN);
      int value = entry >>> HuffmanCode.VALUE_AT;
      int repeat =
          switch (value) {
            case 16 -> 3 + take(2);
            case 17 -> 3 + take(3);
            case 18 -> 11 + take(7);
            default -> 1;
          };
      if (ended) {
        return;
      }
      if (value == 16 && i == 0 || i + repeat > wanted) {
        throw damaged("lengths of codes that repeat too often");
      }
      byte length = (byte) (value < 16 ? value : value == 16 ? lengths[i - 1] : 0);
      Arrays.fill(lengths, i, i + repeat, length);
      i += repeat;
    }
  }

  private void compressed() throws IOException {
    boolean plenty = end - at >= READS && out.length - to >= WRITES;
    if (ended || plenty && fast()) {
      return;
    }
    boolean more = true;
    while (more && !ended && to < out.length) {
      more = symbol();
    }
  }

  /**
   * Symbols while there is plenty of input and of room.
   *
   * @return whether the block has ended
   */
  private boolean fast() throws IOException {
    // Local, so that they stay in registers.
    byte[] source = in;
    byte[] target = out;
    int[] several = symbols.several();
    int lastFrom = end - READS;
    int lastPlace = target.length - WRITES;
    long next = bits;
    int have = count;
    int from = at;
    int place = to;
    int entry = 0;
    while (from <= lastFrom && place <= lastPlace) {
      next |= (long) LONGS.get(source, from) << have;
      from += 63 - have >>> 3;
      have |= 56;
      // All of the long is right now, not only what is counted: enough for five entries.
      entry = several[(int) next & several.length - 1];
      for (int i = 0; i < 4 && (entry & HuffmanCode.LITERALS) != 0; i++) {
        INTS.set(target, place, entry >>> 8);
        place += entry >>> 6 & 3;
        next >>>= entry;
        have -= entry & HuffmanCode.TAKEN;
        entry = several[(int) next & several.length - 1];
      }
      if ((entry & HuffmanCode.LITERALS) != 0) {
        continue;
      }
      next |= (long) LONGS.get(source, from) << have;
      from += 63 - have >>> 3;
      have |= 56;
      entry = symbols.whole(entry, next);
      next >>>= entry;
      have -= entry & HuffmanCode.TAKEN;
      if ((entry & HuffmanCode.LITERALS) != 0) {
        target[place++] = (byte) (entry >>> 8);
        continue;
      }
      if ((entry & HuffmanCode.KIND) != HuffmanCode.VALUE) {
        break;
      }
      // At most 5 bits for the length, 15 for the distance's code and 13 for the distance.
      int length = HuffmanCode.value(entry, next);
      next >>>= HuffmanCode.extra(entry);
      int far = distances.entry(next);
      next >>>= far;
      int distance = HuffmanCode.value(far, next);
      next >>>= HuffmanCode.extra(far);
      have -= HuffmanCode.extra(entry) + (far & HuffmanCode.TAKEN) + HuffmanCode.extra(far);
      requireDistance(far, distance, place);
      Match.copy(target, place, distance, length);
      place += length;
    }
    bits = next;
    count = have;
    at = from;
    to = place;
    return isEnd(entry);
  }

  private static boolean isEnd(int entry) throws IOException {
    if ((entry & (HuffmanCode.LITERALS | HuffmanCode.KIND)) == HuffmanCode.NONE) {
      throw damaged("a code without a meaning");
    }
    return (entry & (HuffmanCode.LITERALS | HuffmanCode.KIND)) == HuffmanCode.END;
  }

  private static void requireDistance(int entry, int distance, int place) throws IOException {
    if ((entry & HuffmanCode.KIND) != HuffmanCode.VALUE) {
      throw damaged("a code without a meaning");
    }
    if (distance > place) {
      throw damaged("a match before the beginning");
    }
  }

  /**
   * One symbol, with an eye on the ends of input and output.
   *
   * @return false at the block's end
   */
  private boolean symbol() throws IOException {
    fill();
    int entry = symbols.entry(bits);
    take(entry & HuffmanCode.TAKEN);
    if (ended) {
      return false;
    }
    if ((entry & HuffmanCode.LITERALS) != 0) {
      out[to++] = (byte) (entry >>> 8);
      return true;
    }
    if ((entry & HuffmanCode.KIND) != HuffmanCode.VALUE) {
      return !isEnd(entry);
    }
    int length = (entry >>> HuffmanCode.VALUE_AT) + take(HuffmanCode.extra(entry));
    fill();
    int far = distances.entry(bits);
    take(far & HuffmanCode.TAKEN);
    int distance = (far >>> HuffmanCode.VALUE_AT) + take(HuffmanCode.extra(far));
    if (ended) {
      return false;
    }
    requireDistance(far, distance, to);
    int here = Math.min(length, out.length - to);
    Match.copyExactly(out, to, distance, here);
    to += here;
    return true;
  }

  /** Makes {@link #count} at least 56, unless the input ends. */
  private void fill() {
    if (end - at >= Long.BYTES) {
      bits |= (long) LONGS.get(in, at) << count;
      at += 63 - count >>> 3;
      count |= 56;
      return;
    }
    while (count <= 55 && at < end) {
      bits |= (in[at++] & 0xFFL) << count;
      count += 8;
    }
  }

  /** The next bits, 0 to 16; 0 if there are fewer, and then {@link #ended}. */
  private int take(int wanted) {
    if (wanted > count) {
      ended = true;
      return 0;
    }
    int value = (int) bits & (1 << wanted) - 1;
    bits >>>= wanted;
    count -= wanted;
    return value;
  }

  private static void require(boolean code) throws IOException {
    if (!code) {
      throw damaged("lengths of no code");
    }
  }

  private static IOException damaged(String what) {
    return new IOException("damaged compressed data: " + what);
  }
}
