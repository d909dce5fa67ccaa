package org.adaptseg.weights;

import java.nio.ByteBuffer;

/** How a value is stored, little-endian. The names are those of safetensors. */
public enum ElementType {
  /** IEEE half precision. */
  F16(2, "HalfStorage"),
  /** The upper half of a float32. */
  BF16(2, "BFloat16Storage"),
  /** float32. */
  F32(4, "FloatStorage"),
  /** float64. */
  F64(8, "DoubleStorage"),
  /** Signed byte. */
  I8(1, "CharStorage"),
  /** Unsigned byte. */
  U8(1, "ByteStorage"),
  /** 16-bit integer. */
  I16(2, "ShortStorage"),
  /** 32-bit integer. */
  I32(4, "IntStorage"),
  /** 64-bit integer. */
  I64(8, "LongStorage"),
  /** Truth value in a byte. */
  BOOL(1, "BoolStorage");

  private final int size;
  private final String torchStorage;

  ElementType(int size, String torchStorage) {
    this.size = size;
    this.torchStorage = torchStorage;
  }

  /** Bytes of a value. */
  public int size() {
    return size;
  }

  /** Whether it holds fractions, as weights do. */
  boolean isReal() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /** Name of PyTorch's storage class. */
  String torchStorage() {
    return torchStorage;
  }

  /** The value at a byte position. */
  double read(ByteBuffer data, int at) {
    return switch (this) {
      case F16 -> half(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      case F32 -> data.getFloat(at);
      case F64 -> data.getDouble(at);
      case I8 -> data.get(at);
      case U8 -> data.get(at) & 0xFF;
      case I16 -> data.getShort(at);
      case I32 -> data.getInt(at);
      case I64 -> data.getLong(at);
      case BOOL -> data.get(at) == 0 ? 0 : 1;
    };
  }

  /** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
  private static double half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24;
          case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1 + fraction * 0x1p-10) * Math.pow(2, exponent - 15);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
