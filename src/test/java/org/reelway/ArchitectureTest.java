package org.reelway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;

/** The shape of docs and design, held by the build. */
@AnalyzeClasses(packages = "org.reelway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** From left to right along the flow: a package may use those before it, never one behind it. */
  private static final List<String> FLOW =
      List.of(
          "failure", "config", "recording", "ffmpeg", "repair", "transfer", "state", "observe", "flow", "program", "audit",
          "retention", "backup", "live", "mediaserver", "supervise", "relay", "tracks", "recorder", "multirecorder",
          "mixer", "callback", "camel");

  @ArchTest
  static final ArchRule theDomainCompilesWithoutCamel =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.reelway.camel..", "org.reelway.check..", "org.reelway.cli..", "org.reelway.demo..")
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
          .resideOutsideOfPackage("org.reelway.process..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class);

  @ArchTest
  static void packagesDependOnlyOnThoseBeforeThemInTheFlow(com.tngtech.archunit.core.domain.JavaClasses classes) {
    for (int i = 0; i < FLOW.size(); i++) {
      String[] behind =
          FLOW.subList(i + 1, FLOW.size()).stream().map(name -> "org.reelway." + name + "..").toArray(String[]::new);
      String[] entries = {"org.reelway.cli..", "org.reelway.demo..", "org.reelway.check.."};
      noClasses().that().resideInAPackage("org.reelway." + FLOW.get(i) + "..")
          .should().dependOnClassesThat().resideInAnyPackage(entries).check(classes);
      if (behind.length > 0) {
        noClasses().that().resideInAPackage("org.reelway." + FLOW.get(i) + "..")
            .should().dependOnClassesThat().resideInAnyPackage(behind).check(classes);
      }
    }
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
