package org.adaptseg.data.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.image.Orientation;
import org.adaptseg.data.image.RawLabels;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.ImageFiles;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreRetries;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads a sample's files whole and says what they are and what is wrong with them. Thread-safe.
 *
 * <p>What the file holds is a sample's problem; that the store cannot be read is an exception,
 * because it says nothing about the sample.
 */
public final class SampleInspector {
  private static final int SHOWN_VALUES = 10;

  private final Path root;
  private final StoreRetries retries;
  private final FileSystem files; // shared by Hadoop's cache, so not ours to close
  private final Set<Integer> known;
  private final LabelReading reading;
  private final ImageDecoder decoder;

  /**
   * @param root the dataset's directory
   * @param known raw ids that label files may hold
   * @param reading how label files give raw ids
   * @param decoder its bound says which images are too large
   * @throws IOException if the root's file system cannot be reached
   */
  public SampleInspector(
      String root,
      Set<Integer> known,
      LabelReading reading,
      ImageDecoder decoder,
      Configuration configuration)
      throws IOException {
    this.files = new Path(root).getFileSystem(configuration);
    this.root = files.makeQualified(new Path(root));
    this.retries = StoreRetries.of(configuration);
    this.known = Set.copyOf(known);
    this.reading = reading;
    this.decoder = decoder;
  }

  /**
   * Reads both files of a sample; one that the listing found missing or empty is left alone.
   *
   * @throws IOException if a file cannot be read, with a message that names it
   */
  public ManifestRow inspect(SplitListing.Item item) throws IOException {
    return inspect(item, turned -> {});
  }

  /**
   * The same.
   *
   * @param turned given the file that viewers turn otherwise than the sample's other one, with its
   *     orientation, where both fit as stored, as with squares and half turns
   */
  public ManifestRow inspect(SplitListing.Item item, Consumer<String> turned) throws IOException {
    List<SampleProblem> problems = new ArrayList<>(item.problems());
    ImageFacts image =
        isReadable(item.imageBytes(), item.image())
            ? image(item.image(), problems)
            : ImageFacts.none(item.imageBytes());
    LabelFacts label =
        isReadable(item.labelBytes(), item.label())
            ? label(item.label(), problems)
            : new LabelFacts(ImageFacts.none(item.labelBytes()), Map.of());
    ImageFacts l = label.file();
    if (image.width() > 0
        && l.width() > 0
        && (image.width() != l.width() || image.height() != l.height())) {
      problems.add(mismatch(image, l, item.label()));
    }
    if (l.width() > 0
        && image.width() > 0
        && image.orientation() != l.orientation()
        && problems.stream().noneMatch(problem -> problem.kind() == Kind.SHAPE_MISMATCH)) {
      boolean ofImage = image.orientation() != Orientation.UPRIGHT;
      turned.accept(
          ofImage
              ? item.image() + ": " + image.orientation()
              : item.label() + ": " + l.orientation());
    }
    return new ManifestRow(
        item.image(),
        item.label(),
        image.bytes(),
        l.bytes(),
        image.sha256(),
        l.sha256(),
        image.width(),
        image.height(),
        l.width(),
        l.height(),
        label.histogram(),
        problems);
  }

  private static SampleProblem mismatch(ImageFacts image, ImageFacts label, String name) {
    boolean oneShape =
        new ImageDecoder.Size(image.width(), image.height())
            .isShapedLike(new ImageDecoder.Size(label.width(), label.height()));
    boolean ofImage = image.orientation().turns();
    String reason =
        !oneShape && ofImage != label.orientation().turns()
            ? "; the %s's EXIF orientation (%s) turns it for viewers, but pixels are read as stored: store both turned, or both unturned"
                .formatted(
                    ofImage ? "image" : "label",
                    ofImage ? image.orientation() : label.orientation())
            : "";
    return new SampleProblem(
        oneShape ? Kind.SIZE_MISMATCH : Kind.SHAPE_MISMATCH,
        String.format(
            Locale.ROOT,
            "expected a label of %dx%d like its image, found %dx%d%s (%s)",
            image.width(),
            image.height(),
            label.width(),
            label.height(),
            reason,
            name));
  }

  private static boolean isReadable(long bytes, String path) {
    return bytes > 0 && !path.isEmpty();
  }

  private record ImageFacts(
      long bytes, String sha256, int width, int height, Orientation orientation) {
    static ImageFacts none(long bytes) {
      return new ImageFacts(bytes, "", 0, 0, Orientation.UPRIGHT);
    }
  }

  private record LabelFacts(ImageFacts file, Map<Integer, Long> histogram) {}

  private record Content(byte[] bytes, ImageFacts facts) {}

