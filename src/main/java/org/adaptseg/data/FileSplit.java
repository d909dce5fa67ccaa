package org.adaptseg.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.LabelMap;
import org.adaptseg.data.image.Resize;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.ImageFiles;
import org.adaptseg.data.store.ReadAhead;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreRetries;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A split of image and label files on any Hadoop file system. Images and labels are resized whole,
 * each from its own size: some published images and labels differ in size by a few pixels.
 */
public final class FileSplit implements Split {
  private final FileIndex index;
  private final LabelMap labelMap;
  private final ImageDecoder decoder;
  private final int width;
  private final int height;
  private final Normalisation normalisation;
  private final Image.Form form;
  private final StoreRetries retries;
  private final Path root;
  private final FileSystem files; // shared by Hadoop's cache, so not ours to close
  private final ReadAhead ahead = new ReadAhead();

  /**
   * @param width pixels that images are resized to
   * @param height pixels that images are resized to
   * @param normalisation how pixels become the network's input
   * @param form what samples' images hold
   * @throws IOException if the root's file system cannot be reached
   */
  public FileSplit(
      FileIndex index,
      LabelMap labelMap,
      ImageDecoder decoder,
      int width,
      int height,
      Normalisation normalisation,
      Image.Form form,
      Configuration configuration)
      throws IOException {
    this.index = index;
    this.labelMap = labelMap;
    this.decoder = decoder;
    this.width = width;
    this.height = height;
    this.normalisation = normalisation;
    this.form = form;
    this.files = new Path(index.root()).getFileSystem(configuration);
    this.root = files.makeQualified(new Path(index.root()));
    this.retries = StoreRetries.of(configuration);
  }

  @Override
  public int size() {
    return index.entries().size();
  }

  @Override
  public String id(int i) {
    return index.entries().get(i).image();
  }

  @Override
  public Sample.Labelled labelled(int i) throws IOException {
    LabelImage stored = originalLabels(i);
    ImageDecoder.Size size = new ImageDecoder.Size(stored.width(), stored.height());
    LabelImage labels = Resize.nearest(stored, width, height);
    RgbImage pixels = pixels(i);
    if (!size.isShapedLike(new ImageDecoder.Size(pixels.width(), pixels.height()))) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot read a sample: expected image and label of one shape, found %dx%d and %dx%d (%s)",
              pixels.width(),
              pixels.height(),
              size.width(),
              size.height(),
              id(i)));
    }
    return new Sample.Labelled(id(i), image(pixels), labels);
  }

  @Override
  public Sample.Unlabelled unlabelled(int i) throws IOException {
    return new Sample.Unlabelled(id(i), image(pixels(i)));
  }

  @Override
  public LabelImage originalLabels(int i) throws IOException {
    if (!index.labelled()) {
      throw new IllegalStateException(
          "Cannot read labels of "
              + id(i)
              + ": expected a split listed with its labels, found one "
              + "without ("
              + index.root()
              + ")");
    }
    FileIndex.Entry entry = index.entries().get(i);
    Path path = path(entry.label());
    byte[] bytes = read(path, entry.labelBytes(), entry.labelSha256());
    return decoder.labels(bytes, labelMap, path.toString());
  }

  /** Begins to fetch the files of a sample, so that a store answers while others are decoded. */
  @Override
  public void announce(int i, boolean labelled) {
    FileIndex.Entry entry = index.entries().get(i);
    if (labelled && index.labelled()) {
      announce(path(entry.label()), entry.labelBytes(), entry.labelSha256());
    }
    announce(path(entry.image()), entry.imageBytes(), entry.imageSha256());
  }

  private void announce(Path path, long length, String sha256) {
    ahead.announce(path, () -> fetch(path, length, sha256));
  }

  /** Drops what was read ahead; the file system is shared and stays. */
  @Override
  public void close() {
    ahead.close();
  }

  /**
   * Reads the headers of all files.
   *
   * @return one line for each file that is not an image or has more pixels than the decoder's bound
   */
  public List<String> probe() {
    List<String> problems = new ArrayList<>();
    for (FileIndex.Entry entry : index.entries()) {
      probe(entry.image(), problems);
      if (index.labelled()) {
        probe(entry.label(), problems);
      }
    }
    return problems;
  }

  private void probe(String relative, List<String> problems) {
    Path path = path(relative);
    try (InputStream in = FolderListing.reader(files, path).open(path)) {
      decoder.size(in, path.toString());
    } catch (IOException e) {
      problems.add(e.getMessage());
    }
  }

  private Image image(RgbImage pixels) {
    return Resize.bicubicInput(pixels, width, height, normalisation, form);
  }

  @Override
  public RgbImage pixels(int i) throws IOException {
    FileIndex.Entry entry = index.entries().get(i);
    Path path = path(entry.image());
    byte[] bytes = read(path, entry.imageBytes(), entry.imageSha256());
    return decoder.image(bytes, path.toString());
  }

  private byte[] read(Path path, long length, String sha256) throws IOException {
    return ahead.take(path, () -> fetch(path, length, sha256));
  }

  /** A file that has been read once must still be that: a manifest's label counts are believed. */
  private byte[] fetch(Path path, long length, String sha256) throws IOException {
    byte[] bytes = ImageFiles.read(retries, files, path, length, decoder.maxPixels());
    if (!sha256.isEmpty()) {
      String found = Sha256.of(bytes);
      if (!found.equals(sha256)) {
        throw new IOException(
            "Cannot read a sample: " + FileIndex.changed(sha256, found, path.toString()));
      }
    }
    return bytes;
  }

  private Path path(String relative) {
    return FolderListing.child(root, relative);
  }
}
