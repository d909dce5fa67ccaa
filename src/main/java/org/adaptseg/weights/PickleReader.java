package org.adaptseg.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Reads pickles of protocol 0 to 5. A pickle is a program that may call anything; this reader knows
 * plain values and the few names that stand for tensors ({@link TorchConstructs}). Any other name,
 * and whatever would be made by it, becomes a {@link PassedOver}: nothing is ever called, looked up
 * or built. Names that run programs are refused, since no file of weights has them.
 *
 * <p>Results are String, Long, BigInteger, Double, Boolean, null, {@code List} (lists and tuples),
 * {@code Map}, {@link TorchConstructs.TensorReference} and {@link PassedOver}.
 */
final class PickleReader {
  /** Values, list entries and memo entries of a pickle; a ResNet-101 has about 60 000. */
  private static final int MAX_OPERATIONS = 20_000_000;

  private static final Object MARK = new Object();

  private final PickleInput in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private final Map<String, Integer> storages = new HashMap<>();
  private long operations;

  private PickleReader(InputStream in) {
    this.in = new PickleInput(in);
  }

  /** {@code null} cannot be in a deque. */
  private enum None {
    NONE
  }

  /**
   * What a pickle holds.
   *
   * @param value what was pickled
   * @param storages bytes of a value of each storage that is named in it, by its key; 0 where the
   *     type is not known
   */
  record Contents(Object value, Map<String, Integer> storages) {}

  /** The value of {@link #readAll}. */
  static Object read(InputStream in) throws IOException {
    return readAll(in).value();
  }

  /**
   * Reads up to the end of one pickle and leaves the stream behind it.
   *
   * @throws WeightsException if it is damaged, exceeds a bound, or names what runs programs
   */
  static Contents readAll(InputStream in) throws IOException {
    PickleReader reader = new PickleReader(in);
    try {
      return new Contents(reader.run(), reader.storages);
    } catch (EOFException e) {
      throw reader.in.refused("expected more, found its end");
    } catch (ClassCastException
        | NullPointerException // None where a value is needed
        | NoSuchElementException
        | IndexOutOfBoundsException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw reader.in.refused("found an operation that does not fit what is before it");
    }
  }

  private Object run() throws IOException {
    while (true) {
      charge(1);
      int code = in.next();
      if (code == '.') {
        Object result = plain(stack.pop());
        if (!stack.isEmpty()) {
          throw in.refused("expected one value, found more");
        }
        return result;
      }
      if (!value(code) && !text(code) && !collection(code) && !object(code) && !memory(code)) {
        throw in.refused(
            String.format(
                Locale.ROOT, "found operation 0x%02x, which PyTorch does not write", code));
      }
    }
  }

  private void charge(long count) {
    operations += count;
    if (operations > MAX_OPERATIONS) {
      throw in.refused(
          String.format(Locale.ROOT, "expected at most %d operations, found more", MAX_OPERATIONS));
    }
  }

