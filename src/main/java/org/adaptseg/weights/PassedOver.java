package org.adaptseg.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for what a pickle would build and this program does not: an object of a class that is no
 * tensor, or the class or function itself. Nothing is looked up by its name. What the pickle puts
 * into it is kept, since a dictionary of tensors may be in there.
 */
final class PassedOver {
  private final String what;
  private final List<Object> arguments;
  private final Map<Object, Object> items = new LinkedHashMap<>();
  private Object state;

  /**
   * @param what what it is, for messages: {@code argparse.Namespace}
   */
  PassedOver(String what) {
    this(what, List.of());
  }

  PassedOver(String what, List<Object> arguments) {
    this.what = what;
    this.arguments = arguments;
  }

  String what() {
    return what;
  }

  void put(Object key, Object value) {
    items.put(key, value);
  }

  void setState(Object value) {
    state = value;
  }

  /** Its entries if it is a kind of dictionary, else its attributes; empty if it has neither. */
  Map<Object, Object> entries() {
    if (!items.isEmpty()) {
      return items;
    }
    if (state instanceof Map<?, ?> attributes && !attributes.isEmpty()) {
      return Collections.unmodifiableMap(attributes);
    }
    return !arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> initial
        ? Collections.unmodifiableMap(initial)
        : Map.of();
  }

  /** What a value of a pickle is, for messages. */
  static String what(Object value) {
    if (value instanceof PassedOver passed) {
      return passed.what;
    }
    if (value instanceof TorchConstructs) {
      return "a name of PyTorch's";
    }
    if (value instanceof TorchConstructs.TensorReference) {
      return "a tensor";
    }
    if (value instanceof Map<?, ?>) {
      return "a dictionary";
    }
    if (value instanceof List<?>) {
      return "a list";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof Boolean) {
      return "a truth value";
    }
    return value == null ? "None" : "text";
  }
}
