package org.adaptseg.train;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Level;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.ClassMix;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.Photometric;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Promise;
import org.adaptseg.nn.training.Predictions;
import org.adaptseg.nn.training.TeacherLabels;

/**
 * Target images with classes of source images pasted onto them, and what is learnt from them (DACS,
 * Tranheden et al. 2021): pasted pixels have the source's labels and weigh 1, the others have the
 * teacher's and weigh the share of target pixels of which it is confident.
 *
 * @param images the mixed images
 * @param pasted labels of pasted pixels, all others ignored; image by image
 * @param kept labels of the others, pasted ones ignored
 * @param pastedShare share of the pixels that were pasted, 0 to 1
 * @param confident weight of the other pixels, 0 to 1
 */
record MixedBatch(
    List<Sample.Unlabelled> images,
    byte[] pasted,
    byte[] kept,
    double pastedShare,
    double confident) {
  /** Seeds what is drawn for mixed images. */
  private static final long MIX = 5;

  private static final long COLOURS = 6;

  /**
   * Mixes each source image with the target image at its place. What is drawn is a function of
   * seed, iteration and place.
   *
   * @param place of the first image within the iteration
   * @param labels of the target images
   */
  static MixedBatch of(
      RunConfig config,
      long iteration,
      int place,
      List<Sample.Labelled> source,
      List<Sample.Unlabelled> target,
      TeacherLabels labels) {
    long seed = config.run().seed();
    var jitter = config.loss().selfTraining().jitter();
    int area = labels.classes().length / target.size();
    byte[] pasted = new byte[labels.classes().length];
    byte[] kept = new byte[labels.classes().length];
    long count = 0;
    List<Sample.Unlabelled> images = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, MIX, iteration, place + i));
      ClassMix.Mixed mixed =
          ClassMix.mix(source.get(i), target.get(i).image(), labels.classes(), i * area, random);
      System.arraycopy(mixed.pasted(), 0, pasted, i * area, area);
      System.arraycopy(mixed.kept(), 0, kept, i * area, area);
      count += mixed.pastedPixels();
      Image image = mixed.image();
      if (!jitter.isNone()) {
        random = new SplitMix64(SplitMix64.hash(seed, COLOURS, iteration, place + i));
        image =
            Photometric.jitter(
                image, Photometric.Part.all(image), jitter, config.data().normalisation(), random);
      }
      images.add(new Sample.Unlabelled(source.get(i).id() + " on " + target.get(i).id(), image));
    }
    double share = (double) count / pasted.length;
    return new MixedBatch(images, pasted, kept, share, labels.confident());
  }

  /**
   * Mean over all pixels of their weights times their cross-entropies, and its weighted gradient.
   *
   * @param mixed predictions of the images
   * @param weight factor of the gradient
   * @return the loss without that factor
   */
  Promise<Double> loss(Predictions mixed, Level level, double weight, List<Float> classWeights) {
    double ofPasted = pastedShare;
    double ofKept = confident * (1 - pastedShare);
    Promise<Double> first = mixed.segmentationLoss(level, pasted, weight * ofPasted, classWeights);
    Promise<Double> second = mixed.segmentationLoss(level, kept, weight * ofKept, classWeights);
    return () -> ofPasted * first.get() + ofKept * second.get();
  }
}
