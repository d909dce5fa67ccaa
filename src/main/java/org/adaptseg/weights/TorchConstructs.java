package org.adaptseg.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that a pickle of tensors may use, and what calling them makes. This is the whole list;
 * none of them runs anything.
 */
sealed interface TorchConstructs {
  /** Makes the value that PyTorch would have made. */
  Object call(List<Object> arguments);

  /**
   * A storage of another part of the file.
   *
   * @param key its name there
   * @param type of its values
   * @param offset where it begins in the storage of that name, in values
   * @param length in values
   */
  record StorageReference(String key, ElementType type, long offset, long length) {}

  /** A view of a storage: offset, sizes and strides in values. */
  record TensorReference(StorageReference storage, long offset, long[] shape, long[] strides) {}

  /** A storage class, which is named but never called. */
  record StorageClass(ElementType type) implements TorchConstructs {
    @Override
    public Object call(List<Object> arguments) {
      throw new WeightsException(
          "Cannot read a pickle: expected a storage's class as a name only, found a call of it");
    }
  }

  /** The functions and types that are called. */
  enum Callable implements TorchConstructs {
    ORDERED_DICT("collections", "OrderedDict") {
      @Override
      public Object call(List<Object> arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty()) {
          for (Object pair : (List<?>) arguments.get(0)) {
            map.put(key(((List<?>) pair).get(0)), ((List<?>) pair).get(1));
          }
        }
        return map;
      }
    },
    TENSOR_V2("torch._utils", "_rebuild_tensor_v2") {
      @Override
      public Object call(List<Object> arguments) {
        return tensor(arguments);
      }
    },
    TENSOR("torch._utils", "_rebuild_tensor") {
      @Override
      public Object call(List<Object> arguments) {
        return tensor(arguments);
      }
    },
    PARAMETER("torch._utils", "_rebuild_parameter") {
      @Override
      public Object call(List<Object> arguments) {
        return (TensorReference) arguments.get(0);
      }
    },
    SIZE("torch", "Size") {
      @Override
      public Object call(List<Object> arguments) {
        return arguments.get(0);
      }
    };

    private final String module;
    private final String id;

    Callable(String module, String id) {
      this.module = module;
      this.id = id;
    }

    private static TensorReference tensor(List<Object> arguments) {
      if (arguments.size() < 4) {
        throw new WeightsException(
            "Cannot read a pickle: expected a tensor's storage, offset, sizes and strides, found %d values"
                .formatted(arguments.size()));
      }
      return new TensorReference(
          (StorageReference) arguments.get(0),
          (Long) arguments.get(1),
          longs(arguments.get(2)),
          longs(arguments.get(3)));
    }

    private static long[] longs(Object list) {
      return ((List<?>) list).stream().mapToLong(Long.class::cast).toArray();
    }
  }

  /** The construct of a name, if it is on the list. */
  static Optional<TorchConstructs> named(String module, String name) {
    for (Callable callable : Callable.values()) {
      if (callable.module.equals(module) && callable.id.equals(name)) {
        return Optional.of(callable);
      }
    }
    if (module.equals("torch")) {
      for (ElementType type : ElementType.values()) {
        if (type.torchStorage().equals(name)) {
          return Optional.of(new StorageClass(type));
        }
      }
    }
    return Optional.empty();
  }

  /** The key of a dictionary, which must be text or a number. */
  static Object key(Object key) {
    if (key instanceof String || key instanceof Long) {
      return key;
    }
    throw new WeightsException(
        "Cannot read a pickle: expected text or a number as a key, found something else");
  }

  /** ("storage", class, key, device, length[, (view's key, offset, length)]) of a persistent id. */
  static StorageReference storage(List<Object> id) {
    if (id.size() < 5 || !"storage".equals(id.get(0))) {
      throw new WeightsException("Cannot read a pickle: expected a storage, found something else");
    }
    String key = (String) id.get(2);
    ElementType type = ((StorageClass) id.get(1)).type();
    if (id.size() > 5 && id.get(5) != null) {
      List<?> view = (List<?>) id.get(5);
      return new StorageReference(key, type, (Long) view.get(1), (Long) view.get(2));
    }
    return new StorageReference(key, type, 0, (Long) id.get(4));
  }
}
