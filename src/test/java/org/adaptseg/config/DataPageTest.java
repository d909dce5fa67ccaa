package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.config.data.DatasetDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/data.md are what the program reads. */
class DataPageTest {
  @TempDir Path directory;

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/data.md"));
  }

  @Test
  void theExamplesOfOnesOwnDataAreRead() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page());
    while (blocks.find()) {
      examples.add(blocks.group(1));
    }
    assertThat(examples).hasSize(3);
    Path space = Files.writeString(directory.resolve("space.yaml"), examples.get(0));
    Path dataset = Files.writeString(directory.resolve("dataset.yaml"), examples.get(1));

    assertThat(ResolvedData.labelSpace(space.toString()).names()).containsExactly("road", "car");
    DatasetDescription.Files mine =
        (DatasetDescription.Files) ResolvedData.dataset(dataset.toString());
    assertThat(mine.labelOf("pictures/train/monday/1.jpg"))
        .isEqualTo("masks/train/monday/1_label.png");
    assertThat(mine.trainIds(ResolvedData.labelSpace(space.toString())))
        .containsEntry(2, 0)
        .containsEntry(7, 1)
        .containsEntry(0, 255);
  }

  @Test
  void thePageNamesTheShippedDatasetsAndNoOthers() throws IOException {
    String table = part("## The datasets", "The descriptions are in");
    List<String> named = new ArrayList<>();
    for (String row : table.split("\n")) {
      if (row.startsWith("| `")) {
        named.addAll(names(row.substring(1, row.indexOf('|', 1))));
      }
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(ResolvedData.shippedDatasets());
  }

  @Test
  void thePageNamesTheShippedLabelSpacesAndNoOthers() throws IOException {
    String sentence = part("the network distinguishes:", ", or a YAML file");
    assertThat(names(sentence))
        .containsExactlyInAnyOrderElementsOf(ResolvedData.shippedLabelSpaces());
  }

  private static String part(String from, String to) throws IOException {
    String page = page();
    int start = page.indexOf(from);
    int end = page.indexOf(to, start);
    assertThat(start).as(from).isNotNegative();
    assertThat(end).as(to).isGreaterThan(start);
    return page.substring(start, end);
  }

  private static List<String> names(String text) {
    return Pattern.compile("`([^`]+)`").matcher(text).results().map(m -> m.group(1)).toList();
  }
}
