package org.adaptseg.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that a pickle of tensors may use, and what calling them makes. This is the whole list;
 * none of them runs anything.
 */
sealed interface TorchConstructs {
  /** As many as PyTorch allows. */
  int MAX_DIMENSIONS = 64;

  /** Storages whose values cannot be weights here, with the bytes of a value. */
  Map<String, Integer> OTHER_STORAGES =
      Map.of(
          "torch.ComplexFloatStorage", 8,
          "torch.ComplexDoubleStorage", 16,
          "torch.QInt8Storage", 1,
          "torch.QUInt8Storage", 1,
          "torch.QInt32Storage", 4,
          "torch.storage.UntypedStorage", 1,
          "torch.UntypedStorage", 1);

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
        return arguments.get(0);
      }
    },
    PARAMETER_WITH_STATE("torch._utils", "_rebuild_parameter_with_state") {
      @Override
      public Object call(List<Object> arguments) {
        return arguments.get(0);
      }
    },
    /** (function, type, arguments, state): the tensor of a class that adds attributes. */
    SUBCLASS("torch._tensor", "_rebuild_from_type_v2") {
      @Override
      public Object call(List<Object> arguments) {
        return arguments.get(0) instanceof Callable function && function != this
            ? function.call(list(arguments.get(2)))
            : new PassedOver("a tensor of a class of its own");
      }
    },
    SIZE("torch", "Size") {
      @Override
      public Object call(List<Object> arguments) {
        return arguments.isEmpty() ? List.of() : arguments.get(0);
      }
    };

    private final String module;
    private final String id;

    Callable(String module, String id) {
      this.module = module;
      this.id = id;
    }

    private static Object tensor(List<Object> arguments) {
      if (arguments.size() < 4) {
        throw new WeightsException(
            String.format(
                Locale.ROOT,
                "Cannot read a pickle: expected a tensor's storage, offset, sizes and strides, found %d values",
                arguments.size()));
      }
      // Complex numbers, quantised ones, tensors of classes that are not known.
      if (arguments.get(0) instanceof PassedOver storage) {
        return new PassedOver("a tensor of " + storage.what());
      }
      return new TensorReference(
          (StorageReference) arguments.get(0),
          (Long) arguments.get(1),
          longs(arguments.get(2)),
          longs(arguments.get(3)));
    }

    private static long[] longs(Object list) {
      List<?> sizes = (List<?>) list;
      if (sizes.size() > MAX_DIMENSIONS) {
        throw new WeightsException(
            String.format(
                Locale.ROOT,
                "Cannot read a pickle: expected tensors of at most %d dimensions, found %d",
                MAX_DIMENSIONS,
                sizes.size()));
      }
      return sizes.stream().mapToLong(Long.class::cast).toArray();
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
      return (List<Object>) value;
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

  /**
   * The key of a dictionary as it is if it is text or a number, by which tensors are named; else
   * something that equals nothing else.
   */
  static Object key(Object key) {
    return key instanceof String || key instanceof Long ? key : new Object();
  }

  /**
   * ("storage", class, key, device, length[, (view's key, offset, length)]) of a persistent id.
   *
   * @param sizes receives the bytes of a value of it; 0 if its class is not known
   * @return a {@link StorageReference}, or what is passed over
   */
  static Object storage(List<Object> id, Map<String, Integer> sizes) {
    if (id.size() < 5 || !"storage".equals(id.get(0))) {
      throw new WeightsException("Cannot read a pickle: expected a storage, found something else");
    }
    String key = (String) id.get(2);
    if (id.get(1) instanceof PassedOver unknown) {
      sizes.put(key, OTHER_STORAGES.getOrDefault(unknown.what(), 0));
      return unknown;
    }
    ElementType type = ((StorageClass) id.get(1)).type();
    sizes.put(key, type.size());
    if (id.size() > 5 && id.get(5) != null) {
      List<?> view = (List<?>) id.get(5);
      return new StorageReference(key, type, (Long) view.get(1), (Long) view.get(2));
    }
    return new StorageReference(key, type, 0, (Long) id.get(4));
  }
}
