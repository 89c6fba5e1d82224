package org.reelway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The shape of docs and design, held by the build. */
@AnalyzeClasses(packages = "org.reelway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** From left to right along the flow: a package, with all below it, may use those before it, never one behind it. */
  private static final List<String> FLOW =
      List.of(
          "failure", "settings", "media.process", "media.ffmpeg", "media.mp4", "media.container", "media.tracks", "media.repair",
          "recording", "state",
          "transfer.http", "transfer.bandwidth", "transfer.observe", "transfer.flow", "transfer.program", "transfer.audit",
          "transfer.retention", "transfer.backup", "live", "stream.server", "stream.supervise", "stream.relay",
          "stream.recorder", "stream.workflow", "conference.multirecorder", "conference.mixer", "conference.farm", "callback",
          "camel.http", "camel.api", "camel.jmx", "camel.watch", "camel.reload", "camel.dashboard", "camel.telemetry", "camel.queue",
          "camel", "app");

  /** Rooms that a newcomer can keep in mind. */
  private static final int MOST_ROOMS = 12;

  @ArchTest
  static final ArchRule theDomainCompilesWithoutCamel =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.reelway.camel..", "org.reelway.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().assignedFrom(new TopPackages()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheTransferKnowsTheWireOfTheStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.reelway.transfer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.reelway.transfer.store.http..");

  @ArchTest
  static final ArchRule everyHealthCheckAnswersWhateverHappens =
      classes()
          .that()
          .areAssignableTo(org.apache.camel.health.HealthCheck.class)
          .should()
          .beAssignableTo("org.reelway.camel.GuardedHealth");

  @ArchTest
  static final ArchRule noShellIsEverRun =
      noClasses()
          .should()
          .callMethod(Runtime.class, "exec", String.class)
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class)
          .orShould()
          .callMethod(Runtime.class, "exec", String.class, String[].class)
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class, String[].class)
          .orShould()
          .callMethod(Runtime.class, "exec", String.class, String[].class, java.io.File.class)
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class, String[].class, java.io.File.class);

  @ArchTest
  static final ArchRule onlyTheRunnerOfProgramsStartsProcesses =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.reelway.media.process..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class);

  @ArchTest
  static void packagesDependOnlyOnThoseBeforeThemInTheFlow(JavaClasses classes) {
    for (int i = 0; i < FLOW.size() - 1; i++) {
      String[] behind =
          FLOW.subList(i + 1, FLOW.size()).stream().map(ArchitectureTest::packages).toArray(String[]::new);
      noClasses().that().resideInAPackage(packages(FLOW.get(i)))
          .should().dependOnClassesThat().resideInAnyPackage(behind).check(classes);
    }
  }

  /** With all below it, unless those have a place of their own. */
  private static String packages(String name) {
    boolean isDivided = FLOW.stream().anyMatch(other -> other.startsWith(name + "."));
    return "org.reelway." + name + (isDivided ? "" : "..");
  }

  @ArchTest
  static void thereAreFewRoomsAndEachIsInTheFlow(JavaClasses classes) {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass each : classes) {
      String[] names = each.getPackageName().split("\\.");
      if (names.length > 2) {
        rooms.add(names[2]);
      }
    }
    assertThat(rooms).hasSizeLessThanOrEqualTo(MOST_ROOMS);
    assertThat(FLOW.stream().map(name -> name.split("\\.")[0])).containsAll(rooms);
  }

  /** transfer, transfer.store and transfer.store.http are one; Reelway itself starts everything. */
  private static final class TopPackages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String[] names = javaClass.getPackageName().split("\\.");
      return names.length < 3 ? SliceIdentifier.ignore() : SliceIdentifier.of(names[2]);
    }

    @Override
    public String getDescription() {
      return "packages below org.reelway";
    }
  }
}
