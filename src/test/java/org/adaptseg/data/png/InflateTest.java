package org.adaptseg.data.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.adaptseg.testing.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against {@link Inflater}, which is zlib. */
class InflateTest {
  private static final int INPUTS = 10_000;
  private static final int FUZZED = 5000;
  private static final int[] STRATEGIES = {
    Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY
  };

  @Test
  void everyLevelAndStrategyOfZlibIsInflated() throws IOException {
    Set<Integer> kinds = new TreeSet<>();
    for (int size : new int[] {1, 7, 299, 1000, 200_000}) {
      for (byte[] data : data(size)) {
        for (int level = 0; level <= 9; level++) {
          for (int strategy : STRATEGIES) {
            byte[] stream = deflated(data, level, strategy);
            byte[] out = new byte[size];
            assertThat(Inflate.zlib(stream, 0, stream.length, out)).isEqualTo(size);
            assertThat(Arrays.mismatch(out, data))
                .as("level %d, %d bytes", level, size)
                .isEqualTo(-1);
            kinds.add(stream[2] >> 1 & 3);
          }
        }
      }
    }
    // Stored, with the fixed codes, with codes of their own.
    assertThat(kinds).containsExactly(0, 1, 2);
  }

  @Test
  void aStreamMayStandAnywhereInItsArray() throws IOException {
    byte[] data = data(2000).get(2);
    byte[] stream = deflated(data, 6, Deflater.DEFAULT_STRATEGY);
    byte[] array = new byte[stream.length + 40];
    Arrays.fill(array, (byte) 0xFF);
    System.arraycopy(stream, 0, array, 13, stream.length);
    byte[] out = new byte[data.length];
    assertThat(Inflate.zlib(array, 13, stream.length, out)).isEqualTo(data.length);
    assertThat(out).isEqualTo(data);
  }

  @Test
  void whatIsBeyondTheWantedBytesIsNotLookedAt() throws IOException {
    for (byte[] data : data(3000)) {
      byte[] stream = deflated(data, 6, Deflater.DEFAULT_STRATEGY);
      for (int wanted = 0; wanted < 700; wanted++) {
        byte[] out = new byte[wanted];
        assertThat(Inflate.zlib(stream, 0, stream.length, out)).isEqualTo(wanted);
        assertThat(out).isEqualTo(Arrays.copyOf(data, wanted));
      }
    }
  }

  @Test
  void aStreamThatEndsEarlyGivesWhatZlibGives() throws IOException {
    for (int level : new int[] {0, 6}) {
      for (byte[] data : data(1500)) {
        byte[] stream = deflated(data, level, Deflater.DEFAULT_STRATEGY);
        for (int length = 0; length < stream.length; length++) {
          byte[] part = Arrays.copyOf(stream, length);
          byte[] expected = new byte[data.length];
          byte[] out = new byte[data.length];
          int there = byZlib(part, expected);
          assertThat(Inflate.zlib(part, 0, length, out)).as("%d bytes", length).isEqualTo(there);
          assertThat(out).isEqualTo(expected);
        }
        // The stream's end, where more is wanted.
        byte[] more = new byte[data.length + 400];
        assertThat(Inflate.zlib(stream, 0, stream.length, more)).isEqualTo(data.length);
      }
    }
  }

