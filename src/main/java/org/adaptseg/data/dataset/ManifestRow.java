package org.adaptseg.data.dataset;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a manifest says of one sample.
 *
 * @param image path relative to the root; empty for a label without image
 * @param label path relative to the root; empty if the split is not labelled
 * @param imageBytes length of the file, {@link SplitListing#NO_FILE} if there is none
 * @param labelBytes length of the file, {@link SplitListing#NO_FILE} if there is none
 * @param imageSha256 in hexadecimal; empty if the file was not read
 * @param labelSha256 in hexadecimal; empty if the file was not read
 * @param width of the image in pixels, 0 if it is not known
 * @param height of the image in pixels, 0 if it is not known
 * @param labelWidth of the label in pixels, 0 if it is not known
 * @param labelHeight of the label in pixels, 0 if it is not known
 * @param histogram pixels of every raw id that the label file holds
 * @param problems what is wrong with the sample
 */
public record ManifestRow(
    String image,
    String label,
    long imageBytes,
    long labelBytes,
    String imageSha256,
    String labelSha256,
    int width,
    int height,
    int labelWidth,
    int labelHeight,
    Map<Integer, Long> histogram,
    List<SampleProblem> problems)
    implements Serializable {
  public ManifestRow {
    histogram = Collections.unmodifiableMap(new TreeMap<>(histogram));
    problems = List.copyOf(problems);
  }

  /** Names the sample: its image, or its label if it has none. */
  public String id() {
    return image.isEmpty() ? label : image;
  }

  /**
   * What a run reads of the sample.
   *
   * @param labels whether it reads the label
   */
  FileIndex.Entry entry(boolean labels) {
    return labels
        ? new FileIndex.Entry(image, label, imageBytes, labelBytes, imageSha256, labelSha256)
        : new FileIndex.Entry(image, "", imageBytes, SplitListing.NO_FILE, imageSha256, "");
  }

  /**
   * Whether the files are no longer those of a manifest.
   *
   * @param entry of the same sample
   * @return one line for each file that is another
   */
  public List<String> differences(FileIndex.Entry entry) {
    return Stream.of(
            difference(image, entry.imageSha256(), imageSha256),
            difference(label, entry.labelSha256(), labelSha256))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> difference(String file, String expected, String found) {
    return expected.isEmpty() || found.isEmpty() || expected.equals(found)
        ? Optional.empty()
        : Optional.of(FileIndex.changed(expected, found, file));
  }

  /** The same sample with these problems instead. */
  public ManifestRow withProblems(List<SampleProblem> others) {
    return new ManifestRow(
        image,
        label,
        imageBytes,
        labelBytes,
        imageSha256,
        labelSha256,
        width,
        height,
        labelWidth,
        labelHeight,
        histogram,
        others);
  }
}
