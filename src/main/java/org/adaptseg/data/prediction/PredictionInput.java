package org.adaptseg.data.prediction;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.adaptseg.config.yaml.Locations;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.Texts;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.ImageFiles;
import org.adaptseg.data.store.LeftOut;
import org.adaptseg.data.store.LeftOut.Kind;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.data.store.StoreFault;
import org.adaptseg.data.store.StoreRetries;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Images to predict: those of a folder, those of a list, or one.
 *
 * @param images sorted by name, at least one
 * @param problems a line for each image of a folder that cannot be read under its name
 * @param leftOut what else is in the folder
 */
public record PredictionInput(List<Item> images, List<String> problems, LeftOut leftOut)
    implements Serializable {
  private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg");
  private static final int LARGEST_LIST = 1 << 28;
  private static final int MAGIC = 16;
  private static final int LONGEST_NAME = 255;

  /** What paths seldom hold and lines of tables do. */
  private static final Pattern TABLE = Pattern.compile("[;\\t\"]|,[^ ]|\\.(?i:png|jpe?g)\\s");

  private static final Set<String> WEB = Set.of("http", "https", "ftp");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  /**
   * One image.
   *
   * @param path where it is
   * @param name path of its predictions relative to their folder, ending in {@code .png}
   */
  public record Item(String path, String name) implements Serializable {}

  /**
   * An image before it is named.
   *
   * @param relative its path below the input, or its file's name
   */
  private record Found(String path, String relative) {}

  /** What was found so far. */
  private static final class Collected {
    private final List<Found> images = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final LeftOut.Collector leftOut = new LeftOut.Collector();
  }

  private static String describe(LeftOut leftOut) {
    return leftOut.isEmpty() ? "" : "; " + leftOut.describe();
  }

  public PredictionInput {
    problems = List.copyOf(problems);
    images = images.stream().sorted(Comparator.comparing(Item::name)).toList();
  }

  /**
   * Finds the images. A folder gives all PNG and JPEG files below it, except those that are hidden
   * or a system's; predictions are named after the path below the folder, {@code a/b.jpg} giving
   * {@code a/b.png}, or {@code a/b.jpg.png} where another image would give the same. An image gives
   * itself. Any other file is a list in UTF-8, or UTF-16 with its mark: a path a line, absolute or
   * relative to the list's folder; empty lines and lines that begin with # are left out.
   * Predictions are named after the path if it is relative, after the file's name if not. A path
   * that a list holds twice, as lists joined from several do, counts once.
   *
   * @param input folder, image or list
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
      throw problem(
          input, "expected a folder of images, an image or a list of them, found nothing");
    }
    Collected found = new Collected();
    if (status.isDirectory()) {
      Path out = new Path(output);
      String below = out.getFileSystem(configuration).makeQualified(out) + "/";
      if (below.startsWith(path + "/")) {
        throw problem(input, "expected an output folder that is not in the input, found " + output);
      }
      folder(files, path, "", found);
    } else {
      file(files, path, found);
    }
    if (found.images.isEmpty()) {
      List<String> problems = new ArrayList<>();
      problems.add(
          status.isDirectory()
              ? "expected images %s, found none%s (%s)"
                  .formatted(String.join(", ", ENDINGS), describe(found.leftOut.result()), input)
              : "expected a line with an image's path, found none (%s)".formatted(input));
      problems.addAll(found.problems);
      throw new DatasetException("images to predict", problems);
    }
    List<Item> images = named(found.images);
    distinct(input, images);
    return new PredictionInput(images, found.problems, found.leftOut.result());
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
    String name = item.name().substring(item.name().lastIndexOf('/') + 1);
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      problem.accept(
          String.format(
              Locale.ROOT,
              "expected a name of at most %d bytes for its prediction, found a longer one (%s)",
              LONGEST_NAME,
              ShownText.of(item.path())));
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes =
          ImageFiles.read(
              StoreRetries.of(configuration),
              path.getFileSystem(configuration),
              path,
              decoder.maxPixels());
    } catch (FileNotFoundException e) {
      problem.accept(
          "expected an image, found no file ("
              + ShownText.of(item.path())
              + ")"
              + (TABLE.matcher(item.path()).find()
                  ? "; a list holds a path a line, without quotes and other columns"
                  : ""));
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

  private static void folder(FileSystem files, Path folder, String above, Collected found)
      throws IOException {
    FolderListing listing = FolderListing.of(files, folder);
    listing.collect(above, found.leftOut);
    for (FileStatus status : listing.files().values()) {
      String name = status.getPath().getName();
      if (isImage(name)) {
        found.images.add(new Found(status.getPath().toString(), above + name));
      } else {
        found.leftOut.add(Kind.OTHER, above + name);
      }
    }
    for (String name : listing.leftOut(Kind.BROKEN_LINK, Kind.UNREADABLE_NAME, Kind.SPECIAL)) {
      if (isImage(name)) {
        found.problems.add(
            "expected a file that can be read, found none by that name (%s)"
                .formatted(ShownText.of(above + name)));
      }
    }
    for (String name : listing.folders()) {
      folder(files, FolderListing.child(folder, name), above + name + "/", found);
    }
  }

  private static boolean isImage(String name) {
    String lower = Names.lower(name);
    return ENDINGS.stream().anyMatch(lower::endsWith);
  }

  /** An image by what it begins with, or else a list by being text. */
  private static void file(FileSystem files, Path file, Collected found) throws IOException {
    byte[] bytes;
    try (InputStream in = files.open(file)) {
      bytes = in.readNBytes(MAGIC);
      if (isImage(file.getName()) || ImageDecoder.isPngOrJpeg(bytes)) {
        found.images.add(new Found(file.toString(), file.getName()));
        return;
      }
      byte[] rest = BoundedBytes.read(in, LARGEST_LIST, file.toString());
      bytes = Arrays.copyOf(bytes, bytes.length + rest.length);
      System.arraycopy(rest, 0, bytes, bytes.length - rest.length, rest.length);
    } catch (BoundedBytes.ExceededException e) {
      throw problem(file.toString(), "expected a list of at most " + LARGEST_LIST + " bytes");
    }
    if (!Texts.isText(bytes)) {
      throw problem(
          file.toString(),
          "expected a PNG or JPEG image, or a list of paths in UTF-8, found a file that is neither");
    }
    list(files, file, Texts.decode(bytes), found);
  }

  private static void list(FileSystem files, Path file, String lines, Collected found)
      throws IOException {
    List<String> problems = new ArrayList<>();
    int number = 0;
    Set<Path> known = new HashSet<>();
    // Programs of DOS and Windows end a text by a mark of its own.
    String whole = lines.endsWith("\u001A") ? lines.substring(0, lines.length() - 1) : lines;
    for (String line : whole.lines().toList()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          Found image = item(files, file, Locations.given(text));
          if (known.add(files.makeQualified(new Path(image.path())))) {
            found.images.add(image);
          } else {
            found.leftOut.add(Kind.REPEATED, text);
          }
        } catch (IllegalArgumentException e) {
          problems.add(
              String.format(
                  Locale.ROOT, "%s (%s line %d)", ShownText.of(e.getMessage()), file, number));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("images to predict", problems);
    }
  }

  private static Found item(FileSystem files, Path list, String text) throws IOException {
    if (text.startsWith("/") || URI.matcher(text).lookingAt()) {
      Path path = new Path(text);
      requireStore(path, files.getConf());
      return new Found(text, path.getName());
    }
    if (List.of(text.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException(
          "expected an image's path below the list's folder, or an absolute one, found '%s'"
              .formatted(text));
    }
    Path path = FolderListing.child(list.getParent(), text);
    if (text.contains("\\") && !files.exists(path)) {
      throw new IllegalArgumentException(
          "expected an image's path with /, found '%s' with backslashes, as Windows writes them"
              .formatted(text));
    }
    String relative = text.startsWith("./") ? text.substring(2) : text;
    return new Found(path.toString(), relative);
  }

  /** One line that leads nowhere would end the whole job, in which others can be read. */
  private static void requireStore(Path path, Configuration configuration) {
    String scheme = path.toUri().getScheme();
    String found = null;
    if (scheme != null && WEB.contains(Names.lower(scheme))) {
      found = "a web address; download the file";
    } else if (scheme != null) {
      try {
        FileSystem.getFileSystemClass(scheme, configuration);
      } catch (IOException | RuntimeException e) {
        found = StoreFault.describe(e);
      }
    }
    if (found != null) {
      throw new IllegalArgumentException(
          "expected an image's path, or its URI in a store, found %s (%s)".formatted(found, path));
    }
  }

  /** Predictions are PNG, whatever the image is. */
  private static String png(String relative) {
    int dot = relative.lastIndexOf('.');
    return (dot > relative.lastIndexOf('/') ? relative.substring(0, dot) : relative) + ".png";
  }

  /** Names predictions after their images, with the image's ending where two would be one. */
  private static List<Item> named(List<Found> images) {
    Set<Found> whole = new HashSet<>();
    while (true) {
      Map<String, List<Found>> byName =
          images.stream().collect(Collectors.groupingBy(image -> name(image, whole)));
      Set<Found> alike = new HashSet<>();
      byName.values().stream().filter(of -> of.size() > 1).forEach(alike::addAll);
      if (!whole.addAll(alike)) {
        return images.stream().map(image -> new Item(image.path(), name(image, whole))).toList();
      }
    }
  }

  private static String name(Found image, Set<Found> whole) {
    return whole.contains(image) ? image.relative() + ".png" : png(image.relative());
  }

  private static void distinct(String input, List<Item> images) throws DatasetException {
    Map<String, String> first = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Item item : images) {
      String other = first.putIfAbsent(item.name(), item.path());
      if (other != null) {
        problems.add(
            "expected images whose predictions have names of their own, found %s and %s for %s"
                .formatted(
                    ShownText.of(other), ShownText.of(item.path()), ShownText.of(item.name())));
      }
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("images to predict, " + input, problems);
    }
  }
}
