package org.adaptseg.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.spark.task.JobDescription;
import org.adaptseg.spark.task.ReportBytes;
import org.adaptseg.spark.task.WireState;
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
      implements Function<Integer, byte[]> {
    @Override
    public byte[] call(Integer index) throws Exception {
      return ReportBytes.write(painter.paint(state.value().state(), index));
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
      List<GalleryEntry> entries = new ArrayList<>();
      for (byte[] entry :
          context
              .parallelize(indices, indices.size())
              .map(new PaintTask(painter, broadcast))
              .collect()) {
        entries.add(ReportBytes.read(entry, GalleryEntry.class));
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      broadcast.destroy();
    }
  }
}
