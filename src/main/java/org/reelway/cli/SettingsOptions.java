package org.reelway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.reelway.config.Setting;
import org.reelway.config.Settings;
import org.reelway.failure.InputFailure;
import picocli.CommandLine.Option;

/** Where settings come from: the same options for every command that needs them. */
final class SettingsOptions {
  private static final Path DEFAULT = Path.of("application.properties");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings file (default: application.properties in the working folder, when it is there).")
  private Path file;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "One setting, before the environment and the file; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** As an option of the command has it, which wins over {@code --set}. */
  void set(Setting<?> setting, String value) {
    overrides.put(setting.key(), value);
  }

  /** @param required settings without which the command cannot work */
  Settings load(Set<Setting<?>> required) {
    if (file != null && !Files.isRegularFile(file)) {
      throw new InputFailure("the settings file " + file + " is not there; name one with --config FILE");
    }
    Path used = file != null ? file : Files.isRegularFile(DEFAULT) ? DEFAULT : null;
    return Settings.load(used, System.getenv(), overrides, required);
  }
}
