package org.adaptseg.spark.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.SampleInspector;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.spark.task.SparkTask;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Reads every file of a listed split once, spread over the cluster. The driver holds a row per
 * sample, about as much as the listing, and never an image.
 */
public final class DistributedIngest {
  /** Few enough that a retry costs little, many enough that a task is worth its start. */
  private static final int SAMPLES_PER_TASK = 64;

  private final SparkSession session;
  private final HadoopSettings hadoop;

  /**
   * @param hadoop how tasks reach the dataset
   */
  public DistributedIngest(SparkSession session, HadoopSettings hadoop) {
    this.session = session;
    this.hadoop = hadoop;
  }

  /** The samples of one task. */
  private record RangeTask(
      SplitListing listing,
      Set<Integer> known,
      LabelReading reading,
      long maxPixels,
      HadoopSettings hadoop,
      int tasks,
      LongAccumulator samples,
      CollectionAccumulator<String> turned)
      implements FlatMapFunction<Integer, Row> {
    @Override
    public Iterator<Row> call(Integer task) throws Exception {
      return SparkTask.run(device -> inspect(task).iterator());
    }

    private List<Row> inspect(int task) throws IOException {
      SampleInspector inspector =
          new SampleInspector(
              listing.root(), known, reading, new ImageDecoder(maxPixels), hadoop.configuration());
      int size = listing.items().size();
      int first = Math.toIntExact((long) size * task / tasks);
      int end = Math.toIntExact((long) size * (task + 1) / tasks);
      List<Row> rows = new ArrayList<>();
      for (SplitListing.Item item : listing.items().subList(first, end)) {
        rows.add(ManifestSchema.toRow(inspector.inspect(item, turned::add)));
        samples.add(1);
      }
      return rows;
    }
  }

  /**
   * What was found.
   *
   * @param turned images or labels, with their EXIF orientation, that viewers turn otherwise than
   *     the sample's other file, and that fit it all the same, as with squares and half turns;
   *     sorted
   */
  public record Result(Manifest manifest, SortedSet<String> turned) {
    /** Copies the images. */
    public Result {
      turned = Collections.unmodifiableSortedSet(new TreeSet<>(turned));
    }
  }

  /**
   * Reads the samples: one Spark job.
   *
   * @param known raw ids that label files may hold
   * @param reading how label files give raw ids
   * @param maxPixels images with more pixels are a problem
   * @param progress is given the number of samples read so far, by another thread and only while
   *     this runs
   */
  public Result run(
      SplitListing listing,
      Set<Integer> known,
      LabelReading reading,
      long maxPixels,
      LongConsumer progress) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    int size = listing.items().size();
    int wanted = Math.max(context.defaultParallelism(), size / SAMPLES_PER_TASK);
    int tasks = Math.max(1, Math.min(size, wanted));
    CollectionAccumulator<String> turned = context.sc().collectionAccumulator("turned images");
    List<Integer> ids = IntStream.range(0, tasks).boxed().toList();
    String description =
        String.format(
            Locale.ROOT,
            "ingest of split %s of %s: %d samples",
            listing.split(),
            listing.dataset(),
            size);
    return SparkJob.run(
        context,
        description,
        "samples",
        progress,
        job -> {
          JavaRDD<Row> rows =
              context
                  .parallelize(ids, tasks)
                  .flatMap(
                      new RangeTask(
                          listing,
                          Set.copyOf(known),
                          reading,
                          maxPixels,
                          hadoop,
                          tasks,
                          job.done(),
                          turned));
          List<ManifestRow> inspected =
              session.createDataFrame(rows, ManifestSchema.TYPE).collectAsList().stream()
                  .map(ManifestSchema::fromRow)
                  .toList();
          // A task that was repeated names its images again.
          return new Result(Manifest.of(listing, inspected), new TreeSet<>(turned.value()));
        });
  }
}
