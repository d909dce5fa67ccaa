package org.adaptseg.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Starts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Slow is what starts a JVM, a server or a cluster; the rest can be run while one edits. */
class SlowTestsTest {
  // What the tests use, Spark for example, need not be read.
  private static final JavaClasses TESTS =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("org.adaptseg");
          });

  @Test
  void aTestIsSlowIfItStartsSomethingAndOnlyThen() {
    List<String> untagged = new ArrayList<>();
    List<String> tagged = new ArrayList<>();
    Set<JavaCodeUnit> starting = starting();
    int tests = 0;
    for (JavaClass type : TESTS) {
      for (JavaMethod method : type.getMethods()) {
        if (isTest(method)) {
          tests++;
          boolean starts = parts(method).anyMatch(starting::contains);
          if (starts != isSlow(method)) {
            (starts ? untagged : tagged).add(type.getName() + "." + method.getName());
          }
        }
      }
    }

    assertThat(tests).isGreaterThan(500);
    assertThat(untagged).as("start something and lack @Tag(\"slow\")").isEmpty();
    assertThat(tagged).as("have @Tag(\"slow\") and start nothing").isEmpty();
  }

  @Test
  void processesAreStartedInOnePlace() {
    noClasses()
        .that()
        .areNotAssignableTo(ChildProcess.class)
        .and()
        .areNotAssignableTo(ChildProcess.Builder.class)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(TESTS);
  }

  private static boolean isTest(JavaMethod method) {
    return method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class);
  }

  private static boolean isSlow(JavaMethod method) {
    return Stream.of(method.reflect(), method.getOwner().reflect())
        .flatMap(element -> Stream.of(element.getAnnotationsByType(Tag.class)))
        .anyMatch(tag -> tag.value().equals("slow"));
  }

  /** The test, and what runs before and after it. */
  private static Stream<JavaCodeUnit> parts(JavaMethod test) {
    JavaClass type = test.getOwner();
    return Stream.of(
            Stream.of(test),
            type.getConstructors().stream(),
            type.getStaticInitializer().stream(),
            type.getMethods().stream().filter(SlowTestsTest::surroundsTests))
        .flatMap(part -> part);
  }

  private static boolean surroundsTests(JavaMethod method) {
    return Stream.of(BeforeAll.class, BeforeEach.class, AfterEach.class, AfterAll.class)
        .anyMatch(method::isAnnotatedWith);
  }

  /** All that comes to something with {@link Starts}, by calls through the tests' own classes. */
  private static Set<JavaCodeUnit> starting() {
    Set<JavaCodeUnit> found = new HashSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>();
    for (JavaClass type : TESTS) {
      type.getCodeUnits().stream()
          .filter(unit -> unit.isAnnotatedWith(Starts.class))
          .filter(found::add)
          .forEach(open::add);
    }
    while (!open.isEmpty()) {
      open.pop().getAccessesToSelf().stream()
          .map(JavaAccess::getOrigin)
          .filter(found::add)
          .forEach(open::add);
    }
    return found;
  }
}
