package org.adaptseg.weights.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A generator of ours with values that its tensors' names give, and what it says to an image at
 * evaluation.
 *
 * @param logits of the heads in the order of the stages, each [1, C, h, w]
 */
record OurNetwork(List<ParameterSlice> slices, float[] parameters, List<Logits> logits) {
  /** A head's. */
  record Logits(long[] shape, float[] values) {}

  static OurNetwork of(GeneratorArchitecture architecture, INDArray image) {
    try (Kernels kernels = new OneDnnKernels();
        Generator generator = new Generator(architecture, kernels)) {
      GoldenNetworks.fill(generator, "G.", 7);
      List<Logits> logits = new ArrayList<>();
      for (INDArray blocked : generator.forward(image, false).values()) {
        FeatureShape shape = generator.logitsShape(blocked);
        INDArray plain =
            Nd4j.create(kernels.dataType(), 1, shape.channels(), shape.height(), shape.width());
        kernels.elementwise().toNchw(blocked, plain, shape);
        logits.add(new Logits(plain.shape(), plain.reshape(plain.length()).toFloatVector()));
      }
      return new OurNetwork(generator.slices(), generator.parameters().toFloatVector(), logits);
    }
  }
}
