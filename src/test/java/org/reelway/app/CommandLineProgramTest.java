package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands have in common; SettingsErrorsIT has one case of each by the real program. */
class CommandLineProgramTest {
  @Test
  void onlyTheCommandThatIsNamedIsSetUpAndIsTheSameAsAmongAll() {
    var all = CommandLineProgram.commandLine().getSubcommands();

    assertThat(all).containsKeys("run", "check", "help").hasSizeGreaterThan(15);
    all.forEach((name, command) -> assertThat(command.getCommandName()).isEqualTo(name));
    all.keySet().stream().filter(name -> !name.equals("help")).forEach(name -> {
      var alone = CommandLineProgram.commandLine(name, "--any");
      assertThat(alone.getSubcommands()).containsOnlyKeys(name);
      assertThat(alone.getSubcommands().get(name).getUsageMessage())
          .isEqualTo(all.get(name).getUsageMessage())
          .startsWith("Usage: reelway " + name);
    });
  }

  @Test
  void whereNoCommandIsNamedAllAreThere() {
    int all = CommandLineProgram.commandLine().getSubcommands().size();

    assertThat(CommandLineProgram.commandLine("--help").getSubcommands()).hasSize(all);
    assertThat(CommandLineProgram.commandLine("chek").getSubcommands()).as("for who mistypes").hasSize(all);
    assertThat(CommandLineProgram.commandLine("help", "run").getSubcommands()).hasSize(all);
  }

  private record Finished(int code, String out, String err) {}

  private static Finished run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = CommandLineProgram.commandLine(words).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(words);
    return new Finished(code, out.toString(), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "demo --help", "check --help", "hook --help", "hook recorded --help", "help run"})
  void helpIsGivenOnStandardOutput(String words) {
    Finished help = run(words.split(" "));

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("Usage: reelway").doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"walk", "hook recorded", "check --set novalue"})
  void anUnknownCommandLineIsAUsageError(String words) {
    Finished run = run(words.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsPattern("Usage: reelway|Did you mean: reelway").doesNotContain("Exception");
  }

  @Test
  void aSettingsFileThatIsMissingIsNamed() {
    assertThat(run("check", "--config", "missing.properties")).isEqualTo(new Finished(
        2, "",
        "reelway: the settings file missing.properties is not there; name one with --config FILE, or by the variable"
            + " REELWAY_CONFIG\n"));
  }

  @Test
  void addressesOfDestinationsAreSecretsToo() {
    assertThat(run("check", "--set", "reelway.routing.destinations=seen-by-all").err())
        .startsWith("reelway: reelway.routing.destinations is a secret, ").contains("REELWAY_ROUTING_DESTINATIONS").doesNotContain("seen-by-all");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "reelway.recordings.folder=recordings| reelway: reelway.store.bucket: is not set; set it in the settings file, or as the environment"
        + " variable REELWAY_STORE_BUCKET",
    "reelway.recordings.fodler=x| reelway: FILE:1: reelway.recordings.fodler: is not a setting; the nearest is reelway.recordings.folder",
    "reelway.recordings.tidy=move| reelway.recordings.move-to"
  })
  void settingsThatAreWrongAreTold(String line, String message, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my.properties"), line + "\n");

    Finished run = run("check", "--config", file.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message.replace("FILE", file.toString()));
  }
}
