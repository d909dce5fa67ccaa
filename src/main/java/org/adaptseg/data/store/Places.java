package org.adaptseg.data.store;

import java.io.IOException;
import org.adaptseg.config.yaml.Locations;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Tells people where a path was looked for. */
public final class Places {
  private static final String FOLDER = "adaptseg.configuration.folder";

  private Places() {}

  /** Remembers the folder of the configuration, which relative paths of it are looked for in. */
  public static void besideFile(String file, Configuration configuration) {
    configuration.set(FOLDER, Locations.folderOf(file));
  }

  /**
   * The path or URI, for messages: for a relative path, where in the working directory and, if
   * there is a configuration elsewhere, where beside that.
   */
  public static String describe(String uri, Configuration configuration) {
    String folder = configuration.get(FOLDER, "");
    if (folder.isEmpty() || !Locations.isRelative(uri)) {
      return ofOption(uri, configuration);
    }
    String here = workingDirectory(configuration);
    return "%s, which is relative to the folder of the file that names it, %s, or else to the working directory %s"
        .formatted(uri, absolute(folder, here), here);
  }

  /** The same for a path that an option gives. */
  static String ofOption(String uri, Configuration configuration) {
    return Locations.isRelative(uri)
        ? "%s, which is relative to the working directory %s"
            .formatted(uri, workingDirectory(configuration))
        : uri;
  }

  private static String absolute(String folder, String here) {
    String path = Locations.isRelative(folder) ? here + "/" + folder : folder;
    return new Path(path).toString().replaceFirst("^file:", "");
  }

  private static String workingDirectory(Configuration configuration) {
    try {
      return FileSystem.get(configuration)
          .getWorkingDirectory()
          .toString()
          .replaceFirst("^file:", "");
    } catch (IOException e) {
      return "of the default file system";
    }
  }
}
