package org.adaptseg.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a file by key, in the file's order.
 *
 * @param tensors tensors by key
 * @param others keys of entries beside them that are no tensors
 */
public record StateDictionary(Map<String, Tensor> tensors, List<String> others) {
  /** Copies both. */
  public StateDictionary {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    others = List.copyOf(others);
  }
}
