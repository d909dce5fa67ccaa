package org.adaptseg.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec.Role;

/** A network's tensors under PyTorch's names, as the released evaluation code loads them. */
public final class WeightExport {
  /** Branches of a head in the released code, of which it runs the first two. */
  public static final int RELEASED_BRANCHES = 4;

  private WeightExport() {}

  /**
   * Tensors of a flat vector in the network's order.
   *
   * @param branches heads with fewer branches get further ones of zeros, up to this number, so that
   *     a strict loader finds all that it made; 0 adds none
   */
  public static Map<String, Tensor> tensors(
      List<ParameterSlice> slices, float[] parameters, int branches) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ParameterSlice slice : slices) {
      tensors.put(
          slice.key(), Tensor.of(parameters, Math.toIntExact(slice.offset()), slice.shape()));
    }
    for (ParameterSlice slice : slices) {
      if (slice.head() && slice.key().contains("conv2d_list.0.")) {
        for (int branch = 1; branch < branches; branch++) {
          String key = slice.key().replace("conv2d_list.0.", "conv2d_list." + branch + ".");
          tensors.computeIfAbsent(key, k -> zeros(slice));
        }
      }
    }
    return tensors;
  }

  private static Tensor zeros(ParameterSlice slice) {
    if (slice.role() != Role.WEIGHT && slice.role() != Role.BIAS) {
      throw new IllegalArgumentException("Cannot pad a head: found " + slice.role());
    }
    return Tensor.of(new float[Math.toIntExact(slice.length())], 0, slice.shape());
  }
}
