package org.adaptseg.data.prediction;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.ImageFiles;
import org.adaptseg.data.store.StoreRetries;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Images to predict, of a folder or of a list.
 *
 * @param images sorted by name, at least one
 */
public record PredictionInput(List<Item> images) implements Serializable {
  private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg");
  private static final int LARGEST_LIST = 1 << 28;

  /**
   * One image.
   *
   * @param path where it is
   * @param name path of its predictions relative to their folder, ending in {@code .png}
   */
  public record Item(String path, String name) implements Serializable {}

  public PredictionInput {
    images = images.stream().sorted(Comparator.comparing(Item::name)).toList();
  }

  /**
   * Finds the images. A folder gives all PNG and JPEG files below it, except where a name begins
   * with a dot; predictions are named after the path below the folder. A file is a list: a path a
   * line, absolute or relative to the list's folder; empty lines and lines that begin with # are
   * left out. Predictions are named after the path if it is relative, after the file's name if not.
   *
   * @param input folder or list
   * @param output where predictions go; must not be in the folder
   * @throws DatasetException with all problems: nothing there, no images, two of one name
   */
  public static PredictionInput of(String input, String output, Configuration configuration)
      throws IOException {
    Path given = new Path(input);
    FileSystem files = given.getFileSystem(configuration);
    Path path = files.makeQualified(given);
    FileStatus status;
    try {
      status = files.getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw problem(input, "expected a folder of images or a list of them, found nothing");
    }
    List<Item> images;
    if (status.isDirectory()) {
      Path out = new Path(output);
      String below = out.getFileSystem(configuration).makeQualified(out) + "/";
      if (below.startsWith(path + "/")) {
        throw problem(input, "expected an output folder that is not in the input, found " + output);
      }
      images = folder(files, path);
    } else {
      images = list(files, path);
    }
    if (images.isEmpty()) {
      throw problem(
          input,
          status.isDirectory()
              ? "expected images " + String.join(", ", ENDINGS) + ", found none"
              : "expected a line with an image's path, found none");
    }
    distinct(input, images);
    return new PredictionInput(images);
  }

  /**
   * Reads and decodes an image.
   *
   * @param problem told why the image cannot be used, if it cannot
   * @return the image; empty if there was a problem
   * @throws IOException if the store cannot be read, which says nothing about the image
   */
  public static Optional<RgbImage> load(
      Item item, ImageDecoder decoder, Configuration configuration, Consumer<String> problem)
      throws IOException {
    Path path = new Path(item.path());
    byte[] bytes;
    try {
      bytes =
          ImageFiles.read(
              StoreRetries.of(configuration),
              path.getFileSystem(configuration),
              path,
              decoder.maxPixels());
    } catch (FileNotFoundException e) {
      problem.accept("expected an image, found no file (" + path + ")");
      return Optional.empty();
    } catch (ImageFiles.TooLongException | ChecksumException e) {
      problem.accept(e.getMessage());
      return Optional.empty();
    }
    try {
      return Optional.of(decoder.image(bytes, path.toString()));
    } catch (IOException e) {
      problem.accept(e.getMessage());
      return Optional.empty();
    }
  }

  private static DatasetException problem(String input, String text) {
    return new DatasetException("images to predict", List.of(text + " (" + input + ")"));
  }

  private static List<Item> folder(FileSystem files, Path folder) throws IOException {
    List<Item> images = new ArrayList<>();
    String base = folder.toUri().getPath();
    int skip = base.endsWith("/") ? base.length() : base.length() + 1;
    RemoteIterator<LocatedFileStatus> found = files.listFiles(folder, true);
    while (found.hasNext()) {
      Path path = found.next().getPath();
      String relative = path.toUri().getPath().substring(skip);
      String lower = relative.toLowerCase(Locale.ROOT);
      if (ENDINGS.stream().anyMatch(lower::endsWith) && !isHidden(relative)) {
        images.add(new Item(path.toString(), png(relative)));
      }
    }
    return images;
  }

  /**
   * By a dot, or in a folder of Hadoop's for files in the making; cameras write {@code _DSC1.JPG}.
   */
  private static boolean isHidden(String relative) {
    for (String name : relative.split("/", -1)) {
      if (name.startsWith(".") || name.equals("_temporary")) {
        return true;
      }
    }
    return false;
  }

  private static List<Item> list(FileSystem files, Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = files.open(file)) {
      bytes = BoundedBytes.read(in, LARGEST_LIST, file.toString());
    } catch (BoundedBytes.ExceededException e) {
      throw problem(file.toString(), "expected a list of at most " + LARGEST_LIST + " bytes");
    }
    List<Item> images = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          images.add(item(file, text));
        } catch (IllegalArgumentException e) {
          problems.add(
              "expected an image's path, found '%s' (%s line %d)".formatted(text, file, number));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("images to predict", problems);
    }
    return images;
  }

  private static Item item(Path list, String text) {
    Path path = new Path(text);
    if (path.isAbsolute() || path.toUri().getScheme() != null) {
      return new Item(text, png(path.getName()));
    }
    String relative = path.toString();
    if (List.of(relative.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException(text);
    }
    return new Item(new Path(list.getParent(), path).toString(), png(relative));
  }

  /** Predictions are PNG, whatever the image is. */
  private static String png(String relative) {
    int dot = relative.lastIndexOf('.');
    return (dot > relative.lastIndexOf('/') ? relative.substring(0, dot) : relative) + ".png";
  }

  private static void distinct(String input, List<Item> images) throws DatasetException {
    Map<String, String> first = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Item item : images) {
      String other = first.putIfAbsent(item.name(), item.path());
      if (other != null) {
        problems.add(
            "expected images whose predictions have names of their own, found %s and %s for %s"
                .formatted(other, item.path(), item.name()));
      }
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("images to predict, " + input, problems);
    }
  }
}
