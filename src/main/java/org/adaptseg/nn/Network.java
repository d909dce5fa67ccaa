package org.adaptseg.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every network of ours offers: flat vectors and where the tensors lie in them. */
public interface Network extends AutoCloseable {
  /**
   * All parameters and running statistics, [n]; writing to it changes the network, see {@link
   * #parametersChanged}.
   */
  INDArray parameters();

  /** Gradients in the same layout; 0 for what is not trained. */
  INDArray gradients();

  /** The tensors in flat order, without gaps. */
  List<ParameterSlice> slices();

  /** Must be called after {@link #parameters} was written to. */
  void parametersChanged();

  /** A text that is equal for interchangeable networks. */
  String fingerprint();

  @Override
  void close();
}
