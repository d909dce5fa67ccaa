package org.adaptseg.spark;

import java.util.List;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.train.LearnerState;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Paints the few images of a report where the networks' memory and libraries are: one small task
 * per image on the executors.
 */
public final class DistributedGallery {
  private DistributedGallery() {}

  private record PaintTask(GalleryPainter painter, Broadcast<WireState> state)
      implements Function<Integer, GalleryEntry> {
    @Override
    public GalleryEntry call(Integer index) throws Exception {
      return painter.paint(state.value().state(), index);
    }
  }

  /**
   * Paints the images that a report shows: one Spark job.
   *
   * @param state whose networks are shown
   * @param description what Spark's pages call the job
   * @return in the order of {@link GalleryPainter#indices}
   */
  public static List<GalleryEntry> paint(
      JavaSparkContext context, GalleryPainter painter, LearnerState state, String description) {
    List<Integer> indices = painter.indices();
    Broadcast<WireState> broadcast = context.broadcast(new WireState(state));
    try (JobDescription named = new JobDescription(context, description)) {
      return context
          .parallelize(indices, indices.size())
          .map(new PaintTask(painter, broadcast))
          .collect();
    } finally {
      broadcast.destroy();
    }
  }
}
