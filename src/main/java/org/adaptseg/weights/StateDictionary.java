package org.adaptseg.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a file by key, in the file's order.
 *
 * @param tensors tensors by key
 * @param others keys of entries beside them that are not tensors
 * @param metadata what the file says of itself; empty in PyTorch's
 */
public record StateDictionary(
    Map<String, Tensor> tensors, List<String> others, Map<String, String> metadata) {
  /** The tensors of a file that says nothing of itself. */
  public StateDictionary(Map<String, Tensor> tensors, List<String> others) {
    this(tensors, others, Map.of());
  }

  /** Copies all. */
  public StateDictionary {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    others = List.copyOf(others);
    metadata = Map.copyOf(metadata);
  }
}
