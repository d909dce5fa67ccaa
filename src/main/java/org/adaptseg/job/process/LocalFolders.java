package org.adaptseg.job.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where Spark puts its temporary files. Without one folder that it can use, Spark ends the process
 * when its context begins, without an exception.
 */
public final class LocalFolders {
  private static final long LEAST_BYTES = 1 << 20;

  private LocalFolders() {}

  /**
   * Refuses a process whose folders cannot be used.
   *
   * @param configured the value of {@code spark.local.dir}; empty if there is none
   * @throws IllegalStateException in one sentence with the settings that mend it
   */
  public static void require(String configured) {
    require(System.getenv(), configured);
  }

  static void require(Map<String, String> environment, String configured) {
    List<String> folders = folders(environment, configured);
    if (folders.stream().noneMatch(LocalFolders::isUsable)) {
      throw new IllegalStateException(
          "Cannot start Spark: expected a folder for its temporary files that can be written and"
              + " has room, found "
              + String.join(", ", folders)
              + " (set SPARK_LOCAL_DIRS or spark.local.dir, or"
              + " ADAPTSEG_JAVA_OPTIONS=-Djava.io.tmpdir=DIR)");
    }
  }

  /** As Spark 3.5 chooses them. */
  private static List<String> folders(Map<String, String> environment, String configured) {
    if (environment.containsKey("CONTAINER_ID") && environment.containsKey("LOCAL_DIRS")) {
      return split(environment.get("LOCAL_DIRS"), ",");
    }
    if (environment.containsKey("SPARK_EXECUTOR_DIRS")) {
      return split(environment.get("SPARK_EXECUTOR_DIRS"), File.pathSeparator);
    }
    if (environment.containsKey("SPARK_LOCAL_DIRS")) {
      return split(environment.get("SPARK_LOCAL_DIRS"), ",");
    }
    return split(configured.isEmpty() ? System.getProperty("java.io.tmpdir") : configured, ",");
  }

  private static List<String> split(String folders, String separator) {
    return Stream.of(folders.split(separator)).map(String::strip).toList();
  }

  private static boolean isUsable(String folder) {
    try {
      Path path = Files.createDirectories(Path.of(folder).toAbsolutePath());
      Files.delete(Files.createTempDirectory(path, "adaptseg"));
      return Files.getFileStore(path).getUsableSpace() >= LEAST_BYTES;
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return false;
    }
  }
}
