package org.adaptseg.engine.cuda;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.PixelCounting;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.HostSoftmaxAverage;
import org.adaptseg.engine.host.MostLikelyClasses;
import org.adaptseg.metrics.Calibration;
import org.adaptseg.metrics.ConfusionMatrix;

/**
 * Counts by one kernel, with the rules and the rounding of {@link MostLikelyClasses} and {@link
 * HostSoftmaxAverage}: labels go up, counts come back.
 */
final class CudaPixelCounting implements PixelCounting {
  /** Pixels of a row that a thread counts. */
  private static final int STRETCH = 32;

  private final CudaContext context;
  private final Shape shape;

  /** Rows and columns of the classes, then of the probabilities. */
  private final List<CudaPlaces> places;

  CudaPixelCounting(CudaContext context, Shape shape) {
    this.context = context;
    this.shape = shape;
    FeatureShape map = shape.logits();
    boolean corners = shape.alignCorners();
    this.places =
        List.of(
            new CudaPlaces(
                context, MostLikelyClasses.places(map.height(), shape.height(), corners)),
            new CudaPlaces(context, MostLikelyClasses.places(map.width(), shape.width(), corners)),
            new CudaPlaces(
                context,
                HostSoftmaxAverage.places(
                    map.height(), shape.inputHeight(), shape.height(), corners)),
            new CudaPlaces(
                context,
                HostSoftmaxAverage.places(
                    map.width(), shape.inputWidth(), shape.width(), corners)));
  }

  @Override
  public void count(Tensor logits, byte[] labels, ConfusionMatrix into) {
    shape.requireLabels(labels.length);
    int pairs = into.classes() * into.classes();
    long[] counts = counted(logits, labels, into, pairs + Calibration.COUNTS + 1);
    if (counts[pairs + Calibration.COUNTS] != 0) {
      throw into.unknownLabel(labels);
    }
    into.add(
        Arrays.copyOf(counts, pairs),
        Arrays.copyOfRange(counts, pairs, pairs + Calibration.COUNTS));
  }

  /** Pairs of label and class, the calibration's counts, and how many labels are no class. */
  private long[] counted(Tensor logits, byte[] labels, ConfusionMatrix into, int size) {
    FeatureShape map = shape.logits();
    byte[] scored = new byte[map.channels()];
    into.scored().forEach(c -> scored[c] = 1);
    long labelsAt = context.scratch("labels", labels.length);
    long scoredAt = context.scratch("scored", scored.length);
    long counts = context.scratch("counts", (long) size * Long.BYTES);
    context.upload(labelsAt, labels);
    context.upload(scoredAt, scored);
    context.clear(counts, (long) size * Long.BYTES);
    long stretches =
        (long) map.images() * shape.height() * ((shape.width() + STRETCH - 1) / STRETCH);
    context.launch(
        "count_pixels",
        stretches,
        CudaTensor.address(logits),
        labelsAt,
        scoredAt,
        places.get(0).cells(),
        places.get(0).shares(),
        places.get(1).cells(),
        places.get(1).shares(),
        places.get(2).cells(),
        places.get(2).shares(),
        places.get(3).cells(),
        places.get(3).shares(),
        counts,
        map.channels(),
        into.ignore(),
        map.height(),
        map.width(),
        shape.height(),
        shape.width(),
        STRETCH,
        STEP,
        Calibration.BINS,
        (double) Calibration.UNIT,
        stretches);
    return context.longs(counts, size);
  }

  @Override
  public void close() {
    places.forEach(CudaPlaces::close);
  }
}
