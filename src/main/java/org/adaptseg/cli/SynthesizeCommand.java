package org.adaptseg.cli;

import java.util.concurrent.Callable;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.job.Configurations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the synthetic streets as files. */
@Command(
    name = "synthesize",
    description =
        "Write the synthetic streets as PNG files: OUTPUT/gta5 in the layout of GTA5 and"
            + " OUTPUT/cityscapes in the layout of Cityscapes.",
    mixinStandardHelpOptions = true)
final class SynthesizeCommand implements Callable<Integer> {
  @Option(
      converter = LocationConverter.class,
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Directory.")
  private String output;

  @Option(names = "--width", defaultValue = "192", description = "Pixels (${DEFAULT-VALUE}).")
  private int width;

  @Option(names = "--height", defaultValue = "96", description = "Pixels (${DEFAULT-VALUE}).")
  private int height;

  @Option(names = "--source", defaultValue = "100", description = "Images (${DEFAULT-VALUE}).")
  private int source;

  @Option(names = "--train", defaultValue = "100", description = "Images (${DEFAULT-VALUE}).")
  private int train;

  @Option(names = "--val", defaultValue = "20", description = "Images (${DEFAULT-VALUE}).")
  private int val;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws Exception {
    SyntheticWriter writer = new SyntheticWriter(Configurations.hadoop(), seed, width, height);
    writer.writeGta5(
        output + "/gta5", streets("synthetic-source", "train", StreetDomain.SOURCE, source));
    writer.writeCityscapes(
        output + "/cityscapes",
        streets("synthetic-target", "train", StreetDomain.TARGET, train),
        streets("synthetic-target", "val", StreetDomain.TARGET, val));
    System.out.printf(
        "Wrote %d source, %d target train and %d target val images of %dx%d to %s%n",
        source, train, val, width, height, output);
    return Main.DONE;
  }

  /** The same streets that the embedded dataset's split of this name begins with. */
  private static SyntheticWriter.Streets streets(
      String dataset, String split, StreetDomain domain, int count) {
    DatasetDescription.Synthetic drawn =
        (DatasetDescription.Synthetic) ResolvedData.dataset(dataset);
    return new SyntheticWriter.Streets(
        domain.appearance(), drawn.splits().get(split).offset(), count);
  }
}
