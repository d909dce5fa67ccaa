package org.adaptseg.data.jpeg;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Blocks of a sequential frame (T.81, F.2.2), turned into samples at once. */
final class SequentialBlocks implements ScanReader.BlockReader {
  private final Component[] components;
  private final HuffmanTable[] constants;
  private final HuffmanTable[] others;
  private final int[] constant;
  private final InverseTransform transform = new InverseTransform();

  SequentialBlocks(Scan scan) throws IOException {
    if (scan.from() != 0
        || scan.to() != Component.BLOCK - 1
        || scan.before() != 0
        || scan.bit() != 0) {
      throw new IOException("a sequential JPEG with a scan of some coefficients");
    }
    List<Scan.Part> parts = scan.parts();
    components = new Component[parts.size()];
    constants = new HuffmanTable[parts.size()];
    others = new HuffmanTable[parts.size()];
    constant = new int[parts.size()];
    for (int i = 0; i < components.length; i++) {
      Component component = parts.get(i).component();
      if (component.samples != null) {
        throw new IOException("a sequential JPEG with a second scan of a component");
      }
      components[i] = component;
      constants[i] = parts.get(i).constantsOrFail();
      others[i] = parts.get(i).othersOrFail();
      component.allocateSamples();
    }
  }

  @Override
  public void restart() {
    Arrays.fill(constant, 0);
  }

  @Override
  public void read(EntropyBits in, int part, int row, int column) throws IOException {
    Component component = components[part];
    int[] steps = component.steps;
    int size = in.symbol(constants[part]);
    if (size != 0) {
      constant[part] += HuffmanTable.extended(in.take(size), size);
      if (constant[part] != (short) constant[part]) {
        throw new IOException("damaged JPEG data: a constant part beyond 16 bits");
      }
    }
    int[] block = transform.block;
    int value = constant[part] * steps[0];
    block[0] = value;
    long sum = Math.abs(value);
    int last = 0;
    HuffmanTable table = others[part];
    int[] looks = table.coefficients;
    for (int k = 1; k < Component.BLOCK; ) {
      in.fill();
      int look = looks[(int) (in.bits >>> 64 - HuffmanTable.SHORT)];
      if (look == 0) {
        look = longCoefficient(in, table);
      }
      in.drop(look & HuffmanTable.TAKE);
      int run = look >> HuffmanTable.RUN_AT & 15;
      int coefficient = look >> HuffmanTable.VALUE_AT;
      if (coefficient == 0) {
        int bits = look >> HuffmanTable.SIZE_AT & 15;
        if (bits == 0) {
          if (run < 15) {
            break;
          }
          k += 16;
          continue;
        }
        coefficient = HuffmanTable.extended(in.take(bits), bits);
      }
      k += run;
      if (k >= Component.BLOCK) {
        throw new IOException("damaged JPEG data: a block of more than 64 coefficients");
      }
      value = coefficient * steps[k];
      block[InverseTransform.ZIGZAG[k]] = value;
      sum += Math.abs(value);
      last = k;
      k++;
    }
    transform.run(
        last, sum, component.samples, component.sampleAt(row, column), component.stride());
  }

  private static int longCoefficient(EntropyBits in, HuffmanTable table) throws IOException {
    int entry = in.longSymbol(table);
    int symbol = entry & 0xFF;
    return (symbol & 15) << HuffmanTable.SIZE_AT | symbol >> 4 << HuffmanTable.RUN_AT | entry >> 8;
  }
}
