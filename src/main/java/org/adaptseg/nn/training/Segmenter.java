package org.adaptseg.nn.training;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.InitialValues;
import org.adaptseg.nn.MostLikelyClasses;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.backend.Backend;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The generator at work: running statistics, main head, one class per pixel. Not thread-safe. */
public final class Segmenter implements AutoCloseable {
  private final Kernels kernels;
  private final Generator generator;
  private final int classes;
  private final boolean alignCorners;
  private final Map<Sizes, MostLikelyClasses> outputs = new HashMap<>();
  private final Map<FeatureShape, INDArray> images = new HashMap<>();

  /**
   * @param parameters the generator's flat vector, running statistics included
   * @param alignCorners how logits are upsampled
   * @param arithmetic what numbers are computed in and with
   */
  public Segmenter(
      GeneratorArchitecture architecture,
      float[] parameters,
      boolean alignCorners,
      Arithmetic arithmetic) {
    this.kernels = Backend.kernels(arithmetic);
    this.alignCorners = alignCorners;
    this.generator = new Generator(architecture, kernels);
    this.classes = architecture.classes();
    FlatVectors.assign(generator.parameters(), parameters, StateNames.GENERATOR_PARAMETERS);
    generator.parametersChanged();
  }

  /** With aligned corners, as in the paper, in float32. */
  public Segmenter(GeneratorArchitecture architecture, float[] parameters) {
    this(architecture, parameters, true, Arithmetic.FLOAT32);
  }

  /** With the initial values of this seed. */
  public Segmenter(GeneratorArchitecture architecture, long seed, Arithmetic arithmetic) {
    this.kernels = Backend.kernels(arithmetic);
    this.alignCorners = true;
    this.generator = new Generator(architecture, kernels);
    this.classes = architecture.classes();
    InitialValues.generator(generator, seed);
  }

  /**
   * Logits of one image.
   *
   * @param classes C
   * @param height h
   * @param width w
   * @param values h·w·C values, row by row, the classes of a place side by side
   */
  public record Logits(int classes, int height, int width, float[] values) {}

  private record Sizes(int mapHeight, int mapWidth, int height, int width) {}

  /**
   * The most likely class of every pixel, the first where several are equal.
   *
   * @param chw image [3, height, width], BGR minus mean
   * @param outHeight height of the result; logits are upsampled straight to it
   * @param outWidth width of the result
   * @return train ids row by row
   */
  public byte[] predict(float[] chw, int height, int width, int outHeight, int outWidth) {
    Logits logits = logits(chw, height, width);
    return outputs
        .computeIfAbsent(
            new Sizes(logits.height(), logits.width(), outHeight, outWidth),
            s ->
                new MostLikelyClasses(
                    classes, s.mapHeight(), s.mapWidth(), outHeight, outWidth, alignCorners))
        .of(logits.values());
  }

  /**
   * The main logits of an image as they are.
   *
   * @param chw image [3, height, width], BGR minus mean
   */
  public Logits logits(float[] chw, int height, int width) {
    INDArray image =
        images.computeIfAbsent(
            new FeatureShape(1, 3, height, width),
            k -> Nd4j.create(kernels.dataType(), 1, 3, height, width));
    new FloatPointer(image.data().addressPointer()).put(chw);
    INDArray logits = generator.segment(image);
    FeatureShape s = generator.logitsShape(logits);
    try (INDArray rows = Nd4j.create(kernels.dataType(), s.pixels(), s.channels())) {
      kernels.elementwise().toPixels(logits, rows, s);
      float[] values = new float[Math.toIntExact(s.size())];
      new FloatPointer(rows.data().addressPointer()).get(values);
      return new Logits(classes, s.height(), s.width(), values);
    }
  }

  @Override
  public void close() {
    images.values().forEach(INDArray::close);
    generator.close();
    kernels.close();
  }
}