  private boolean value(int code) throws IOException {
    switch (code) {
      case 0x80 -> in.next(); // protocol
      case 0x95 -> in.little(8); // frame
      case 'N' -> stack.push(None.NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'K' -> stack.push(in.little(1));
      case 'M' -> stack.push(in.little(2));
      case 'J' -> stack.push((long) (int) in.little(4));
      case 0x8a -> stack.push(in.integer(in.next()));
      case 0x8b -> stack.push(in.integer(in.little(4)));
      case 'G' -> stack.push(in.real());
      case 'I' -> {
        String digits = in.line();
        stack.push(
            digits.equals("00") || digits.equals("01")
                ? (Object) digits.equals("01")
                : in.integer(digits));
      }
      case 'L' -> stack.push(in.integer(in.line().replace("L", "")));
      case 'F' -> stack.push(Double.valueOf(in.shortLine()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean text(int code) throws IOException {
    switch (code) {
      case 'X', 'T' -> stack.push(in.text(in.little(4)));
      case 0x8c, 'U' -> stack.push(in.text(in.next()));
      case 0x8d -> stack.push(in.text(in.little(8)));
      case 'V' -> stack.push(in.line());
      case 'S' -> {
        String quoted = in.line().strip();
        stack.push(quoted.length() > 1 ? quoted.substring(1, quoted.length() - 1) : quoted);
      }
      case 'B' -> stack.push(in.bytes(in.little(4)));
      case 'C' -> stack.push(in.bytes(in.next()));
      case 0x8e, 0x96 -> stack.push(in.bytes(in.little(8)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean collection(int code) {
    switch (code) {
      case '(' -> stack.push(MARK);
      case '0' -> stack.pop();
      case '1' -> marked();
      case '2' -> stack.push(stack.element());
      case ']' -> stack.push(new ArrayList<>());
      case ')' -> stack.push(List.of());
      case '}' -> stack.push(new LinkedHashMap<>());
      case 'l' -> stack.push(marked());
      case 'd' -> {
        List<Object> pairs = marked();
        stack.push(new LinkedHashMap<>());
        set(pairs);
      }
      case 't' -> stack.push(Collections.unmodifiableList(marked()));
      case 0x85 -> stack.push(tuple(1));
      case 0x86 -> stack.push(tuple(2));
      case 0x87 -> stack.push(tuple(3));
      case 'a' -> append(tuple(1));
      case 'e', 0x90 -> append(marked());
      case 's' -> set(tuple(2));
      case 'u' -> set(marked());
      case 0x8f -> stack.push(new PassedOver("a set"));
      case 0x91 -> {
        marked();
        stack.push(new PassedOver("a set"));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean object(int code) throws IOException {
    switch (code) {
      case 'c' -> stack.push(construct(in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = tuple(2);
        stack.push(construct((String) names.get(0), (String) names.get(1)));
      }
      case 0x82 -> stack.push(extension(1));
      case 0x83 -> stack.push(extension(2));
      case 0x84 -> stack.push(extension(4));
      case 'Q' -> stack.push(persistent(list(stack.pop())));
      case 'R', 0x81 -> {
        List<Object> arguments = list(stack.pop());
        stack.push(make(stack.pop(), arguments));
      }
      case 0x92 -> {
        stack.pop(); // arguments by name
        List<Object> arguments = list(stack.pop());
        stack.push(make(stack.pop(), arguments));
      }
      case 'i' -> {
        Object type = construct(in.line(), in.line());
        stack.push(make(type, marked()));
      }
      case 'o' -> {
        List<Object> all = marked();
        stack.push(make(all.get(0), all.subList(1, all.size())));
      }
      case 'b' -> {
        Object state = plain(stack.pop());
        // Of a dictionary: the version metadata that a state_dict carries as an attribute.
        if (stack.element() instanceof PassedOver passed) {
          passed.setState(state);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memory(int code) throws IOException {
    switch (code) {
      case 'q' -> memo.put(in.next(), stack.element());
      case 'r' -> memo.put((int) in.little(4), stack.element());
      case 'p' -> memo.put(Integer.valueOf(in.shortLine()), stack.element());
      case 0x94 -> memo.put(memo.size(), stack.element());
      case 'h' -> stack.push(remembered(in.next()));
      case 'j' -> stack.push(remembered((int) in.little(4)));
      case 'g' -> stack.push(remembered(Integer.parseInt(in.shortLine())));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object construct(String module, String name) {
    if (PickleNames.runPrograms(module, name)) {
      throw in.refused(
          "expected tensors, found the name %s.%s; nothing was run. Do not load this file anywhere"
              .formatted(module, name));
    }
    Optional<TorchConstructs> known = TorchConstructs.named(module, name);
    return known.isPresent() ? known.get() : new PassedOver(module + "." + name);
  }

  private Object extension(int bytes) throws IOException {
    return new PassedOver("extension " + in.little(bytes));
  }

  /** A storage, or the class of a model, beside which PyTorch before 1.6 keeps its source. */
  private Object persistent(List<Object> id) {
    if ("module".equals(id.get(0))) {
      return id.get(1);
    }
    return TorchConstructs.storage(id, storages);
  }

  private Object make(Object type, List<Object> arguments) {
    if (type instanceof TorchConstructs construct) {
      // A list that is remembered may be an argument a million times.
      charge(!arguments.isEmpty() && arguments.get(0) instanceof List<?> l ? l.size() : 0);
      return Optional.ofNullable(construct.call(arguments)).orElse(None.NONE);
    }
    return new PassedOver(((PassedOver) type).what(), arguments);
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw in.refused("found a reference to nothing");
    }
    return value;
  }

  private List<Object> marked() {
    List<Object> values = new ArrayList<>();
    for (Object top = stack.pop(); top != MARK; top = stack.pop()) {
      values.add(plain(top));
    }
    Collections.reverse(values);
    return values;
  }

  private List<Object> tuple(int n) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(plain(stack.pop()));
    }
    Collections.reverse(values);
    return Collections.unmodifiableList(values);
  }

  private Object plain(Object value) {
    if (value == MARK) {
      throw in.refused("found a mark where a value should be");
    }
    return value == None.NONE ? null : value;
  }

  private void append(List<Object> values) {
    if (!(stack.element() instanceof PassedOver)) {
      list(stack.element()).addAll(values);
    }
  }

  private void set(List<Object> pairs) {
    Object target = stack.element();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      Object key = TorchConstructs.key(pairs.get(i));
      if (target instanceof PassedOver passed) {
        passed.put(key, pairs.get(i + 1));
      } else {
        map(target).put(key, pairs.get(i + 1));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }
}
