package org.adaptseg.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.spark.task.ReportBytes;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.adaptseg.spark.task.WireState;
import org.adaptseg.train.LearnerState;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Paints the few images of a report where the networks' memory and libraries are: one small task
 * per image on the executors.
 */
public final class DistributedGallery {
  private DistributedGallery() {}

  private record PaintTask(
      GalleryPainter painter, Broadcast<WireState> broadcast, LongAccumulator images)
      implements Function<Integer, byte[]> {
    @Override
    public byte[] call(Integer index) throws Exception {
      LearnerState state = broadcast.value().state();
      return SparkTask.withGenerator(
          state,
          device -> {
            byte[] entry = ReportBytes.write(painter.paint(state, index));
            images.add(1);
            return entry;
          });
    }
  }

  /**
   * Paints the images that a report shows: one Spark job.
   *
   * @param state whose networks are shown
   * @param description what Spark's pages call the job
   * @return in the order of {@link GalleryPainter#indices}
   * @throws IllegalStateException with the sentence of what is wrong, for example with an image
   */
  public static List<GalleryEntry> paint(
      JavaSparkContext context, GalleryPainter painter, LearnerState state, String description) {
    List<Integer> indices = painter.indices();
    return SparkJob.run(
        context,
        description,
        "images",
        images -> {},
        job -> {
          job.stage(String.format(Locale.ROOT, "paint: %d images", indices.size()));
          List<GalleryEntry> entries = new ArrayList<>();
          for (byte[] entry :
              context
                  .parallelize(indices, indices.size())
                  .map(new PaintTask(painter, job.broadcast(state), job.done()))
                  .collect()) {
            entries.add(ReportBytes.read(entry, GalleryEntry.class));
          }
          return entries;
        });
  }
}
