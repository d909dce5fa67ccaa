package org.adaptseg.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.EarlyCheck;
import org.adaptseg.data.dataset.LabelCensus;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestSummary;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.report.ManifestTable;
import org.adaptseg.report.progress.ConsoleProgress;
import org.adaptseg.spark.manifest.DistributedIngest;
import org.adaptseg.spark.manifest.ManifestStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads a split once and writes its manifest. */
@Command(
    name = "ingest",
    description =
        "Read every file of a split once on the cluster, report its contents and problems, and"
            + " write a manifest for data.source.manifest, data.target.manifest or"
            + " data.evaluation.manifest.",
    mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
  @Option(
      converter = LocationConverter.class,
      names = "--dataset",
      required = true,
      paramLabel = "NAME",
      description = "Name of a shipped description, or path of a .yaml file.")
  private String dataset;

  @Option(
      converter = LocationConverter.class,
      names = "--root",
      required = true,
      paramLabel = "URI",
      description = "The dataset's directory, on any Hadoop file system.")
  private String root;

  @Option(names = "--split", required = true, description = "Split of the description.")
  private String split;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      required = true,
      paramLabel = "URI",
      description =
          "Directory for the manifest: new or empty (or, with --overwrite, one that holds a"
              + " manifest).")
  private String output;

  @Option(names = "--no-labels", description = "The split is unlabelled.")
  private boolean unlabelled;

  @Option(
      converter = LocationConverter.class,
      names = "--classes",
      paramLabel = "SPACE",
      description = "Label space, needed where labels hold train ids, as those of folders do.")
  private String classes;

  @Option(
      names = "--max-pixels",
      defaultValue = "100000000",
      description = "Report images with more pixels as bad (${DEFAULT-VALUE}).")
  private long maxPixels;

  @Option(names = "--overwrite", description = "Replace a manifest in OUTPUT.")
  private boolean overwrite;

  @Option(
      names = "--allow-bad",
      description = "Exit with 0 even if samples are bad or labels mean nothing.")
  private boolean allowBad;

  @Override
  public Integer call() throws Exception {
    Configuration hadoop = Configurations.hadoop();
    DatasetDescription.Files description = description();
    Optional<LabelSpace> space = space(description);
    Map<Integer, String> classOf = classOf(description, space);
    Path directory = new Path(output);
    new StoreProbe(hadoop)
        .require(
            List.of(
                new Place("--root", root, Access.LIST),
                new Place("--output", output, Access.WRITE)));
    ManifestStore.requireFree(directory, overwrite, hadoop);
    SplitListing listing = SplitListing.of(description, root, split, !unlabelled, hadoop);
    boolean sound;
    try (SparkHandle spark = SparkHandle.openForData("ingest " + description.name())) {
      DistributedIngest.Result result =
          new DistributedIngest(spark.session(), new HadoopSettings(hadoop))
              .run(
                  listing,
                  classOf.keySet(),
                  LabelReading.of(description, space.orElse(null)),
                  maxPixels,
                  ConsoleProgress.counting(
                      System.out, "ingest", listing.items().size(), "samples"));
      Manifest manifest = result.manifest();
      ManifestStore.write(spark.session(), manifest, directory, hadoop);
      System.out.print(ManifestTable.of(manifest, ManifestSummary.of(manifest, classOf)));
      if (!listing.leftOut().isEmpty()) {
        System.out.println("Of what is in " + root + ", " + listing.leftOut().describe());
      }
      if (!result.turned().isEmpty()) {
        System.out.println(EarlyCheck.ofTurned(result.turned().size(), result.turned().first()));
      }
      LabelCensus census = LabelCensus.of(manifest.rows());
      Optional<String> problem = census.problem(classOf);
      sound = manifest.bad() == 0 && problem.isEmpty() && !census.losesWhite(description, classOf);
      problem.ifPresentOrElse(
          System.out::println,
          () -> census.notes(description, classOf).forEach(System.out::println));
    }
    System.out.println("Manifest: " + output);
    return allowBad || sound ? Main.DONE : Main.FAILURE;
  }

  private DatasetDescription.Files description() {
    DatasetDescription found =
        ResolvedData.dataset(dataset, Configurations.texts(Configurations.hadoop()));
    if (!(found instanceof DatasetDescription.Files files)) {
      throw bad("--dataset: expected a dataset of files, found " + dataset + ", which is drawn");
    }
    if (!files.splitNames().contains(split)) {
      throw bad(
          "--split: expected one of %s of dataset %s, found '%s'"
              .formatted(String.join(", ", files.splitNames()), files.name(), split));
    }
    return files;
  }

  /** What train ids mean, or colours of no table of the dataset's own. */
  private Optional<LabelSpace> space(DatasetDescription.Files description) {
    if (classes != null) {
      return Optional.of(
          ResolvedData.labelSpace(classes, Configurations.texts(Configurations.hadoop())));
    }
    if (description.holdsTrainIds() && !unlabelled) {
      throw bad(
          "--classes: expected the label space of the train ids or colours that labels of %s hold, found nothing"
              .formatted(description.name()));
    }
    return Optional.empty();
  }

  /** The class of every raw id that label files may hold. */
  private static Map<Integer, String> classOf(
      DatasetDescription.Files description, Optional<LabelSpace> space) {
    return description.holdsTrainIds()
        ? space.map(description::classes).orElse(Map.of())
        : description.labelMap();
  }

  private static ConfigException bad(String problem) {
    return new ConfigException("the options", List.of(problem));
  }
}
