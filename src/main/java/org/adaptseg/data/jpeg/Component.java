package org.adaptseg.data.jpeg;

/**
 * One colour component of a frame and what is decoded of it. Sizes are in blocks of 8×8 samples
 * unless they say otherwise (T.81, A.1.1, A.2).
 */
final class Component {
  static final int BLOCK = 64;

  /** Coefficients of which it is not known yet how many bits have come. */
  static final int NOTHING_YET = -1;

  final int id;

  /** Horizontal and vertical sampling factors, 1 to 4. */
  final int horizontal;

  final int vertical;

  /** Number of its quantisation table. */
  final int table;

  /** Samples that belong to the picture; those beyond fill blocks up. */
  int width;

  int height;

  /** Blocks that hold samples of the picture. */
  int blocksAcross;

  int blocksDown;

  /** Blocks up to the next whole unit of an interleaved scan: the size of all buffers. */
  int paddedAcross;

  int paddedDown;

  /** Quantisation steps in zigzag order, as they are when the component's first scan begins. */
  int[] steps;

  /** Samples, {@link #stride()} a row; null until the first of them. */
  byte[] samples;

  /** Quantised coefficients of a progressive frame, in zigzag order, a block after another. */
  short[] coefficients;

  /** Of every coefficient, the lowest bit that has come; {@link #NOTHING_YET} before the first. */
  final int[] lowestBit = new int[BLOCK];

  Component(int id, int horizontal, int vertical, int table) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.table = table;
    java.util.Arrays.fill(lowestBit, NOTHING_YET);
  }

  /** Samples from one row of {@link #samples} to the next. */
  int stride() {
    return 8 * paddedAcross;
  }

  void allocateSamples() {
    if (samples == null) {
      samples = new byte[Math.multiplyExact(BLOCK * paddedAcross, paddedDown)];
    }
  }

  void allocateCoefficients() {
    if (coefficients == null) {
      coefficients = new short[Math.multiplyExact(BLOCK * paddedAcross, paddedDown)];
    }
  }

  /** Where a block's first sample stands in {@link #samples}. */
  int sampleAt(int blockRow, int blockColumn) {
    return 8 * (blockRow * stride() + blockColumn);
  }

  /** Where a block's coefficients begin in {@link #coefficients}. */
  int coefficientAt(int blockRow, int blockColumn) {
    return BLOCK * (blockRow * paddedAcross + blockColumn);
  }
}
