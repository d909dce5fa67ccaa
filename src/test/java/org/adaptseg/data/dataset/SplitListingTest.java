package org.adaptseg.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.testing.OddFolder;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitListingTest {
  private static final DatasetDescription.Files FOLDERS =
      (DatasetDescription.Files) ResolvedData.dataset("folders");
  private static final byte[] CONTENT = {1};

  @TempDir Path root;

  private SplitListing list() throws IOException {
    return SplitListing.of(FOLDERS, root.toString(), "all", true, new Configuration(false));
  }

  private void both(List<String> names) throws IOException {
    OddFolder.write(root.resolve("images"), names, CONTENT);
    OddFolder.write(root.resolve("labels"), names, CONTENT);
  }

  @Test
  void everyNameThatAStoreAllowsIsASample() throws IOException {
    both(OddFolder.NAMES);

    SplitListing listing = list();

    assertThat(listing.items())
        .extracting(SplitListing.Item::image)
        .containsExactlyElementsOf(OddFolder.NAMES.stream().map(n -> "images/" + n).toList());
    assertThat(listing.items()).allMatch(item -> item.problems().isEmpty());
    assertThat(listing.leftOut().isEmpty()).isTrue();
  }

  @Test
  void whatSystemsLeaveIsNoSampleAndIsCounted() throws IOException {
    both(List.of("a.png", "b.Jpg", "c.JPEG"));
    Files.move(root.resolve("labels/b.Jpg"), root.resolve("labels/b.png"));
    Files.move(root.resolve("labels/c.JPEG"), root.resolve("labels/c.PNG"));
    both(OddFolder.LEFT);
    OddFolder.link(root.resolve("images"));
    Files.createDirectories(root.resolve("images/more"));

    SplitListing listing = list();

    assertThat(listing.items())
        .extracting(SplitListing.Item::label)
        .containsExactly("labels/a.png", "labels/b.png", "labels/c.PNG");
    assertThat(listing.items()).allMatch(item -> item.problems().isEmpty());
    assertThat(listing.leftOut().describe())
        .isEqualTo(
            "14 were not taken: 8 hidden or of the system (images/.DS_Store, images/._a.png,"
                + " images/.a.png.swp, ...), 3 of other names or formats (images/_SUCCESS,"
                + " images/a.png~, images/notes.txt), 1 folders not looked into (images/more/),"
                + " 1 links to nothing (images/broken.png), 1 links to a folder above"
                + " (images/loop)");
  }

  @Test
  void aFolderWithoutImagesSaysWhatIsInIt() throws IOException {
    OddFolder.write(root.resolve("images"), List.of("a.tif", "b.tif"), CONTENT);

    assertThatThrownBy(this::list)
        .hasMessageContaining("found none; 2 were not taken: 2 of other names or formats")
        .hasMessageContaining("images/a.tif");
  }

  @Test
  void aRootMayHaveTheCharactersOfPatterns() throws IOException {
    root = root.resolve("[a] {b,c}*: %20#");
    both(List.of("x.png"));

    assertThat(list().items()).extracting(SplitListing.Item::image).containsExactly("images/x.png");
  }
}
