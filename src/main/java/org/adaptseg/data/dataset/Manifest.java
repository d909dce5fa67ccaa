package org.adaptseg.data.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.dataset.SampleProblem.Kind;

/**
 * What was found when a split was read once: training reads this instead of listing.
 *
 * @param dataset the dataset's name
 * @param split the split's name
 * @param root the dataset's directory with its scheme
 * @param labelled whether labels were looked for
 * @param rows sorted by {@link ManifestRow#id}
 */
public record Manifest(
    String dataset, String split, String root, boolean labelled, List<ManifestRow> rows) {
  public Manifest {
    rows = rows.stream().sorted(Comparator.comparing(ManifestRow::id)).toList();
  }

  /** The manifest of a split's inspected samples; images with the same bytes are found here. */
  public static Manifest of(SplitListing listing, List<ManifestRow> inspected) {
    List<ManifestRow> rows = new ArrayList<>(inspected);
    rows.sort(Comparator.comparing(ManifestRow::id));
    Map<String, String> first = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      ManifestRow row = rows.get(i);
      String earlier =
          row.imageSha256().isEmpty() ? null : first.putIfAbsent(row.imageSha256(), row.image());
      if (earlier != null) {
        List<SampleProblem> problems = new ArrayList<>(row.problems());
        problems.add(
            new SampleProblem(
                Kind.DUPLICATE,
                "expected an image of its own, found the bytes of "
                    + earlier
                    + " ("
                    + row.image()
                    + ")"));
        rows.set(i, row.withProblems(problems));
      }
    }
    return new Manifest(
        listing.dataset(), listing.split(), listing.root(), listing.labelled(), rows);
  }

  /** Number of samples with problems. */
  public int bad() {
    return (int) rows.stream().filter(row -> !row.problems().isEmpty()).count();
  }

  /**
   * The samples that a run can use.
   *
   * @param space the run's label space, by which label values are judged
   * @param labels whether the run reads labels; if not, problems of labels do not count
   * @param allowed number of bad samples that may be left out
   * @param where the manifest, for messages
   * @param skipped given one line for each sample that is left out
   * @throws DatasetException if it is another dataset's, or more samples are bad than allowed
   */
  public FileIndex select(
      DatasetDescription.Files description,
      String wantedSplit,
      LabelSpace space,
      boolean labels,
      int allowed,
      String where,
      Consumer<String> skipped)
      throws DatasetException {
    List<String> problems = new ArrayList<>();
    if (!dataset.equals(description.name()) || !split.equals(wantedSplit)) {
      problems.add(
          "expected a manifest of split %s of dataset %s, found one of split %s of dataset %s (%s)"
              .formatted(wantedSplit, description.name(), split, dataset, where));
    } else if (labels && !labelled) {
      problems.add("expected a manifest with labels, found one made without (" + where + ")");
    }
    List<FileIndex.Entry> entries = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    Set<Integer> known = description.trainIds(space).keySet();
    for (ManifestRow row : rows) {
      List<String> of = problems(row, labels, known);
      if (!of.isEmpty()) {
        bad.add(String.join("; ", of));
      } else if (!row.image().isEmpty()) {
        entries.add(row.entry(labels));
      }
    }
    if (bad.size() > allowed) {
      problems.add(
          String.format(
              Locale.ROOT,
              "expected at most %d bad samples (data.skip-bad-samples), found %d of %d (%s)",
              allowed,
              bad.size(),
              rows.size(),
              where));
      problems.addAll(bad);
    }
    if (problems.isEmpty() && entries.isEmpty()) {
      problems.add("expected samples to use, found none (" + where + ")");
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("the manifest of " + description.name(), problems);
    }
    bad.forEach(skipped);
    return new FileIndex(dataset, root, labels, entries);
  }

  private static List<String> problems(ManifestRow row, boolean labels, Set<Integer> known) {
    List<String> texts = new ArrayList<>();
    for (SampleProblem problem : row.problems()) {
      // The label map may be another by now; the values themselves are in the manifest.
      if (problem.kind() != Kind.UNKNOWN_LABEL_VALUE && (labels || !problem.kind().ofLabel())) {
        texts.add(problem.text());
      }
    }
    if (labels) {
      SampleInspector.unknown(row.histogram().keySet(), known::contains, row.label())
          .ifPresent(problem -> texts.add(problem.text()));
    }
    return texts;
  }
}
