package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.ParameterSpec;

/**
 * A layer of a network.
 *
 * @param name unique in the network
 * @param module PyTorch's module, which the names of parameters begin with; empty for none
 * @param spec what it is
 * @param input name of the layer whose output it reads, null for the network's input
 * @param head whether it is a classification head
 */
public record NetworkLayer(String name, String module, LayerSpec spec, String input, boolean head) {
  /** The tensors of the layers in flat order, without gaps. */
  static List<ParameterSlice> slices(List<NetworkLayer> plan) {
    List<ParameterSlice> slices = new ArrayList<>();
    long at = 0;
    for (NetworkLayer layer : plan) {
      for (ParameterSpec p : layer.spec().parameters()) {
        String key = layer.module().isEmpty() ? p.name() : layer.module() + "." + p.name();
        slices.add(new ParameterSlice(key, p.role(), layer.head(), at, p.shape()));
        at += p.length();
      }
    }
    return List.copyOf(slices);
  }
}
