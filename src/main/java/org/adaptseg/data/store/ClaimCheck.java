package org.adaptseg.data.store;

import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether the claim of a directory still holds. It is in the settings with which the directory's
 * files are written, so that none of their writers can miss it.
 *
 * @param file of the claim; null where there is none that concerns what is written
 * @param token of the claim
 */
record ClaimCheck(Path file, String token, Configuration configuration) {
  static final String FILE = "adaptseg.claim.file";
  static final String TOKEN = "adaptseg.claim.token";
  private static final int LARGEST = 1 << 16;
  private static final Pattern NAME = Pattern.compile("owner-(\\d{1,18})\\.json");

  /** The claim that concerns a path. */
  static ClaimCheck of(Path path, Configuration configuration) throws IOException {
    String claimed = configuration.getRaw(FILE);
    if (claimed != null) {
      Path file = new Path(claimed);
      FileSystem files = path.getFileSystem(configuration);
      if (isIn(files.makeQualified(path), file.getParent())) {
        return new ClaimCheck(file, configuration.getRaw(TOKEN), configuration);
      }
    }
    return new ClaimCheck(null, "", configuration);
  }

  private static boolean isIn(Path path, Path directory) {
    String above = directory.toString();
    return path.toString().startsWith(above.endsWith("/") ? above : above + "/");
  }

  /** Whose claim a file is; none if there is no file, or none that is whole. */
  static Optional<Claimant> read(Path file, Configuration configuration) throws IOException {
    Optional<byte[]> json =
        StoreRetries.of(configuration)
            .call("read " + file, () -> WholeFile.read(file, LARGEST, configuration));
    return json.isEmpty() ? Optional.empty() : Claimant.parse(json.get());
  }

  /**
   * Reads whether the claim holds.
   *
   * @throws TakenOverException if it does not
   * @throws IOException if that cannot be read
   */
  void require() throws IOException {
    if (file == null) {
      return;
    }
    Optional<Claimant> claimant = read(file, configuration);
    if (claimant.filter(c -> c.token().equals(token)).isEmpty()) {
      throw new TakenOverException(
          "Cannot write to %s any more: expected the claim of this training, found %s (%s). It has taken over; this one ends and writes nothing more there"
              .formatted(file.getParent(), newest().map(Claimant::describe).orElse("none"), file));
    }
  }

  /** Whoever has the directory now. */
  private Optional<Claimant> newest() throws IOException {
    Path directory = file.getParent();
    Optional<Path> newest =
        Stream.of(directory.getFileSystem(configuration).listStatus(directory))
            .map(FileStatus::getPath)
            .filter(path -> number(path) > 0)
            .max(Comparator.comparingLong(ClaimCheck::number));
    return newest.isEmpty() ? Optional.empty() : read(newest.get(), configuration);
  }

  static String name(long number) {
    return "owner-" + number + ".json";
  }

  /** From 1; 0 if the file is no claim. */
  static long number(Path path) {
    Matcher name = NAME.matcher(path.getName());
    return name.matches() ? Long.parseLong(name.group(1)) : 0;
  }
}
