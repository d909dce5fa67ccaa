package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.layers.Layer;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.LayerSite;

/**
 * Layers that run one after another, with branches: a layer reads the output of an earlier one. The
 * losses on its outputs come from outside.
 */
final class Chain {
  private final LayerContext context;
  private final List<NetworkLayer> plan;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Tensor[] outputs;
  private Tensor input;

  /**
   * @param parameters of all layers in their order
   * @param gradients likewise
   */
  Chain(List<NetworkLayer> plan, LayerContext context, Vector parameters, Vector gradients) {
    this.context = context;
    this.plan = plan;
    this.outputs = new Tensor[plan.size()];
    long at = 0;
    for (NetworkLayer entry : plan) {
      long length = entry.spec().length();
      LayerSite site =
          new LayerSite(
              entry.name(),
              context,
              entry.spec().parameters(),
              parameters.part(at, length),
              gradients.part(at, length));
      places.put(entry.name(), layers.size());
      layers.add(entry.spec().at(site));
      at += length;
    }
  }

  private Tensor inputOf(int place) {
    String before = plan.get(place).input();
    return before == null ? input : outputs[places.get(before)];
  }

  /** Runs all layers. */
  void forward(Tensor of, boolean training) {
    input = of;
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = layers.get(i).forward(inputOf(i), training);
    }
  }

  /** Output of a layer in the last forward; it belongs to the layer. */
  Tensor output(String layer) {
    return outputs[places.get(layer)];
  }

  /**
   * Back-propagates through the last training forward.
   *
   * @param gradients of the outputs that no layer reads
   * @param further gradients of outputs, added to those that the layers behind them give
   * @return the gradient of the input, or null where the first layer gives none
   */
  Tensor backward(Map<String, Tensor> gradients, Map<String, Tensor> further) {
    Tensor[] ofOutputs = new Tensor[outputs.length];
    gradients.forEach((layer, gradient) -> ofOutputs[places.get(layer)] = gradient);
    Tensor ofInput = null;
    for (int i = outputs.length - 1; i >= 0; i--) {
      NetworkLayer entry = plan.get(i);
      Tensor own = further.get(entry.name());
      if (own != null) {
        context.engine().elementwise().add(ofOutputs[i], own);
      }
      Tensor back = layers.get(i).backward(inputOf(i), ofOutputs[i]);
      if (entry.input() == null) {
        ofInput = back;
      } else {
        int before = places.get(entry.input());
        if (ofOutputs[before] == null) {
          ofOutputs[before] = back;
        } else {
          context.engine().elementwise().add(ofOutputs[before], back);
        }
      }
    }
    return ofInput;
  }
}
