package org.adaptseg.nn.layers;

import java.util.Map;
import org.adaptseg.nn.backend.Backend;
import org.adaptseg.nn.kernels.Kernels;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runtime of our layers: parameters and gradients as views of the graph's flat vectors, and a
 * context that a network attaches. Without one, as in a plain DL4J graph, a layer makes its own.
 */
public abstract class KernelLayer extends AbstractLayer<KernelLayerConf> {
  /** PyTorch's momentum of running statistics. */
  private static final double MOMENTUM = 0.1;

  private INDArray parametersView;
  private INDArray gradientsView;
  private Map<String, INDArray> parameters;
  private Map<String, INDArray> gradients;
  private LayerContext context;

  KernelLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /** Output of the layer; the array belongs to the layer and lasts until its next forward. */
  abstract INDArray forward(INDArray x, boolean training);

  /**
   * Fills the gradient views and returns the gradient of x (null where none is wanted); {@code g}
   * may be overwritten.
   */
  abstract INDArray backward(INDArray x, INDArray g);

  /** Shares a network's kernels and buffers. */
  public void attach(LayerContext shared) {
    this.context = shared;
  }

  LayerContext context() {
    if (context == null) {
      context = new LayerContext(Backend.kernels(dataType));
    }
    return context;
  }

  Kernels kernels() {
    return context().kernels();
  }

  /** A buffer of this layer alone. */
  INDArray own(String name, org.adaptseg.nn.kernels.FeatureShape shape) {
    return context().buffer(index + "/" + layerConf().getLayerName() + "/" + name, shape);
  }

  /** A buffer of this layer alone for logits. */
  INDArray ownLogits(String name, org.adaptseg.nn.kernels.FeatureShape shape) {
    return context().logits(index + "/" + layerConf().getLayerName() + "/" + name, shape);
  }

  INDArray parameter(String name) {
    return parameters.get(ParameterSpec.tableName(name));
  }

  INDArray gradient(String name) {
    return gradients.get(ParameterSpec.tableName(name));
  }

  /**
   * running ← (1 − m) running + m · batch, the variance unbiased (PyTorch's rule). The batch's
   * values are overwritten.
   */
  void updateRunning(String module, INDArray mean, INDArray variance, long values) {
    INDArray runningMean = parameter(module + ".running_mean");
    INDArray runningVariance = parameter(module + ".running_var");
    mix(runningMean, mean, MOMENTUM);
    mix(runningVariance, variance, MOMENTUM * unbiased(values));
  }

  /** running ← batch, the variance unbiased: {@link #updateRunning} with m = 1. */
  void replaceRunning(String module, INDArray mean, INDArray variance, long values) {
    parameter(module + ".running_mean").assign(mean);
    INDArray runningVariance = parameter(module + ".running_var");
    runningVariance.assign(variance);
    runningVariance.muli(unbiased(values));
  }

  private static double unbiased(long values) {
    return values > 1 ? (double) values / (values - 1) : 1.0;
  }

  /**
   * In place: a product would be a new array for every normalisation of every pass. Each step is
   * rounded by itself: BLAS's axpy fuses them on some processors and not on others, and obeys
   * OPENBLAS_CORETYPE.
   */
  private static void mix(INDArray running, INDArray batch, double weight) {
    running.muli(1 - MOMENTUM);
    batch.muli(weight);
    running.addi(batch);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
    assertInputSet(false);
    return forward(input, training);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
    assertInputSet(true);
    INDArray own = context().outputGradient(layerConf().getLayerName());
    if (own != null) {
      kernels().elementwise().add(epsilon, own);
    }
    INDArray gx = backward(input, epsilon);
    Gradient gradient = new DefaultGradient(gradientsView);
    gradients.forEach(gradient::setGradientFor);
    return new Pair<>(gradient, gx);
  }

  @Override
  public INDArray params() {
    return parametersView;
  }

  @Override
  public long numParams() {
    return parametersView.length();
  }

  @Override
  public long numParams(boolean backpropOnly) {
    return numParams();
  }

  @Override
  public INDArray getParam(String name) {
    return parameters.get(name);
  }

  @Override
  public void setParam(String name, INDArray value) {
    parameters.get(name).assign(value);
  }

  @Override
  public void setParams(INDArray values) {
    parametersView.assign(values.reshape(parametersView.shape()));
  }

  @Override
  public void setParamsViewArray(INDArray view) {
    this.parametersView = view;
  }

  @Override
  public void setParamTable(Map<String, INDArray> table) {
    this.parameters = table;
  }

  @Override
  public Map<String, INDArray> paramTable() {
    return parameters;
  }

  @Override
  public Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameters;
  }

  @Override
  public INDArray getGradientsViewArray() {
    return gradientsView;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    this.gradientsView = view;
    this.gradients = layerConf().initializer().getGradientsFromFlattened(conf, view);
  }

  @Override
  public double calcRegularizationScore(boolean backpropOnly) {
    return 0;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // no weight noise
  }
}
