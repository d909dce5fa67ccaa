package org.adaptseg.testing;

import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.train.AdaptationStep;

/** Random images and labels of one size, the same ones from every new instance. */
public final class RandomSamples implements AdaptationStep.Samples {
  private final SplitMix64 sources = new SplitMix64(5);
  private final SplitMix64 targets = new SplitMix64(5 + 1);
  private final int height;
  private final int width;
  private final int classes;
  private int count;

  public RandomSamples(int height, int width, int classes) {
    this.height = height;
    this.width = width;
    this.classes = classes;
  }

  private Image image(SplitMix64 random) {
    float[] chw = new float[Image.CHANNELS * height * width];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = random.nextInt(256) - 128f;
    }
    return new Image(height, width, chw);
  }

  @Override
  public Sample.Labelled source() {
    Image image = image(sources);
    byte[] labels = new byte[height * width];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) sources.nextInt(classes);
    }
    return new Sample.Labelled("source " + count++, image, new LabelImage(height, width, labels));
  }

  @Override
  public Sample.Labelled labelledTarget() {
    return source();
  }

  @Override
  public Sample.Unlabelled target() {
    return new Sample.Unlabelled("target " + count++, image(targets));
  }
}
