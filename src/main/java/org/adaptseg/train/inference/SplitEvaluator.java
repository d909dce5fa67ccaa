package org.adaptseg.train.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.adaptseg.data.Prefetcher;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.metrics.ConfusionMatrix;

/**
 * Evaluates the images of a split. While the network computes, the next two images and their labels
 * are decoded, and resized, by other threads; the files of those are asked for before.
 */
final class SplitEvaluator implements Evaluator {
  private static final int THREADS = 2;
  private static final int AHEAD = 2;

  private final Split split;
  private final SplitPlan plan;
  private final Views views;
  private final Image.Form form;
  private final ViewedSegmenter segmenter;
  private final ConfusionMatrix empty;
  private Prefetcher<Read> ahead;
  private int next;

  /** What is read of one image. */
  private record Read(List<ScaledImage> image, LabelImage truth) {}

  /** Owns the split and the segmenter. */
  SplitEvaluator(
      Split split,
      SplitPlan plan,
      Views views,
      Image.Form form,
      ViewedSegmenter segmenter,
      ConfusionMatrix empty) {
    this.split = split;
    this.plan = plan;
    this.views = views;
    this.form = form;
    this.segmenter = segmenter;
    this.empty = empty;
  }

  @Override
  public void expect(int first, int end) {
    stopReading();
    next = first;
    ahead =
        new Prefetcher<>(
            new Prefetcher.Loader<>() {
              @Override
              public Read load(long step) throws IOException {
                return read(Math.toIntExact(first + step));
              }

              @Override
              public void announce(long step) {
                split.announce(Math.toIntExact(first + step), true);
              }
            },
            end - first,
            THREADS,
            AHEAD);
  }

  private Read read(int index) throws IOException {
    List<ScaledImage> image =
        ScaledImage.of(
            split.pixels(index), plan.width(), plan.height(), views, plan.normalisation(), form);
    return new Read(image, split.originalLabels(index));
  }

  private Read taken(int index) throws IOException {
    if (ahead == null || index != next) {
      return read(index);
    }
    next++;
    return ahead.next();
  }

  @Override
  public ConfusionMatrix evaluate(int index) throws IOException {
    Read read = taken(index);
    ConfusionMatrix matrix = empty.emptied();
    segmenter.count(read.image(), read.truth(), matrix);
    return matrix;
  }

  private void stopReading() {
    if (ahead != null) {
      ahead.close();
      ahead = null;
    }
  }

  @Override
  public void close() {
    stopReading();
    segmenter.close();
    try {
      split.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
