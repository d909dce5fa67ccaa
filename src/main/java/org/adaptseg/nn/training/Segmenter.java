package org.adaptseg.nn.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.PixelCounting;
import org.adaptseg.engine.SoftmaxAverage;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.InitialValues;
import org.adaptseg.nn.StateNames;

/** The generator at work: running statistics, main head, one class per pixel. Not thread-safe. */
public final class Segmenter implements AutoCloseable {
  /** Images of a folder may all differ in size. */
  private static final int MOST_SIZES = 8;

  private final Engine engine;
  private final Generator generator;
  private final boolean alignCorners;
  private final Map<Sizes, ArgMax> outputs = new HashMap<>();
  private final Map<PixelCounting.Shape, PixelCounting> countings = new HashMap<>();
  private final Map<FeatureShape, Tensor> images = new HashMap<>();
  private Tensor last;

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
    this.engine = Engines.engine(arithmetic);
    this.alignCorners = alignCorners;
    this.generator = new Generator(architecture, engine);
    Parameters.load(generator.parameters(), parameters, StateNames.GENERATOR_PARAMETERS);
    generator.parametersChanged();
  }

  /** With aligned corners, as in the paper, in float32. */
  public Segmenter(GeneratorArchitecture architecture, float[] parameters) {
    this(architecture, parameters, true, Arithmetic.FLOAT32);
  }

  /** With the initial values of this seed. */
  public Segmenter(GeneratorArchitecture architecture, long seed, Arithmetic arithmetic) {
    this.engine = Engines.engine(arithmetic);
    this.alignCorners = true;
    this.generator = new Generator(architecture, engine);
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

  private record Sizes(FeatureShape logits, int height, int width) {}

  /**
   * The most likely class of every pixel, the first where several are equal.
   *
   * @param outHeight height of the result; logits are upsampled straight to it
   * @param outWidth width of the result
   * @return train ids row by row
   */
  public byte[] predict(Image image, int outHeight, int outWidth) {
    Tensor logits = segment(image);
    makeRoom();
    return outputs
        .computeIfAbsent(
            new Sizes(logits.shape(), outHeight, outWidth),
            s -> engine.argMax(s.logits(), outHeight, outWidth, alignCorners))
        .of(logits);
  }

  /**
   * Predicts an image as {@link #predict} does and counts its pixels, with the probabilities of
   * every fourth row.
   *
   * @param labels their size is the prediction's
   * @param into is added to
   */
  public void count(Image image, LabelImage labels, ConfusionMatrix into) {
    Tensor logits = segment(image);
    makeRoom();
    PixelCounting.Shape shape =
        new PixelCounting.Shape(
            logits.shape(),
            image.height(),
            image.width(),
            labels.height(),
            labels.width(),
            alignCorners);
    countings.computeIfAbsent(shape, engine::pixelCounting).count(logits, labels.values(), into);
  }

  private void makeRoom() {
    if (outputs.size() + countings.size() >= MOST_SIZES) {
      closeOutputs();
    }
  }

  private Tensor segment(Image image) {
    Tensor input =
        images.computeIfAbsent(
            new FeatureShape(1, Image.CHANNELS, image.height(), image.width()),
            s -> engine.tensor(Tensor.Kind.IMAGE, s));
    input.writeImage(0, image);
    last = generator.segment(input);
    return last;
  }

  /** The main logits of an image as they are. */
  public Logits logits(Image image) {
    return logits(segment(image));
  }

  /** As {@link #logits(Image)}, of the image that was predicted last. */
  public Logits lastLogits() {
    return logits(last);
  }

  /**
   * Averages what logits say of an image.
   *
   * @param height of the image
   * @param width of the image
   * @param views looks at it, at least one
   */
  public SoftmaxAverage average(int height, int width, List<LogitsView> views) {
    return engine.softmaxAverage(
        generator.architecture().classes(), height, width, alignCorners, views);
  }

  private static Logits logits(Tensor logits) {
    FeatureShape s = logits.shape();
    return new Logits(s.channels(), s.height(), s.width(), logits.read());
  }

  private void closeOutputs() {
    outputs.values().forEach(ArgMax::close);
    outputs.clear();
    countings.values().forEach(PixelCounting::close);
    countings.clear();
  }

  @Override
  public void close() {
    closeOutputs();
    images.values().forEach(Tensor::close);
    generator.close();
    engine.close();
  }
}
