package org.reelway.app;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works with the settings; what it returns is the exit code. */
@Command(mixinStandardHelpOptions = true, exitCodeListHeading = "%nExit codes:%n")
abstract class SettingsCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  SettingsOptions options() {
    return options;
  }

  /** @param required without which the command cannot work */
  Settings settings(Setting<?>... required) {
    return options().load(Set.of(required));
  }

  /** For scripts of a media server, whose user may well not be allowed to read files of secrets. */
  Settings settingsWithoutSecretFiles() {
    return options().load(Set.of(), false);
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  Ansi ansi() {
    return spec.commandLine().getColorScheme().ansi();
  }
}
