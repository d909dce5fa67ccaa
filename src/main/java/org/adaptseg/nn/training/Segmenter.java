package org.adaptseg.nn.training;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.kernels.Backend;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.Upsampling;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The generator at work: running statistics, main head, one class per pixel. Not thread-safe. */
public final class Segmenter implements AutoCloseable {
  private static final int CHUNK_PIXELS = 8192;

  private final Kernels kernels = Backend.kernels();
  private final Generator generator;
  private final int classes;
  private final boolean alignCorners;
  private final Map<Sizes, Output> outputs = new HashMap<>();

  /**
   * @param parameters the generator's flat vector, running statistics included
   * @param alignCorners how logits are upsampled
   */
  public Segmenter(GeneratorArchitecture architecture, float[] parameters, boolean alignCorners) {
    this.alignCorners = alignCorners;
    this.generator = new Generator(architecture, kernels);
    this.classes = architecture.classes();
    FlatVectors.assign(generator.parameters(), parameters, "generator.parameters");
    generator.parametersChanged();
  }

  /** With aligned corners, as in the paper. */
  public Segmenter(GeneratorArchitecture architecture, float[] parameters) {
    this(architecture, parameters, true);
  }

  private record Sizes(FeatureShape logits, int height, int width) {}

  private record Output(Upsampling upsampling, INDArray scores) {}

  /**
   * The most likely class of every pixel, the first where several are equal.
   *
   * @param chw image [3, height, width], BGR minus mean
   * @param outHeight height of the result; logits are upsampled straight to it
   * @param outWidth width of the result
   * @return train ids row by row
   */
  public byte[] predict(float[] chw, int height, int width, int outHeight, int outWidth) {
    try (INDArray image = Nd4j.create(kernels.dataType(), 1, 3, height, width)) {
      new FloatPointer(image.data().addressPointer()).put(chw);
      INDArray logits = generator.forward(image, false).get(Level.MAIN);
      Output output =
          outputs.computeIfAbsent(
              new Sizes(generator.logitsShape(logits), outHeight, outWidth), this::output);
      output.upsampling().forward(logits, output.scores());
      return argmax(output.scores());
    }
  }

  /**
   * The main logits of an image as they are, for {@link ArgmaxBands}.
   *
   * @param chw image [3, height, width], BGR minus mean
   */
  public ArgmaxBands.Logits logits(float[] chw, int height, int width) {
    try (INDArray image = Nd4j.create(kernels.dataType(), 1, 3, height, width)) {
      new FloatPointer(image.data().addressPointer()).put(chw);
      INDArray logits = generator.forward(image, false).get(Level.MAIN);
      FeatureShape shape = generator.logitsShape(logits);
      // Upsampling to the same size changes nothing but the layout.
      Output output =
          outputs.computeIfAbsent(new Sizes(shape, shape.height(), shape.width()), this::output);
      output.upsampling().forward(logits, output.scores());
      float[] values = new float[Math.toIntExact(output.scores().length())];
      new FloatPointer(output.scores().data().addressPointer()).get(values);
      return new ArgmaxBands.Logits(classes, shape.height(), shape.width(), values);
    }
  }

  private Output output(Sizes s) {
    return new Output(
        kernels.upsampling(s.logits(), s.height(), s.width(), alignCorners),
        Nd4j.create(kernels.dataType(), (long) s.height() * s.width(), classes));
  }

  private byte[] argmax(INDArray scores) {
    int pixels = Math.toIntExact(scores.size(0));
    byte[] best = new byte[pixels];
    float[] chunk = new float[CHUNK_PIXELS * classes];
    FloatPointer all = new FloatPointer(scores.data().addressPointer());
    for (int from = 0; from < pixels; from += CHUNK_PIXELS) {
      int n = Math.min(CHUNK_PIXELS, pixels - from);
      all.position((long) from * classes).get(chunk, 0, n * classes);
      for (int i = 0; i < n; i++) {
        int row = i * classes;
        int top = 0;
        for (int c = 1; c < classes; c++) {
          if (chunk[row + c] > chunk[row + top]) {
            top = c;
          }
        }
        best[from + i] = (byte) top;
      }
    }
    return best;
  }

  @Override
  public void close() {
    outputs
        .values()
        .forEach(
            o -> {
              o.upsampling().close();
              o.scores().close();
            });
    generator.close();
    kernels.close();
  }
}
