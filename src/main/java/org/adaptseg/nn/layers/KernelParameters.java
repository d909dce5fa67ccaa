package org.adaptseg.nn.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Splits a layer's flat view into its tensors, row-major and in the order of their specifications.
 * Initial values are set for whole networks, by name and seed; here only batch normalisations
 * become the identity.
 */
final class KernelParameters implements ParamInitializer {
  static final KernelParameters INSTANCE = new KernelParameters();

  private KernelParameters() {}

  private static List<ParameterSpec> specs(Layer conf) {
    return ((KernelLayerConf) conf).parameters();
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer conf) {
    return specs(conf).stream().mapToLong(ParameterSpec::length).sum();
  }

  private static List<String> names(Layer conf, Predicate<ParameterSpec.Role> which) {
    return specs(conf).stream()
        .filter(p -> which.test(p.role()))
        .map(p -> ParameterSpec.tableName(p.name()))
        .toList();
  }

  @Override
  public List<String> paramKeys(Layer conf) {
    return names(conf, r -> true);
  }

  @Override
  public List<String> weightKeys(Layer conf) {
    return names(conf, r -> r == ParameterSpec.Role.WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer conf) {
    return names(conf, r -> r == ParameterSpec.Role.BIAS);
  }

  @Override
  public boolean isWeightParam(Layer conf, String key) {
    return weightKeys(conf).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer conf, String key) {
    return biasKeys(conf).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray view, boolean initialize) {
    Map<String, INDArray> table = split(conf.getLayer(), view);
    if (initialize) {
      for (ParameterSpec p : specs(conf.getLayer())) {
        boolean one =
            p.role() == ParameterSpec.Role.NORM_SCALE
                || p.role() == ParameterSpec.Role.RUNNING_VARIANCE;
        table.get(ParameterSpec.tableName(p.name())).assign(one ? 1.0 : 0.0);
      }
    }
    for (String name : table.keySet()) {
      conf.addVariable(name);
    }
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return split(conf.getLayer(), view);
  }

  private static Map<String, INDArray> split(Layer conf, INDArray view) {
    INDArray flat = view.reshape(view.length());
    Map<String, INDArray> table = new LinkedHashMap<>();
    long at = 0;
    for (ParameterSpec p : specs(conf)) {
      table.put(
          ParameterSpec.tableName(p.name()),
          flat.get(NDArrayIndex.interval(at, at + p.length())).reshape('c', p.shape()));
      at += p.length();
    }
    return table;
  }
}