  private ImageFacts image(String name, List<SampleProblem> problems) throws IOException {
    Optional<Content> content =
        content(name, Kind.UNDECODABLE_IMAGE, Kind.TOO_LARGE_IMAGE, problems);
    if (content.isEmpty()) {
      return ImageFacts.none(SplitListing.NO_FILE);
    }
    ImageFacts facts = content.get().facts();
    if (facts.width() > 0) {
      try {
        decoder.image(content.get().bytes(), name);
      } catch (IOException e) {
        problems.add(new SampleProblem(Kind.UNDECODABLE_IMAGE, e.getMessage()));
      }
    }
    return facts;
  }

  private LabelFacts label(String name, List<SampleProblem> problems) throws IOException {
    Optional<Content> content =
        content(name, Kind.UNDECODABLE_LABEL, Kind.TOO_LARGE_LABEL, problems);
    if (content.isEmpty()) {
      return new LabelFacts(ImageFacts.none(SplitListing.NO_FILE), Map.of());
    }
    ImageFacts facts = content.get().facts();
    if (facts.width() > 0) {
      try {
        RawLabels labels = decoder.labels(content.get().bytes(), reading, name);
        Map<Integer, Long> histogram = histogram(labels);
        unknown(histogram.keySet(), known::contains, name).ifPresent(problems::add);
        return new LabelFacts(facts, histogram);
      } catch (LabelReading.ColoursException e) {
        problems.add(new SampleProblem(Kind.LABEL_COLOURS, e.getMessage()));
      } catch (IOException e) {
        problems.add(new SampleProblem(Kind.UNDECODABLE_LABEL, e.getMessage()));
      }
    }
    return new LabelFacts(facts, Map.of());
  }

  /**
   * Bytes, checksum and stated size of a file; width and height are 0 if it is not to be decoded.
   */
  private Optional<Content> content(
      String name, Kind undecodable, Kind tooLarge, List<SampleProblem> problems)
      throws IOException {
    Path path = FolderListing.child(root, name);
    byte[] bytes;
    try {
      bytes = ImageFiles.read(retries, files, path, decoder.maxPixels());
    } catch (ImageFiles.TooLongException e) {
      problems.add(new SampleProblem(tooLarge, e.getMessage()));
      return Optional.empty();
    } catch (ChecksumException e) {
      problems.add(
          new SampleProblem(undecodable, "expected the bytes that were written, found " + e));
      return Optional.empty();
    } catch (FileNotFoundException e) {
      throw new IOException("Cannot read " + path + ": it was listed and is not there", e);
    }
    String sha256 = Sha256.of(bytes);
    ImageFacts unread = new ImageFacts(bytes.length, sha256, 0, 0, Orientation.UPRIGHT);
    try {
      ImageDecoder.Size size = decoder.statedSize(bytes, name);
      long pixels = (long) size.width() * size.height();
      if (pixels > decoder.maxPixels()) {
        problems.add(
            new SampleProblem(
                tooLarge,
                String.format(
                    Locale.ROOT,
                    "expected at most %d pixels, found %dx%d (%s)",
                    decoder.maxPixels(),
                    size.width(),
                    size.height(),
                    name)));
        return Optional.of(new Content(bytes, unread));
      }
      return Optional.of(
          new Content(
              bytes,
              new ImageFacts(
                  bytes.length,
                  sha256,
                  size.width(),
                  size.height(),
                  decoder.orientation(bytes, name))));
    } catch (IOException e) {
      problems.add(new SampleProblem(undecodable, e.getMessage()));
      return Optional.of(new Content(bytes, unread));
    }
  }

  private static Map<Integer, Long> histogram(RawLabels labels) {
    long[] counts = new long[Character.MAX_VALUE + 1];
    for (char value : labels.values()) {
      counts[value]++;
    }
    Map<Integer, Long> histogram = new TreeMap<>();
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] > 0) {
        histogram.put(id, counts[id]);
      }
    }
    return histogram;
  }

  /** The problem of a label file with values that are not known, if it has such. */
  static Optional<SampleProblem> unknown(Set<Integer> values, IntPredicate known, String where) {
    TreeSet<Integer> unknown = new TreeSet<>();
    values.stream().filter(value -> !known.test(value)).forEach(unknown::add);
    if (unknown.isEmpty()) {
      return Optional.empty();
    }
    String shown =
        String.join(", ", unknown.stream().limit(SHOWN_VALUES).map(String::valueOf).toList());
    String more =
        unknown.size() > SHOWN_VALUES ? " and " + (unknown.size() - SHOWN_VALUES) + " more" : "";
    return Optional.of(
        new SampleProblem(
            Kind.UNKNOWN_LABEL_VALUE,
            "expected ids of the label map, found " + shown + more + " (" + where + ")"));
  }
}
