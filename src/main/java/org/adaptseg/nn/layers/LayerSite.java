package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;

/** A layer's place in a network: its name, what it shares, and where its parameters are. */
public final class LayerSite {
  private final String name;
  private final LayerContext context;
  private final Vector allGradients;
  private final Map<String, Vector> parameters;
  private final Map<String, Vector> gradients;

  /**
   * @param name unique in the network
   * @param specs what the vectors hold, in order
   * @param parameters of this layer alone
   * @param gradients of this layer alone
   */
  public LayerSite(
      String name,
      LayerContext context,
      List<ParameterSpec> specs,
      Vector parameters,
      Vector gradients) {
    this.name = name;
    this.context = context;
    this.allGradients = gradients;
    this.parameters = parts(specs, parameters);
    this.gradients = parts(specs, gradients);
  }

  private static Map<String, Vector> parts(List<ParameterSpec> specs, Vector flat) {
    Map<String, Vector> parts = new HashMap<>();
    long at = 0;
    for (ParameterSpec spec : specs) {
      parts.put(spec.name(), flat.part(at, spec.length()));
      at += spec.length();
    }
    return parts;
  }

  String name() {
    return name;
  }

  LayerContext context() {
    return context;
  }

  Vector parameter(String parameter) {
    return parameters.get(parameter);
  }

  Vector gradient(String parameter) {
    return gradients.get(parameter);
  }

  /** The gradients of all parameters of the layer. */
  Vector gradients() {
    return allGradients;
  }

  /** The parameters of one of the layer's batch normalisations. */
  Normalization normalization(String module) {
    return new Normalization(
        parameter(module + ".weight"),
        parameter(module + ".bias"),
        parameter(module + ".running_mean"),
        parameter(module + ".running_var"));
  }

  /** A feature map of this layer alone. */
  Tensor own(String map, FeatureShape shape) {
    return context.map(name + "/" + map, shape);
  }

  /** Logits of this layer alone. */
  Tensor ownLogits(String logits, FeatureShape shape) {
    return context.logits(name + "/" + logits, shape);
  }
}