  @Test
  @Tag("faults")
  void damagedStreamsAreRefusedWhereZlibRefusesThem() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] data : data(FUZZED)) {
      for (int level : new int[] {0, 1, 6}) {
        seeds.add(deflated(data, level, Deflater.DEFAULT_STRATEGY));
      }
      seeds.add(deflated(data, 6, Deflater.HUFFMAN_ONLY));
      seeds.add(deflated(Arrays.copyOf(data, 60), 6, Deflater.DEFAULT_STRATEGY));
    }
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(5),
            () ->
                Fuzz.run(
                    INPUTS,
                    seeds,
                    InflateTest::mutated,
                    1 << 20,
                    IOException.class,
                    InflateTest::compare));
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  /** Mostly near the beginning, where blocks and their codes are described. */
  private static byte[] mutated(byte[] seed, SplittableRandom random) {
    if (random.nextBoolean()) {
      return Fuzz.bytes(seed, random);
    }
    byte[] changed = seed.clone();
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int bit = 16 + random.nextInt(Math.min(1000, 8 * seed.length - 16));
      changed[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return changed;
  }

  private static void compare(byte[] stream) throws IOException {
    byte[] expected = new byte[stream.length % 2 == 0 ? FUZZED : FUZZED - 777];
    byte[] out = new byte[expected.length];
    int there = byZlib(stream, expected);
    int inflated;
    try {
      inflated = Inflate.zlib(stream, 0, stream.length, out);
    } catch (IOException e) {
      assertThat(there).as("zlib refuses too: %s", e.getMessage()).isLessThan(out.length);
      throw e;
    }
    assertThat(inflated).isEqualTo(there);
    assertThat(Arrays.equals(out, 0, inflated, expected, 0, there)).isTrue();
    if (inflated < out.length) {
      throw new IOException("ends early");
    }
  }

  /** The bytes that zlib gives before it finds the end or a damage. */
  private static int byZlib(byte[] stream, byte[] out) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(stream);
      int to = 0;
      int read = 1;
      while (read > 0 && to < out.length) {
        read = inflater.inflate(out, to, out.length - to);
        to += read;
      }
      return to;
    } catch (DataFormatException e) {
      return (int) inflater.getBytesWritten();
    } finally {
      inflater.end();
    }
  }

  @Test
  void aDistanceCodeOfASingleBitIsTakenAndItsOtherHalfRefused() throws IOException {
    byte[] out = new byte[6];
    byte[] stream = oneDistance(0);
    assertThat(Inflate.zlib(stream, 0, stream.length, out)).isEqualTo(6);
    assertThat(new String(out, StandardCharsets.ISO_8859_1)).isEqualTo("aaaaaa");
    assertThat(byZlib(stream, out)).isEqualTo(6);

    byte[] other = oneDistance(1);
    assertThat(byZlib(other, out)).isLessThan(6);
    assertThatThrownBy(() -> Inflate.zlib(other, 0, other.length, out))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without a meaning");
  }

  /**
   * A block with codes of its own: a = 0, end = 10, length 3 = 11, distance 1 = 0; holds a, a match
   * of 3 at the distance of code {@code far}, a, a, end.
   */
  private static byte[] oneDistance(int far) {
    Bits bits = codes(258 - 257, 0, 19 - 4);
    // Lengths of the codes of lengths in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15:
    // two bits for 18, 0, 2, 1; so 0 = 00, 1 = 01, 2 = 10, 18 = 11, first bit first.
    for (int length : new int[] {0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0}) {
      bits.add(length, 3);
    }
    bits.add(0b11, 2).add(97 - 11, 7); // 97 symbols without a code
    bits.add(0b10, 2); // a: 1 bit, its code 01 as it is read
    bits.add(0b11, 2).add(138 - 11, 7).add(0b11, 2).add(20 - 11, 7); // to 255
    bits.add(0b01, 2).add(0b01, 2); // end and length 3: 2 bits, code 10
    bits.add(0b10, 2); // distance 1: 1 bit
    bits.add(0, 1).add(0b11, 2).add(far, 1).add(0, 1).add(0, 1).add(0b01, 2);
    return bits.bytes();
  }

  @Test
  void codesThatAreNoneAreRefused() {
    byte[] manySymbols = codes(30, 0, 15).bytes();
    refused(manySymbols, 0, 0x78, "more symbols than there are");
    byte[] manyDistances = codes(0, 30, 15).bytes();
    refused(manyDistances, 0, 0x78, "more symbols than there are");

    Bits single = codes(0, 0, 15);
    for (int i = 0; i < 19; i++) {
      single.add(i == 2 ? 1 : 0, 3);
    }
    refused(single.add(0, 400).bytes(), 0, 0x78, "lengths of no code");

    Bits endless = codes(1, 0, 15);
    for (int length : new int[] {0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0}) {
      endless.add(length, 3);
    }
    endless.add(0b11, 2).add(97 - 11, 7).add(0b01, 2).add(0b11, 2).add(138 - 11, 7);
    endless.add(0b11, 2).add(21 - 11, 7).add(0b01, 2).add(0b01, 2);
    refused(endless.add(0, 400).bytes(), 0, 0x78, "block that cannot end");
  }

  /** A header and the beginning of a last block with codes of its own. */
  private static Bits codes(int symbols, int distances, int lengths) {
    Bits bits = new Bits().add(0x78, 8).add(0x9C, 8).add(1, 1).add(2, 2);
    return bits.add(symbols, 5).add(distances, 5).add(lengths, 4);
  }

  /** Bits from the lowest of each byte on. */
  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int held;
    private int count;

    Bits add(int value, int bits) {
      for (int i = 0; i < bits; i++) {
        held |= (i < 32 ? value >> i & 1 : 0) << count++;
        if (count == 8) {
          bytes.write(held);
          held = 0;
          count = 0;
        }
      }
      return this;
    }

    byte[] bytes() {
      add(0, 7 & -count);
      return bytes.toByteArray();
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    byte[] whole = deflated(new byte[500], 6, Deflater.DEFAULT_STRATEGY);
    refused(whole, 0, 0x79, "header of no zlib stream");
    refused(whole, 1, whole[1] | 32, "header of no zlib stream");
    refused(new byte[] {0x78, (byte) 0xBB, 0, 0, 0, 0}, 0, 0x78, "preset dictionary");
    refused(whole, 2, 7, "block of no known kind");
    byte[] stored = deflated(new byte[500], 0, Deflater.DEFAULT_STRATEGY);
    refused(stored, 4, stored[4] ^ 1, "stored block with two lengths");
    // Fixed codes, a match before anything: length 3 = 0000001, distance 1 = 00000.
    byte[] match = new Bits().add(0x78, 8).add(0x9C, 8).add(3, 3).add(0x40, 7).add(0, 5).bytes();
    refused(match, 0, 0x78, "match before the beginning");
  }

  private static void refused(byte[] stream, int at, int value, String message) {
    byte[] changed = stream.clone();
    changed[at] = (byte) value;
    assertThat(byZlib(changed, new byte[500])).isLessThan(500);
    assertThatThrownBy(() -> Inflate.zlib(changed, 0, changed.length, new byte[500]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged compressed data")
        .hasMessageContaining(message);
  }

  private static byte[] deflated(byte[] data, int level, int strategy) {
    Deflater deflater = new Deflater(level);
    deflater.setStrategy(strategy);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      stream.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return stream.toByteArray();
  }

  /** Random bytes, words, noise, codes of all lengths, and repetitions near and far. */
  private static List<byte[]> data(int size) {
    SplittableRandom random = new SplittableRandom(size);
    byte[] noise = new byte[size];
    byte[] words = new byte[size];
    byte[] small = new byte[size];
    byte[] skewed = new byte[size];
    random.nextBytes(noise);
    String[] vocabulary = {"road ", "sidewalk ", "sky ", "car ", "pedestrian "};
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      text.append(vocabulary[random.nextInt(5)]).append(random.nextInt(50));
    }
    for (int i = 0; i < size; i++) {
      words[i] = (byte) text.charAt(i);
      small[i] = (byte) (random.nextInt(4) + random.nextInt(4) + random.nextInt(4));
      skewed[i] = (byte) (7 * Long.numberOfTrailingZeros(random.nextLong()));
    }
    List<byte[]> all = new ArrayList<>(List.of(noise, words, small, skewed, new byte[size]));
    for (int period : new int[] {2, 3, 5, 7, 8, 9, 31, 258, 1000, 32_768}) {
      byte[] data = noise.clone();
      for (int i = period; i < size; i++) {
        data[i] = random.nextInt(500) == 0 ? data[i] : data[i - period];
      }
      all.add(data);
    }
    return all;
  }
}
