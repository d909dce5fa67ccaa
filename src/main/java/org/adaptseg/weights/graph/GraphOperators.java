package org.adaptseg.weights.graph;

import java.util.List;
import org.adaptseg.engine.MaxPool;

/**
 * The operators of another program's graph. A method adds one and returns the name of its output.
 */
public interface GraphOperators {
  /**
   * How a convolution goes over its input.
   *
   * @param stride step of the kernel
   * @param dilation distance of the places that it sees
   */
  record Window(int stride, int dilation) {}

  /**
   * A convolution, padded so that a map of stride 1 keeps its size.
   *
   * @param module PyTorch's, with whose {@code weight}, and {@code bias} if there is one
   * @param relu whether a ReLU follows
   */
  String convolution(String module, Window window, boolean relu, String input);

  /**
   * A batch normalisation with running statistics.
   *
   * @param module PyTorch's, with whose scale, shift and running values
   */
  String normalisation(String module, String input);

  /** max(x, 0). */
  String relu(String name, String input);

  /** Max-pooling; what it reads is never below 0. */
  String maxPool(String name, MaxPool.Window window, String input);

  /** The sum of maps of one size. */
  String sum(String name, List<String> inputs);
}
