package org.adaptseg.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The plan of the house: what each room may know. */
class ArchitectureTest {
  /** From the top of the house to its ground; a room may import only rooms after it. */
  private static final List<String> ROOMS =
      List.of(
          "cli",
          "job",
          "spark",
          "report",
          "checkpoint",
          "train",
          "weights",
          "nn",
          "engine",
          "data",
          "metrics",
          "config");

  private static final JavaClasses HOUSE = House.CLASSES;

  @Test
  void everyClassIsInARoom() {
    Set<String> found = new TreeSet<>();
    HOUSE.forEach(type -> found.add(room(type)));

    assertThat(found).isSubsetOf(ROOMS);
  }

  @Test
  void importsPointDownwards() {
    for (int i = 1; i < ROOMS.size(); i++) {
      String[] above =
          ROOMS.subList(0, i).stream().map(ArchitectureTest::in).toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(in(ROOMS.get(i)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .allowEmptyShould(true)
          .check(HOUSE);
    }
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("org.adaptseg.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  /** Neither an array of a library nor an address leaves an engine. */
  @Test
  void onlyEnginesKnowNativeCode() {
    onlyIn(
        List.of("engine", "weights"),
        "org.nd4j..",
        "org.deeplearning4j..",
        "org.datavec..",
        "org.bytedeco..");
    noClasses()
        .that()
        .resideInAPackage("org.adaptseg.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.bytedeco..", "org.adaptseg.engine.*..")
        .check(HOUSE);
  }

  /** What is above the engines knows the port, and how to choose one. */
  @Test
  void nobodyReachesAroundThePort() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("engine"), "org.adaptseg.cli.bench")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.adaptseg.engine.host..",
            "org.adaptseg.engine.onednn..",
            "org.adaptseg.engine.cuda..",
            "org.adaptseg.engine.nd4j..")
        .check(HOUSE);
  }

  @Test
  void onlySparkAndWhatIsAboveKnowsSpark() {
    onlyIn(List.of("spark", "job", "cli"), "org.apache.spark..", "scala..");
  }

  @Test
  void onlyCommandsKnowTheCommandLine() {
    onlyIn(List.of("cli"), "picocli..");
  }

  /** A notebook's process, and its session, are not ours. */
  @Test
  void onlyTheProgramEndsItsProcessAndOnlyItsOwnerEndsASession() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("cli"))
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(HOUSE);
    noClasses()
        .that()
        .doNotHaveSimpleName("SparkHandle")
        .should()
        .callMethod(SparkSession.class, "stop")
        .orShould()
        .callMethod(SparkContext.class, "stop")
        .orShould()
        .callMethod(JavaSparkContext.class, "stop")
        .orShould()
        .callMethod(JavaSparkContext.class, "close")
        .check(HOUSE);
  }

  @Test
  void noClassIsNamedAfterNothing() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .resideInAPackage("..util..")
        .check(HOUSE);
  }

  private static void onlyIn(List<String> rooms, String... libraries) {
    String[] allowed = rooms.stream().map(ArchitectureTest::in).toArray(String[]::new);
    classes()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(libraries)
        .check(HOUSE);
  }

  private static String in(String room) {
    return "org.adaptseg." + room + "..";
  }

  private static String room(JavaClass type) {
    String below = type.getPackageName().replaceFirst("^org\\.adaptseg\\.?", "");
    return below.isEmpty() ? "none: " + type.getName() : below.replaceFirst("\\..*", "");
  }
}
