package org.adaptseg.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in the jar that goes to a cluster, and what must not be. */
class JobJarIT {
  private static final String CUDA = "org.bytedeco:cuda ";

  private static JarFile jar;
  private static List<String> names;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(System.getProperty("job.jar"));
    names = jar.stream().map(ZipEntry::getName).toList();
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void itStartsTheProgram() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
        .isEqualTo("org.adaptseg.cli.Main");
  }

  @Test
  void whatTheClusterProvidesIsNotInIt() {
    assertThat(names)
        .noneMatch(name -> name.startsWith("org/apache/spark/") && name.endsWith("Context.class"))
        .noneMatch(name -> name.startsWith("org/apache/hadoop/"))
        .noneMatch(name -> name.startsWith("scala/"))
        .noneMatch(name -> name.startsWith("org/slf4j/"))
        .noneMatch(name -> name.startsWith("com/fasterxml/jackson/databind/"));
  }

  @Test
  void itHasTheNativesOfOnePlatformOnly() {
    List<String> natives =
        names.stream().filter(name -> name.matches("org/.*\\.(so|dll|dylib)(\\.\\d+)?")).toList();

    assertThat(natives).isNotEmpty().allMatch(name -> name.contains("/linux-x86_64"));
    assertThat(natives)
        .contains("org/nd4j/linalg/cpu/nativecpu/bindings/linux-x86_64-avx2/libnd4jcpu.so");
  }

  @Test
  void signaturesAndModuleDescriptorsAreLeftOut() {
    assertThat(names)
        .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"))
        .noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void nd4jFindsItsBackend() throws IOException {
    assertThat(text("META-INF/services/org.nd4j.linalg.factory.Nd4jBackend"))
        .contains("org.nd4j.linalg.cpu.nativecpu.CpuBackend");
  }

  @Test
  void itCarriesTheLicencesOfAllThatIsInIt() throws IOException {
    assertThat(text("META-INF/LICENSE")).contains("Apache License");
    String page = text("META-INF/THIRD_PARTY.md");
    Set<String> unnamed = new TreeSet<>();
    for (String name : names) {
      if (name.matches("META-INF/maven/[^/]+/[^/]+/pom.properties") && !isNamed(name, page)) {
        unnamed.add(name);
      }
    }
    assertThat(unnamed).isEmpty();
  }

  @Test
  void itIsTheOneThatThePageDescribes() throws IOException {
    assertThat(text("META-INF/THIRD_PARTY.md"))
        .isEqualTo(Files.readString(Path.of("THIRD_PARTY.md")));
  }

  /** With ND4J's backend for CUDA the bill has its libraries, too; the page names them below. */
  @Test
  void theBillOfMaterialsListsWhatThePageNames() throws IOException {
    Path bill = Path.of(System.getProperty("job.jar")).resolveSibling("bom.json");
    if ("offline true".equals(System.getProperty("maven.offline")) && !Files.exists(bill)) {
      Assumptions.abort("mvn -o writes no bill of materials: CycloneDX's goal needs the network");
    }
    Set<String> listed = new TreeSet<>();
    for (JsonNode component : new ObjectMapper().readTree(bill.toFile()).path("components")) {
      listed.add(
          "%s:%s %s"
              .formatted(
                  component.path("group").asText(),
                  component.path("name").asText(),
                  component.path("version").asText()));
    }
    // The plug-in counts it because DataVec asks for it; it is the cluster's.
    listed.removeIf(component -> component.startsWith("commons-io:"));
    String page = Files.readString(Path.of("THIRD_PARTY.md"));
    Set<String> always = components(page.split("With ND4J's backend for CUDA")[0]);
    // That jar has the bindings of its own CUDA in place of ours.
    always.removeIf(
        component ->
            component.startsWith(CUDA)
                && listed.stream().anyMatch(l -> l.startsWith("org.nd4j:nd4j-cuda-")));

    assertThat(listed).containsAll(always);
    assertThat(components(page)).containsAll(listed);
  }

  /** Rows such as {@code | group:artifact (remark), artifact | version | ...}. */
  private static Set<String> components(String page) {
    Pattern row = Pattern.compile("\\| ([a-z][^ |:]*):([^|]*) \\| ([^|]*) \\|.*");
    Set<String> components = new TreeSet<>();
    for (String line : page.split("\n")) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        for (String artifact : matcher.group(2).replaceAll("\\([^)]*\\)", "").split(",")) {
          components.add(
              "%s:%s %s".formatted(matcher.group(1), artifact.strip(), matcher.group(3)));
        }
      }
    }
    return components;
  }

  private static boolean isNamed(String entry, String page) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      properties.load(in);
    }
    String artifact = properties.getProperty("artifactId");
    return artifact.equals("adaptseg-spark") || page.contains(artifact);
  }

  private static String text(String entry) throws IOException {
    ZipEntry found = jar.getEntry(entry);
    assertThat(found).as(entry).isNotNull();
    try (InputStream in = jar.getInputStream(found)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
