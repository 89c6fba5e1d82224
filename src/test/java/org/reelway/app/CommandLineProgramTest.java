package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
