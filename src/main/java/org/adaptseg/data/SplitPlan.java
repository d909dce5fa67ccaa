package org.adaptseg.data;

import java.io.IOException;
import java.io.Serializable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelMap;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.streets.StreetDomain;
import org.apache.hadoop.conf.Configuration;

/**
 * Everything that a worker needs to open a split, made and checked where the run starts. Small
 * enough to be shipped: paths or numbers, no pixels.
 */
public sealed interface SplitPlan extends Serializable {
  /** Number of samples. */
  int size();

  /** Pixels that images are resized to. */
  int width();

  /** Pixels that images are resized to. */
  int height();

  /** How its pixels become the network's input. */
  Normalisation normalisation();

  /** Opens the split, whose images hold values; called on every worker. */
  default Split open(Configuration configuration) throws IOException {
    return open(configuration, Image.Form.VALUES);
  }

  /**
   * Opens the split; called on every worker.
   *
   * @param form what images hold
   */
  Split open(Configuration configuration, Image.Form form) throws IOException;

  /** Whether a split gives labels. The type says what a run can do with target images. */
  enum Labels {
    /** Every image must have its label file. */
    NEEDED,
    /** Label files are not looked for and cannot be read. */
    UNUSED
  }

  /**
   * Image and label files.
   *
   * @param index what {@link FileIndex#list} found
   */
  record Files(
      FileIndex index,
      LabelMap labelMap,
      int width,
      int height,
      long maxPixels,
      Normalisation normalisation)
      implements SplitPlan {
    @Override
    public int size() {
      return index.entries().size();
    }

    @Override
    public FileSplit open(Configuration configuration, Image.Form form) throws IOException {
      ImageDecoder decoder = new ImageDecoder(maxPixels);
      return new FileSplit(
          index, labelMap, decoder, width, height, normalisation, form, configuration);
    }
  }

  /** Drawn streets, see {@link SyntheticSplit}. */
  record Drawn(
      String name,
      StreetDomain domain,
      LabelSpace space,
      long seed,
      long offset,
      int size,
      int width,
      int height,
      Normalisation normalisation)
      implements SplitPlan {
    @Override
    public SyntheticSplit open(Configuration configuration, Image.Form form) {
      return new SyntheticSplit(
          name, domain.appearance(), space, seed, offset, size, width, height, normalisation, form);
    }
  }

  /**
   * The samples of a manifest.
   *
   * @param domain what the configuration says of the split
   * @param index what {@link Manifest#select} gave for it
   */
  static Files of(
      DatasetDescription.Files description,
      RunConfig.Domain domain,
      LabelSpace space,
      FileIndex index,
      long maxPixels,
      Normalisation normalisation) {
    LabelMap map =
        new LabelMap(
            description.name(), description.trainIds(space), LabelReading.of(description, space));
    return new Files(index, map, domain.width(), domain.height(), maxPixels, normalisation);
  }

  /**
   * Lists and checks a split.
   *
   * @param domain what the configuration says of it; its split is one of the description's
   * @param streetSeed seed of drawn streets; the same seed is the same dataset
   * @param maxPixels images with more pixels are refused before they are decoded
   * @param normalisation how pixels become the network's input
   * @throws DatasetException with all problems of the split
   */
  static SplitPlan prepare(
      DatasetDescription description,
      RunConfig.Domain domain,
      LabelSpace space,
      Labels labels,
      long streetSeed,
      long maxPixels,
      Normalisation normalisation,
      Configuration configuration)
      throws DatasetException {
    if (description instanceof DatasetDescription.Synthetic drawn) {
      DatasetDescription.Drawn split = drawn.splits().get(domain.split());
      return new Drawn(
          drawn.name() + "-" + domain.split(),
          StreetDomain.valueOf(drawn.appearance().name()),
          space,
          streetSeed,
          split.offset(),
          split.count(),
          domain.width(),
          domain.height(),
          normalisation);
    }
    DatasetDescription.Files files = (DatasetDescription.Files) description;
    FileIndex index =
        FileIndex.list(
            files, domain.root(), domain.split(), labels == Labels.NEEDED, configuration);
    return of(files, domain, space, index, maxPixels, normalisation);
  }
}
