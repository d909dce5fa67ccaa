package org.adaptseg.engine.cuda.dnn;

import org.bytedeco.cuda.global.cudnn;

/** Type of a tensor's values in a GPU's memory. */
public enum CellType {
  /** Four bytes. */
  FLOAT32(cudnn.CUDNN_DATA_FLOAT, Float.BYTES),
  /** The upper two bytes of these, rounded to the nearest. */
  BFLOAT16(cudnn.CUDNN_DATA_BFLOAT16, Short.BYTES),
  /** Two bytes, 11 significant bits, from 2^-24 to 65504. */
  FLOAT16(cudnn.CUDNN_DATA_HALF, Short.BYTES);

  private final int code;
  private final int bytes;

  CellType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** CuDNN's number of the type. */
  public int code() {
    return code;
  }

  /** Bytes of so many values. */
  public long bytes(long values) {
    return values * bytes;
  }

  /** What the text of the kernels is told, for example {@code CELL_BFLOAT16}. */
  public String macro() {
    return "CELL_" + name();
  }
}
