package org.adaptseg.data.prediction;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of a prediction. {@code prediction.json}, written first, says what is predicted with
 * what, so that files of another network are never taken for this one's; {@code _SUCCESS}, written
 * last, says that all images are done.
 */
public final class PredictionFolder {
  private static final String IDENTITY = "prediction.json";
  private static final String SUCCESS = "_SUCCESS";
  private static final int LARGEST = 1 << 20;

  private final Path root;
  private final Configuration configuration;
  private final FileSystem files;

  /**
   * @throws IOException if the file system cannot be reached
   */
  public PredictionFolder(String root, Configuration configuration) throws IOException {
    this.root = new Path(root);
    this.configuration = configuration;
    this.files = this.root.getFileSystem(configuration);
  }

  /**
   * Starts, or continues what was started.
   *
   * @param identity what the files depend on
   * @param overwrite whether predictions of another identity are deleted
   * @throws IOException if they must stay, or if there are files that are not predictions
   */
  public void begin(SortedMap<String, String> identity, boolean overwrite) throws IOException {
    Map<String, String> found = identity();
    if (found == null) {
      requireNothingElse();
    } else if (overwrite) {
      deletePredictions();
    } else if (!found.equals(identity)) {
      throw new IOException(
          "Cannot predict: expected a folder that is new or holds predictions of the same"
              + " checkpoint and input (or --overwrite), found others: "
              + differences(identity, found)
              + " ("
              + root
              + ")");
    }
    files.delete(new Path(root, SUCCESS), false);
    if (found == null || overwrite) {
      write(IDENTITY, Json.indented(identity));
    }
  }

  /**
   * Whether all images of a prediction are done.
   *
   * @param identity as of {@link #begin}
   */
  public boolean isComplete(SortedMap<String, String> identity) throws IOException {
    return identity.equals(identity()) && files.exists(new Path(root, SUCCESS));
  }

  /**
   * Ends.
   *
   * @param complete whether all images are done
   */
  public void end(boolean complete) throws IOException {
    if (complete) {
      write(SUCCESS, new byte[0]);
    }
    // Last, since what is written is written there first.
    files.delete(new Path(root, PredictionWriter.TEMPORARY), true);
  }

  private void write(String name, byte[] content) throws IOException {
    Path temporary =
        new Path(new Path(root, PredictionWriter.TEMPORARY), UUID.randomUUID().toString());
    WholeFile.write(new Path(root, name), temporary, out -> out.write(content), configuration);
  }

  private Map<String, String> identity() throws IOException {
    byte[] json;
    try (InputStream in = files.open(new Path(root, IDENTITY))) {
      json = BoundedBytes.read(in, LARGEST, IDENTITY);
    } catch (FileNotFoundException e) {
      return null;
    }
    try {
      Map<?, ?> found = Objects.requireNonNullElse(Json.read(json, Map.class), Map.of());
      Map<String, String> identity = new TreeMap<>();
      found.forEach((key, value) -> identity.put(String.valueOf(key), String.valueOf(value)));
      return identity;
    } catch (IOException e) {
      throw new IOException(
          "Cannot predict: expected a readable "
              + IDENTITY
              + ", found "
              + (e instanceof JsonProcessingException j ? Json.problem(j) : e.getMessage())
              + " ("
              + root
              + ")",
          e);
    }
  }

  private void requireNothingElse() throws IOException {
    FileStatus[] there;
    try {
      there = files.listStatus(root);
    } catch (FileNotFoundException e) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (FileStatus status : there) {
      String name = status.getPath().getName();
      if (!name.equals(PredictionWriter.TEMPORARY)) {
        names.add(name);
      }
    }
    if (!names.isEmpty()) {
      throw new IOException(
          "Cannot predict: expected a folder that is new or empty, found %s (%s)"
              .formatted(String.join(", ", names), root));
    }
  }

  private void deletePredictions() throws IOException {
    // The identity goes last: until then the folder is known for what it is.
    for (PredictionWriter.Kind kind : PredictionWriter.Kind.values()) {
      files.delete(new Path(root, kind.folder()), true);
    }
    files.delete(new Path(root, SUCCESS), false);
    files.delete(new Path(root, IDENTITY), false);
  }

  private static String differences(Map<String, String> wanted, Map<String, String> found) {
    TreeSet<String> keys = new TreeSet<>(wanted.keySet());
    keys.addAll(found.keySet());
    return String.join(
        "; ",
        keys.stream()
            .filter(key -> !Objects.equals(wanted.get(key), found.get(key)))
            .map(key -> key + " " + found.get(key) + ", not " + wanted.get(key))
            .toList());
  }
}
