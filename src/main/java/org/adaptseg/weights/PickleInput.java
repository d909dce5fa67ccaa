package org.adaptseg.weights;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The numbers and texts of a pickle, each within a bound. */
final class PickleInput {
  /** Longer texts are passed over; names of tensors are shorter. */
  private static final int MAX_STRING = 1 << 16;

  private static final int MAX_DIGITS = 1000;

  private final DataInputStream in;
  private long position;

  PickleInput(InputStream in) {
    this.in = new DataInputStream(in);
  }

  double real() throws IOException {
    position += Double.BYTES;
    return in.readDouble();
  }

  Object integer(long bytes) throws IOException {
    if (bytes > MAX_DIGITS) {
      throw refused(
          String.format(
              Locale.ROOT, "expected an integer of at most %d bytes, found %d", MAX_DIGITS, bytes));
    }
    byte[] big = new byte[(int) bytes];
    for (int i = big.length - 1; i >= 0; i--) {
      big[i] = (byte) next();
    }
    return shortest(bytes == 0 ? BigInteger.ZERO : new BigInteger(big));
  }

  Object integer(String digits) {
    if (digits.length() > MAX_DIGITS) {
      throw refused(
          String.format(Locale.ROOT, "expected an integer of at most %d digits", MAX_DIGITS));
    }
    return shortest(new BigInteger(digits));
  }

  private static Object shortest(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
  }

  Object text(long length) throws IOException {
    if (length < 0 || length > MAX_STRING) {
      skip(length);
      return new PassedOver(String.format(Locale.ROOT, "a text of %d bytes", length));
    }
    byte[] bytes = new byte[(int) length];
    in.readFully(bytes);
    position += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  Object bytes(long length) throws IOException {
    skip(length);
    return new PassedOver("bytes");
  }

  private void skip(long length) throws IOException {
    if (length < 0) {
      throw refused("expected a length of at least 0, found " + length);
    }
    in.skipNBytes(length);
    position += length;
  }

  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      if (line.length() == MAX_STRING) {
        throw refused("found a name without an end");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  String shortLine() throws IOException {
    String line = line();
    return line.length() > MAX_DIGITS ? "" : line;
  }

  int next() throws IOException {
    position++;
    return in.readUnsignedByte();
  }

  long little(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  WeightsException refused(String what) {
    return new WeightsException(
        String.format(Locale.ROOT, "Cannot read a pickle: %s (byte %d)", what, position));
  }
}
