package org.adaptseg.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.LabelCensus;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.SampleInspector;
import org.adaptseg.data.dataset.SampleProblem;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.ImageDecoder;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads samples of a split before a run begins, so that files that are not images, labels that the
 * label map does not know and files that are no longer those of a manifest are found now and
 * together, not one by one in the middle of it. A split with more samples than the bound is checked
 * at places evenly spread over it; a manifest is the way to have all of a large one checked.
 */
public final class EarlyCheck {
  private EarlyCheck() {}

  /**
   * What was found.
   *
   * @param problems one line for each problem, in the order of the samples
   * @param census what the labels hold together; of no files if labels were not read
   * @param otherSized labels that have the shape of their image and another size
   * @param turned images and labels of which viewers turn one and not the other; a label that was
   *     drawn on a viewer's picture is trained across, and nothing else in the files says so
   */
  public record Found(
      List<String> problems, LabelCensus census, List<String> otherSized, List<String> turned) {
    public Found {
      problems = List.copyOf(problems);
      otherSized = List.copyOf(otherSized);
      turned = List.copyOf(turned);
    }
  }

  /** What to say of such samples: their number, and the file of one with its orientation. */
  public static String ofTurned(int number, String example) {
    return String.format(
        Locale.ROOT,
        "%d of the samples that were read have another EXIF orientation in the image than in the label (%s); pixels and labels are taken as stored: labels that were drawn on a viewer's picture do not fit them",
        number,
        example);
  }

  /** What to say of such labels: their number, and what one of them is. */
  public static String ofOtherSized(int number, String example) {
    return String.format(
        Locale.ROOT,
        "%d of the labels that were read have another size than their image (%s); each is resized from its own",
        number,
        example);
  }

  private record Checked(ManifestRow row, List<String> problems, List<String> turned) {
    List<String> otherSized() {
      return row.problems().stream()
          .filter(problem -> problem.kind() == Kind.SIZE_MISMATCH)
          .map(SampleProblem::text)
          .toList();
    }
  }

  /**
   * Reads and decodes.
   *
   * @param bound number of samples that are read at most; 0 reads none
   * @param threads number of reading threads, at least 1
   * @throws IOException if a file cannot be read
   */
  public static Found of(SplitPlan.Files split, int bound, int threads, Configuration configuration)
      throws IOException {
    FileIndex index = split.index();
    SampleInspector inspector =
        new SampleInspector(
            index.root(),
            split.labelMap().known(),
            split.labelMap().reading(),
            new ImageDecoder(split.maxPixels()),
            configuration);
    ExecutorService pool = Executors.newFixedThreadPool(threads, EarlyCheck::daemon);
    try {
      List<Future<Checked>> results = new ArrayList<>();
      for (int at : places(index.entries().size(), bound)) {
        FileIndex.Entry entry = index.entries().get(at);
        Callable<Checked> task = () -> check(inspector, entry);
        results.add(pool.submit(task));
      }
      List<String> problems = new ArrayList<>();
      List<ManifestRow> rows = new ArrayList<>();
      List<String> otherSized = new ArrayList<>();
      List<String> turned = new ArrayList<>();
      for (Future<Checked> result : results) {
        problems.addAll(result.get().problems());
        otherSized.addAll(result.get().otherSized());
        rows.add(result.get().row());
        turned.addAll(result.get().turned());
      }
      return new Found(problems, LabelCensus.of(rows), otherSized, turned);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? new IOException(io.getMessage(), io)
          : new IOException("Cannot check a sample: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while checking samples", e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Places 0..size-1, at most {@code bound} of them, evenly spread. */
  static int[] places(int size, int bound) {
    int count = Math.min(size, bound);
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (int) ((long) i * size / count);
    }
    return places;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "early-check");
    thread.setDaemon(true);
    return thread;
  }

  private static Checked check(SampleInspector inspector, FileIndex.Entry entry)
      throws IOException {
    // The listing has seen that the files are there and not empty; 1 stands for their lengths.
    SplitListing.Item item =
        new SplitListing.Item(
            entry.image(),
            entry.label(),
            1,
            entry.label().isEmpty() ? SplitListing.NO_FILE : 1,
            List.of());
    List<String> turned = new ArrayList<>();
    ManifestRow row = inspector.inspect(item, turned::add);
    List<String> problems = new ArrayList<>(row.differences(entry));
    row.problems().stream()
        // Both are resized from their own sizes, so that training can bear this one.
        .filter(problem -> problem.kind() != Kind.SIZE_MISMATCH)
        .map(SampleProblem::text)
        .forEach(problems::add);
    return new Checked(row, problems, turned);
  }
}
