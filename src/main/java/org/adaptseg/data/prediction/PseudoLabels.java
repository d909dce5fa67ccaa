package org.adaptseg.data.prediction;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RawLabels;
import org.adaptseg.data.prediction.PredictionWriter.Kind;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.ImageFiles;
import org.adaptseg.data.store.LeftOut;
import org.adaptseg.data.store.StoreRetries;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A dataset whose labels are the sure pixels of predictions: a folder of copies of the images, so
 * that the dataset is whole wherever it is taken to, one of labels, and a description. Every file
 * is there whole or not at all, and what is there is left alone.
 *
 * @param root the dataset's folder
 * @param from folder of the images; their names are relative to it
 * @param images what is labelled: paths relative to that folder, and the names of predictions
 * @param space the classes; labels are train ids
 * @param maxPixels the largest image
 * @param hadoop how workers reach file systems
 */
public record PseudoLabels(
    String root,
    String from,
    List<PredictionInput.Item> images,
    LabelSpace space,
    long maxPixels,
    HadoopSettings hadoop)
    implements Serializable {
  /** Name of the description, and of the dataset's only split. */
  public static final String DESCRIPTION = "dataset.yaml";

  /** The only split. */
  public static final String SPLIT = "all";

  /** The folder of predictions, which a dataset is made of. */
  public static final String PREDICTIONS = "predictions";

  private static final String IMAGES = "target-images";

  public PseudoLabels {
    images = List.copyOf(images);
  }

  /** The images, to be predicted. */
  public PredictionInput input() {
    return new PredictionInput(
        images.stream()
            .map(item -> new PredictionInput.Item(original(item).toString(), item.name()))
            .toList(),
        List.of(),
        LeftOut.NOTHING);
  }

  private Path original(PredictionInput.Item item) {
    return FolderListing.child(new Path(from), item.path());
  }

  /** Writes the predictions that labels are made of: train ids, and confidences of 16 bits. */
  public PredictionWriter predictions() {
    return writer(
        new Path(root, PREDICTIONS).toString(), List.of(Kind.LABEL_IDS, Kind.CONFIDENCE_16));
  }

  private PredictionWriter writer(String folder, List<Kind> kinds) {
    LabelIds ids = new LabelIds("train ids", IntStream.range(0, space.size()).boxed().toList());
    ClassChoice all = ClassChoice.of(List.of(), ClassChoice.OTHER, space, ids);
    return new PredictionWriter(folder, kinds, ids, space, all);
  }

  /** Folders that the dataset consists of, besides the predictions. */
  public static List<String> folders() {
    return List.of(IMAGES, Kind.LABEL_IDS.folder());
  }

  /** The description of the dataset, as YAML. */
  public String description() {
    String depths =
        images.stream()
            .map(item -> "*/".repeat((int) item.path().chars().filter(c -> c == '/').count()))
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .map(folders -> IMAGES + "/" + folders + "*")
            .collect(Collectors.joining(",", "{", "}"));
    return """
        # Target images with labels that a network is sure of: train ids of %s, 255 for other pixels.
        kind: files
        name: pseudo-labels
        splits:
          %s: '%s'
        label-path:
          - {replace: .jpg|.jpeg|.png, with: .png}
          - {replace: %s/, with: %s/}
        """
        .formatted(space.name(), SPLIT, depths, IMAGES, Kind.LABEL_IDS.folder());
  }

  /** Counts the pixels of an image's prediction, which must be there. */
  public void count(PredictionInput.Item item, ConfidenceHistogram histogram) throws IOException {
    Configuration configuration = hadoop.configuration();
    RawLabels classes = read(Kind.LABEL_IDS, item, configuration);
    RawLabels confidences = read(Kind.CONFIDENCE_16, item, configuration);
    for (int i = 0; i < classes.values().length; i++) {
      histogram.add(classes.values()[i], confidences.values()[i]);
    }
  }

  /**
   * Writes an image and its label from the image's prediction.
   *
   * @param attempt distinguishes writers that write at the same time
   * @return whether something was written
   */
  public boolean write(PredictionInput.Item item, ClassThresholds thresholds, String attempt)
      throws IOException {
    Configuration configuration = hadoop.configuration();
    PredictionWriter labels = writer(root, List.of(Kind.LABEL_IDS));
    Path copy = FolderListing.child(new Path(root, IMAGES), item.path());
    boolean copied = copy.getFileSystem(configuration).exists(copy);
    if (copied && labels.isComplete(item.name(), configuration)) {
      return false;
    }
    RawLabels classes = read(Kind.LABEL_IDS, item, configuration);
    RawLabels confidences = read(Kind.CONFIDENCE_16, item, configuration);
    byte[] sure = new byte[classes.values().length];
    for (int i = 0; i < sure.length; i++) {
      int trainId = classes.values()[i];
      sure[i] =
          (byte) (thresholds.keep(trainId, confidences.values()[i]) ? trainId : LabelImage.IGNORE);
    }
    LabelImage label = new LabelImage(classes.height(), classes.width(), sure);
    labels.write(
        item.name(),
        attempt,
        null,
        new PixelPrediction(label, null, null, List.of()),
        configuration);
    if (!copied) {
      byte[] image = bytes(original(item), configuration);
      Path temporary = new Path(new Path(root, PredictionWriter.TEMPORARY), IMAGES + attempt);
      WholeFile.write(copy, temporary, out -> out.write(image), configuration);
    }
    return true;
  }

  private RawLabels read(Kind kind, PredictionInput.Item item, Configuration configuration)
      throws IOException {
    Path folder = new Path(new Path(root, PREDICTIONS), kind.folder());
    Path file = FolderListing.child(folder, item.name());
    return new ImageDecoder(maxPixels).labels(bytes(file, configuration), file.toString());
  }

  private byte[] bytes(Path file, Configuration configuration) throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    return ImageFiles.read(StoreRetries.of(configuration), files, file, maxPixels);
  }
}
