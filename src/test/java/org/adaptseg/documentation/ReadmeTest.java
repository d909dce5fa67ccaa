package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.adaptseg.cli.Main;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import picocli.CommandLine;

/** README and the pages below docs tell the truth where a program can see it. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern SCRIPT = Pattern.compile("^ {4,}(jobs/(?:local|submit)\\.sh .*)$");

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    pages.add(Path.of("CONTRIBUTING.md"));
    pages.add(Path.of("THIRD_PARTY.md"));
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher links = LINK.matcher(Files.readString(page));
    while (links.find()) {
      String target = links.group(1).replaceFirst("#.*", "");
      boolean outside = target.matches("[a-z]+:.*");
      if (!outside && !target.isEmpty() && !Files.exists(page.resolveSibling(target))) {
        broken.add(target);
      }
    }

    assertThat(broken).as(page.toString()).isEmpty();
  }

  /** Lines of README that run a script, continued lines joined. */
  static List<String> commands() throws IOException {
    String text = Files.readString(README).replaceAll("\\\\\n\\s+", "");
    return text.lines()
        .map(SCRIPT::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  @Test
  void theTwoCommandsStandAlone() throws IOException {
    assertThat(Files.readAllLines(README)).contains("    jobs/local.sh demo", "    jobs/test.sh");
    assertThat(Path.of("jobs/test.sh")).isExecutable();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAreOnesThatTheProgramTakes(String command) {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" +")));
    assertThat(Path.of(words.remove(0))).isExecutable();
    if (words.contains("--")) {
      words.subList(0, words.indexOf("--") + 1).clear();
    }

    assertThatCode(() -> new CommandLine(new Main()).parseArgs(words.toArray(String[]::new)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theConfigurationsThatCommandsNameAreShipped(String command) {
    Matcher file = Pattern.compile("--config (\\S+)").matcher(command);
    while (file.find()) {
      assertThat(Path.of(file.group(1))).isRegularFile();
    }
  }

  @Test
  void aDryRunOfAShippedConfigurationSucceeds() {
    // This process has computed already, with as many threads as it was started with.
    String threads = "cluster.threads-per-worker=" + TinyRun.THREADS;
    int code =
        new CommandLine(new Main())
            .execute("train", "--config", "conf/demo.yaml", "--dry-run", "--set", threads);

    assertThat(code).isZero();
  }

  /** All commands, and commands of commands. */
  static List<String> helps() {
    List<String> paths = new ArrayList<>();
    collect(new CommandLine(new Main()), "", paths);
    return paths;
  }

  private static void collect(CommandLine command, String path, List<String> paths) {
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              if (sub.getCommandSpec().mixinStandardHelpOptions()) {
                paths.add((path + " " + name).strip());
              }
              collect(sub, path + " " + name, paths);
            });
  }

  @ParameterizedTest
  @MethodSource("helps")
  void everyCommandHelps(String path) {
    StringWriter out = new StringWriter();
    String[] arguments = (path + " --help").split(" ");

    int code = new CommandLine(new Main()).setOut(new PrintWriter(out)).execute(arguments);

    assertThat(code).isZero();
    assertThat(out.toString()).contains("Usage: adaptseg " + path);
  }

  @Test
  void versionsAreThoseOfThePom() throws Exception {
    Map<String, String> pom = properties();
    Map<Pattern, String> claims =
        Map.of(
            Pattern.compile("Spark (\\d+\\.\\d+\\.\\d+)"), pom.get("spark.version"),
            Pattern.compile("Hadoop (\\d+\\.\\d+\\.\\d+)"), pom.get("hadoop.version"),
            Pattern.compile("Scala (\\d+\\.\\d+)"), pom.get("scala.binary.version"),
            Pattern.compile("(?:JDK|Java) (\\d+)"), pom.get("maven.compiler.release"),
            Pattern.compile("(?:DL4J|ND4J) (1\\.0\\.0-\\S+\\d)"), pom.get("dl4j.version"));
    String readme = Files.readString(README);
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Map.Entry<Pattern, String> claim : claims.entrySet()) {
      Matcher matcher = claim.getKey().matcher(readme);
      while (matcher.find()) {
        found++;
        if (!matcher.group(1).equals(claim.getValue())) {
          wrong.add("%s, POM: %s".formatted(matcher.group(), claim.getValue()));
        }
      }
    }

    assertThat(found).isGreaterThanOrEqualTo(3);
    assertThat(wrong).isEmpty();
  }

  private static Map<String, String> properties() throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    var nodes = ((Element) pom.getElementsByTagName("properties").item(0)).getChildNodes();
    Map<String, String> properties = new TreeMap<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      properties.put(nodes.item(i).getNodeName(), nodes.item(i).getTextContent().strip());
    }
    return properties;
  }

  @Test
  void theResultsAreThoseOfTheResultsPage() throws IOException {
    String results = Files.readString(Path.of("docs/results.md"));
    Matcher row =
        Pattern.compile("\\(`demo`\\), seed (\\d+) \\| ([\\d.]+) \\| not run \\| ([\\d.]+)")
            .matcher(Files.readString(README));
    int rows = 0;
    while (row.find()) {
      rows++;
      assertThat(results)
          .contains("| %s | %s | %s |".formatted(row.group(1), row.group(2), row.group(3)));
    }
    assertThat(rows).isPositive();

    Matcher ablation =
        Pattern.compile("mean of seeds 1 to 3 \\| ([\\d.]+) \\| ([\\d.]+) \\| ([\\d.]+)")
            .matcher(Files.readString(README));
    int means = 0;
    while (ablation.find()) {
      means++;
      assertThat(results)
          .contains("| source only | 3 | %s ±".formatted(ablation.group(1)))
          .contains("| control: lambda_adv 0, target statistics only | 3 | " + ablation.group(2))
          .contains("| output adaptation, multi-level | 3 | " + ablation.group(3));
    }
    assertThat(means).isEqualTo(2);
    Matcher selfTraining =
        Pattern.compile("the same, self-training \\| ([\\d.]+) \\| ([\\d.]+) \\| ([\\d.]+)")
            .matcher(Files.readString(README));
    assertThat(selfTraining.find()).isTrue();
    assertThat(results).contains("| self-training, multi-level | 3 | " + selfTraining.group(3));
  }
}
