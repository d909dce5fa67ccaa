package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Blocks of one scan of a progressive frame (T.81, annex G), gathered as coefficients. */
final class ProgressiveBlocks implements ScanReader.BlockReader {
  private final Component[] components;
  private final HuffmanTable[] constants;
  private final HuffmanTable others;
  private final int[] constant;
  private final int from;
  private final int to;
  private final int bit;
  private final boolean refining;

  /** Blocks to come that have no new coefficients. */
  private int emptyBlocks;

  ProgressiveBlocks(Scan scan) throws IOException {
    from = scan.from();
    to = scan.to();
    bit = scan.bit();
    refining = scan.before() != 0;
    requireSense(scan);
    List<Scan.Part> parts = scan.parts();
    components = new Component[parts.size()];
    constants = new HuffmanTable[parts.size()];
    constant = new int[parts.size()];
    others = from == 0 ? null : parts.get(0).othersOrFail();
    for (int i = 0; i < components.length; i++) {
      components[i] = parts.get(i).component();
      constants[i] = from == 0 && !refining ? parts.get(i).constantsOrFail() : null;
      follow(components[i], scan);
      components[i].allocateCoefficients();
    }
  }

  private void requireSense(Scan scan) throws IOException {
    boolean band = from == 0 ? to == 0 : to >= from && to < 64 && !scan.interleaved();
    if (!band || refining && scan.before() != bit + 1 || bit > 13) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a progressive JPEG with a scan of coefficients %d to %d, bits %d to %d",
              from,
              to,
              scan.before(),
              bit));
    }
  }

  /** Every scan must give the bit below the one that came before it (T.81, G.1.1.1). */
  private static void follow(Component component, Scan scan) throws IOException {
    boolean early = scan.from() > 0 && component.lowestBit[0] == Component.NOTHING_YET;
    for (int k = scan.from(); k <= scan.to(); k++) {
      int had = component.lowestBit[k];
      if (early || had != (scan.before() == 0 ? Component.NOTHING_YET : scan.before())) {
        throw new IOException("a progressive JPEG whose scans do not follow each other");
      }
      component.lowestBit[k] = scan.bit();
    }
  }

  @Override
  public void restart() throws IOException {
    Arrays.fill(constant, 0);
    if (emptyBlocks > 0) {
      throw new IOException("damaged JPEG data: a run of blocks beyond the last one");
    }
  }

  @Override
  public void read(EntropyBits in, int part, int row, int column) throws IOException {
    Component component = components[part];
    short[] values = component.coefficients;
    int at = component.coefficientAt(row, column);
    if (from == 0) {
      constantPart(in, part, values, at);
    } else if (!refining) {
      first(in, values, at);
    } else {
      refine(in, values, at);
    }
  }

  private void constantPart(EntropyBits in, int part, short[] values, int at) throws IOException {
    if (refining) {
      in.fill();
      values[at] |= (short) (in.take(1) << bit);
      return;
    }
    int size = in.symbol(constants[part]);
    if (size != 0) {
      constant[part] += HuffmanTable.extended(in.take(size), size);
      if (constant[part] != (short) constant[part]) {
        throw new IOException("damaged JPEG data: a constant part beyond 16 bits");
      }
    }
    values[at] = (short) (constant[part] << bit);
  }

  private void first(EntropyBits in, short[] values, int at) throws IOException {
    if (emptyBlocks > 0) {
      emptyBlocks--;
      return;
    }
    int[] looks = others.coefficients;
    for (int k = from; k <= to; k++) {
      in.fill();
      int look = looks[(int) (in.bits >>> 64 - HuffmanTable.SHORT)];
      int coefficient = look >> HuffmanTable.VALUE_AT;
      int run;
      if (coefficient != 0) {
        in.drop(look & HuffmanTable.TAKE);
        run = look >> HuffmanTable.RUN_AT & 15;
      } else {
        int symbol = in.symbol(others);
        run = symbol >> 4;
        int size = symbol & 15;
        if (size == 0) {
          if (run < 15) {
            emptyBlocks = (1 << run) + in.take(run) - 1;
            return;
          }
          k += 15;
          continue;
        }
        coefficient = HuffmanTable.extended(in.take(size), size);
      }
      k += run;
      requireWithin(k);
      values[at + k] = (short) (coefficient << bit);
    }
  }

  private void refine(EntropyBits in, short[] values, int at) throws IOException {
    int k = from;
    if (emptyBlocks == 0) {
      for (; k <= to; k++) {
        int symbol = in.symbol(others);
        int run = symbol >> 4;
        int size = symbol & 15;
        short value = 0;
        if (size == 0) {
          if (run < 15) {
            emptyBlocks = (1 << run) + in.take(run);
            break;
          }
        } else {
          if (size != 1) {
            throw new IOException("damaged JPEG data: a coefficient that begins with two bits");
          }
          value = (short) ((in.take(1) == 1 ? 1 : -1) << bit);
        }
        k = pass(in, values, at, k, run);
        if (value != 0) {
          requireWithin(k);
          values[at + k] = value;
        }
      }
    }
    if (emptyBlocks > 0) {
      pass(in, values, at, k, Component.BLOCK);
      emptyBlocks--;
    }
  }

  /**
   * Refines coefficients that are there, from one on, and skips those that are not yet.
   *
   * @param zeros how many are skipped before the one that is returned
   */
  private int pass(EntropyBits in, short[] values, int at, int begin, int zeros) {
    int left = zeros;
    int k = begin;
    for (; k <= to; k++) {
      int value = values[at + k];
      if (value == 0) {
        if (left-- == 0) {
          break;
        }
      } else {
        in.fill();
        if (in.take(1) == 1 && (value & 1 << bit) == 0) {
          values[at + k] = (short) (value + (value > 0 ? 1 << bit : -1 << bit));
        }
      }
    }
    return k;
  }

  private void requireWithin(int k) throws IOException {
    if (k > to) {
      throw new IOException("damaged JPEG data: a coefficient beyond those of its scan");
    }
  }
}
