package org.adaptseg.weights;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Reads one pickle of the kind that PyTorch writes for tensors, protocol 2 to 5. A pickle is a
 * program that may call anything; this reader knows plain values and the few names that stand for
 * tensors ({@link TorchConstructs}), and refuses everything else where it is named, before it could
 * be called.
 *
 * <p>Results are String, Long, BigInteger, Double, Boolean, null, {@code List} (lists and tuples),
 * {@code Map} and {@link TorchConstructs.TensorReference}.
 */
final class PickleReader {
  /** Values, list entries and memo entries of a pickle; a ResNet-101 has about 60 000. */
  private static final int MAX_OPERATIONS = 20_000_000;

  private static final int MAX_STRING = 1 << 16;
  private static final Object MARK = new Object();

  private final DataInputStream in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private long position;

  private PickleReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /** {@code null} cannot be in a deque. */
  private enum None {
    NONE
  }

  /**
   * Reads up to the end of one pickle and leaves the stream behind it.
   *
   * @throws WeightsException for anything that PyTorch does not write for tensors
   */
  static Object read(InputStream in) throws IOException {
    PickleReader reader = new PickleReader(in);
    try {
      return reader.run();
    } catch (EOFException e) {
      throw reader.refused("expected more, found its end");
    } catch (ClassCastException
        | NullPointerException // None where a value is needed
        | NoSuchElementException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      throw reader.refused("found an operation that does not fit what is before it");
    }
  }

  private Object run() throws IOException {
    for (int n = 0; n < MAX_OPERATIONS; n++) {
      int code = next();
      if (code == '.') {
        Object result = plain(stack.pop());
        if (!stack.isEmpty()) {
          throw refused("expected one value, found more");
        }
        return result;
      }
      if (!value(code) && !collection(code) && !name(code)) {
        throw refused("found operation 0x%02x, which PyTorch does not write".formatted(code));
      }
    }
    throw refused("expected at most %d operations, found more".formatted(MAX_OPERATIONS));
  }

  private boolean value(int code) throws IOException {
    switch (code) {
      case 0x80 -> next(); // protocol
      case 0x95 -> little(8); // frame
      case 'N' -> stack.push(None.NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'K' -> stack.push(little(1));
      case 'M' -> stack.push(little(2));
      case 'J' -> stack.push((long) (int) little(4));
      case 0x8a -> stack.push(integer(next()));
      case 'G' -> {
        position += 8;
        stack.push(in.readDouble());
      }
      case 'X' -> stack.push(text(little(4)));
      case 0x8c, 'U' -> stack.push(text(next()));
      case 'T' -> stack.push(text(little(4)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean collection(int code) throws IOException {
    switch (code) {
      case '(' -> stack.push(MARK);
      case '0' -> stack.pop();
      case ']' -> stack.push(new ArrayList<>());
      case ')' -> stack.push(List.of());
      case '}' -> stack.push(new LinkedHashMap<>());
      case 't' -> stack.push(java.util.Collections.unmodifiableList(marked()));
      case 0x85 -> stack.push(tuple(1));
      case 0x86 -> stack.push(tuple(2));
      case 0x87 -> stack.push(tuple(3));
      case 'a' -> {
        Object last = plain(stack.pop());
        list(stack.element()).add(last);
      }
      case 'e' -> {
        List<Object> all = marked();
        list(stack.element()).addAll(all);
      }
      case 's' -> set(tuple(2));
      case 'u' -> set(marked());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean name(int code) throws IOException {
    switch (code) {
      case 'c' -> stack.push(construct(line(), line()));
      case 0x93 -> {
        List<Object> names = tuple(2);
        stack.push(construct((String) names.get(0), (String) names.get(1)));
      }
      case 'Q' -> stack.push(TorchConstructs.storage(list(stack.pop())));
      case 'R' -> {
        List<Object> arguments = list(stack.pop());
        stack.push(((TorchConstructs) stack.pop()).call(arguments));
      }
      case 'b' -> {
        // The version metadata that a state_dict carries as an attribute.
        stack.pop();
        requireMap(stack.element());
      }
      case 'q' -> memo.put(next(), stack.element());
      case 'r' -> memo.put((int) little(4), stack.element());
      case 0x94 -> memo.put(memo.size(), stack.element());
      case 'h' -> stack.push(remembered(next()));
      case 'j' -> stack.push(remembered((int) little(4)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object construct(String module, String name) {
    return TorchConstructs.named(module, name)
        .orElseThrow(
            () ->
                refused(
                    "expected tensors and plain values only, found the name %s.%s; nothing was run. Save the state_dict alone"
                        .formatted(module, name)));
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw refused("found a reference to nothing");
    }
    return value;
  }

  private List<Object> marked() {
    List<Object> values = new ArrayList<>();
    for (Object top = stack.pop(); top != MARK; top = stack.pop()) {
      values.add(plain(top));
    }
    java.util.Collections.reverse(values);
    return values;
  }

  private List<Object> tuple(int n) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(plain(stack.pop()));
    }
    java.util.Collections.reverse(values);
    return java.util.Collections.unmodifiableList(values);
  }

  private Object plain(Object value) {
    if (value == MARK) {
      throw refused("found a mark where a value should be");
    }
    return value == None.NONE ? null : value;
  }

  private void set(List<Object> pairs) {
    Map<Object, Object> map = requireMap(stack.element());
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      Object key = pairs.get(i);
      map.put(TorchConstructs.key(key), pairs.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> requireMap(Object value) {
    return (Map<Object, Object>) value;
  }

  private Object integer(int bytes) throws IOException {
    byte[] little = bytes(bytes);
    byte[] big = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      big[i] = little[bytes - 1 - i];
    }
    BigInteger value = bytes == 0 ? BigInteger.ZERO : new BigInteger(big);
    return value.bitLength() < Long.SIZE ? (Object) value.longValueExact() : value;
  }

  private String text(long length) throws IOException {
    if (length < 0 || length > MAX_STRING) {
      throw refused("expected text of at most %d bytes, found %d".formatted(MAX_STRING, length));
    }
    return new String(bytes((int) length), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      if (line.length() == MAX_STRING) {
        throw refused("found a name without an end");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private int next() throws IOException {
    position++;
    return in.readUnsignedByte();
  }

  private byte[] bytes(int n) throws IOException {
    byte[] bytes = new byte[n];
    in.readFully(bytes);
    position += n;
    return bytes;
  }

  private long little(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  private WeightsException refused(String what) {
    return new WeightsException("Cannot read a pickle: %s (byte %d)".formatted(what, position));
  }
}
