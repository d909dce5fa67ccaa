package org.adaptseg.nn.layers;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/** What the configurations of our layers share. */
public abstract class KernelLayerConf extends Layer {
  private static final long serialVersionUID = 1L;

  private IUpdater updater = new NoOp();

  /** The layer's parameters in the order of its flat view. */
  public abstract List<ParameterSpec> parameters();

  /**
   * What the layer computes and keeps.
   *
   * @param pixels of the input's map
   */
  public abstract LayerWork work(double pixels);

  /** Values of the layer's convolution weights. */
  final long weights() {
    return parameters().stream()
        .filter(p -> p.role() == ParameterSpec.Role.WEIGHT)
        .mapToLong(ParameterSpec::length)
        .sum();
  }

  /** A runtime layer without parameters set. */
  protected abstract KernelLayer newLayer(NeuralNetConfiguration conf, DataType dataType);

  /** DL4J's updater for the trained parameters; the default leaves gradients as they are. */
  public IUpdater getUpdater() {
    return updater;
  }

  public void setUpdater(IUpdater updater) {
    this.updater = updater;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parametersView,
      boolean initialize,
      DataType dataType) {
    KernelLayer layer = newLayer(conf, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parametersView);
    layer.setParamTable(initializer().init(conf, parametersView, initialize));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return KernelParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int index, InputType in) {
    return in; // shapes are checked when the first image is seen
  }

  @Override
  public void setNIn(InputType in, boolean override) {
    // Channel counts are given, never inferred.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType in) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public GradientNormalization getGradientNormalization() {
    return GradientNormalization.None;
  }

  @Override
  public double getGradientNormalizationThreshold() {
    return 0;
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    // Sgd(0) rather than NoOp: NoOp would pass gradients on as updates.
    return spec(name).role().trained() ? updater : new org.nd4j.linalg.learning.config.Sgd(0.0);
  }

  @Override
  public void setDataType(DataType dataType) {
    // The graph's type holds.
  }

  private ParameterSpec spec(String name) {
    return parameters().stream()
        .filter(p -> ParameterSpec.tableName(p.name()).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot find parameter "
                        + name
                        + ": expected one of "
                        + parameters().stream().map(ParameterSpec::name).toList()));
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType in) {
    long n = parameters().stream().mapToLong(ParameterSpec::length).sum();
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), in, in)
        .standardMemory(n, n)
        .build();
  }
}
