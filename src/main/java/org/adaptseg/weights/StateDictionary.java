package org.adaptseg.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a file by key, in the file's order.
 *
 * @param tensors tensors by key
 * @param others entries beside them that are no tensors: what each is, by key
 * @param metadata what the file says of itself; empty in PyTorch's
 * @param place keys that lead to the tensors, joined by dots; empty if they are the whole file
 * @param alternatives other dictionaries of tensors that might be meant, for a person; mostly empty
 */
public record StateDictionary(
    Map<String, Tensor> tensors,
    Map<String, String> others,
    Map<String, String> metadata,
    String place,
    String alternatives) {
  /** The tensors of a file that holds nothing else. */
  public StateDictionary(Map<String, Tensor> tensors) {
    this(tensors, Map.of(), Map.of(), "", "");
  }

  /** Copies all. */
  public StateDictionary {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    metadata = Map.copyOf(metadata);
  }
}
