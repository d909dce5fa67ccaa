package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.Configurations;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths in a configuration that is not in the working directory. */
class RelativePathsTest {
  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("ds"));
    Files.writeString(
        directory.resolve("ds/two.yaml"),
        """
        name: two
        classes:
          - {name: road, rgb: [0, 0, 0]}
          - {name: car, rgb: [0, 0, 255]}
        """);
    Files.writeString(
        directory.resolve("own.yaml"),
        """
        run: {name: own}
        schedule: {phases: [{phase: source-only, iterations: 1}]}
        output: {dir: runs/of-a-test}
        data:
          classes: ds/two.yaml
          source: {dataset: folders, root: ds, split: all, width: 64, height: 32}
          target: {dataset: folders, root: not-there, split: all, width: 64, height: 32}
          evaluation: {dataset: folders, root: /absolute, split: all, width: 64, height: 32}
        model: {layers: [1, 1, 1, 1], base-width: 1, discriminator-width: 1}
        cluster: {threads-per-worker: 1}
        """);
  }

  private String file() {
    return directory.resolve("own.yaml").toString();
  }

  @Test
  void aPathInAFileIsRelativeToThatFileIfSomethingIsThere() {
    RunConfig config = Configurations.read(file(), List.of());

    assertThat(config.data().classes()).isEqualTo(directory + "/ds/two.yaml");
    assertThat(config.data().source().get(0).root()).isEqualTo(directory + "/ds");
    assertThat(config.data().source().get(0).dataset()).isEqualTo("folders");
    assertThat(config.data().target().get(0).root()).isEqualTo("not-there");
    assertThat(config.data().evaluation().root()).isEqualTo("/absolute");
    assertThat(config.output().dir()).isEqualTo("runs/of-a-test");
  }

  @Test
  void aPathInAnOptionIsRelativeToTheWorkingDirectory() {
    RunConfig config =
        Configurations.read(file(), List.of("data.source.root=ds", "data.target.root=src"));

    assertThat(config.data().source().get(0).root()).isEqualTo("ds");
    assertThat(config.data().target().get(0).root())
        .isEqualTo(Path.of("src").toAbsolutePath().toString());
  }

  @Test
  void aSavedConfigurationMeansTheSameFromBesideItsRun() throws IOException {
    RunConfig config = Configurations.read(file(), List.of("data.target.root=src/../src"));
    Path saved = directory.resolve("src/config.yaml");
    Files.createDirectories(saved.getParent());
    Files.writeString(saved, ConfigLoader.toYaml(config));

    assertThat(Configurations.read(saved.toString(), List.of())).isEqualTo(config);
  }

  @Test
  void aConfigurationOfAStoreIsReadWithWhatIsBesideIt() {
    RunConfig config = Configurations.read("file://" + file(), List.of());

    assertThat(config.data().source().get(0).root()).isEqualTo("file://" + directory + "/ds");
  }

  @Test
  void whatIsInNeitherPlaceIsNamedWithBoth() {
    Ended run = ProgramRun.of(List.of("train", "--dry-run", "--config", file()));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "data.target.root: expected a directory that can be listed, found none (not-there")
        .contains("the folder of the file that names it, " + directory)
        .contains("the working directory " + Path.of("").toAbsolutePath());
  }

  @Test
  void whatAnOptionNamesIsLookedForInTheWorkingDirectoryAlone() {
    Ended run =
        ProgramRun.of(
            List.of("evaluate", "--config", file(), "--checkpoint=nowhere/iteration-0000001"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "--checkpoint: expected a directory that can be listed, found none"
                + " (nowhere/iteration-0000001, which is relative to the working directory "
                + Path.of("").toAbsolutePath()
                + ")");
  }

  @Test
  void aDirectoryThatIsNoRunIsNamedForThat() {
    Ended run = ProgramRun.of(List.of("train", "--dry-run", "--config", directory.toString()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("expected a file or a run directory, found a directory without config.yaml");
  }

  @Test
  void aDescriptionThatIsInNeitherPlaceIsNamedWithBoth() throws IOException {
    Files.delete(directory.resolve("ds/two.yaml"));

    Ended run = ProgramRun.of(List.of("train", "--dry-run", "--config", file()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("data.classes: expected a readable file 'ds/two.yaml', found none")
        .contains("the folder of the file that names it, " + directory)
        .contains("the working directory " + Path.of("").toAbsolutePath());
  }

  @Test
  void optionsKnowTheHomeDirectoryAndNoOthers() {
    Ended run = ProgramRun.of(List.of("train", "--dry-run", "--config=~joe/own.yaml"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--config").contains("others' home directories");
  }

  @Test
  void anEmptyPathIsNamedByItsOption() {
    for (List<String> given :
        List.of(
            List.of("predict", "--weights=", "--input=a", "--output=b"),
            List.of("train", "--config="),
            List.of("weights", "import", ""))) {
      Ended run = ProgramRun.of(given);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .matches("(?s)Cannot use (--weights|--config|FILE): expected a path, found nothing .*");
    }
  }

  @Test
  void anOptionThatIsNotGivenIsNoEmptyPath() {
    Ended run = ProgramRun.of(List.of("predict", "--weights=a", "--input=b", "--output=c"));

    assertThat(run.err()).doesNotContain("found nothing (is");
  }

  @Test
  void aFileWhereAFolderShouldBeIsNamedSo() {
    assertThat(
            ProgramRun.of(
                    List.of("train", "--dry-run", "--config", file(), "--set=output.dir=" + file()))
                .err())
        .contains("expected a directory that can be written to, found a file of that name");
    assertThat(
            ProgramRun.of(
                    List.of(
                        "train",
                        "--dry-run",
                        "--config",
                        file(),
                        "--set=output.dir=" + file() + "/x"))
                .err())
        .contains("found a file where a folder of the path would be");
  }

  @Test
  void aStoreOfEmrIsHintedAt() {
    Ended run =
        ProgramRun.of(
            List.of(
                "train", "--dry-run", "--config", file(), "--set=data.source.root=s3://bucket/x"));

    assertThat(run.err()).contains("outside EMR, s3:// is written s3a:// (s3://bucket/x)");
  }
}
