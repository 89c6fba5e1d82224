package org.reelway.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.settings.NamedStores;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import picocli.CommandLine.Option;

/** Where settings come from: the same options for every command that needs them. */
final class SettingsOptions {
  private static final Path DEFAULT = Path.of("application.properties");
  private static final String VARIABLE = "REELWAY_CONFIG";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings file (default: the one that the variable " + VARIABLE + " names, else application.properties in"
          + " the working folder, when it is there).")
  private Path file;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "One setting, before the environment and the file; may be repeated. Secrets are refused.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** As an option of the command has it, which wins over {@code --set}. */
  void set(Setting<?> setting, String value) {
    overrides.put(setting.key(), value);
  }

  /** What is not given here is as the command has it that this one is part of. */
  SettingsOptions within(SettingsOptions command) {
    file = file == null ? command.file : file;
    command.overrides.forEach(overrides::putIfAbsent);
    return this;
  }

  /** @param required settings without which the command cannot work */
  Settings load(Set<Setting<?>> required) {
    return load(required, true);
  }

  /** @param secretFiles whether files of secrets are read now, or once somebody asks */
  Settings load(Set<Setting<?>> required, boolean secretFiles) {
    refuseSecrets(overrides);
    Map<String, String> environment = System.getenv();
    String named = environment.getOrDefault(VARIABLE, "");
    Path wanted = file == null && !named.isBlank() ? Path.of(named) : file;
    if (wanted != null && Files.notExists(wanted)) {
      throw new InputFailure(
          "the settings file " + wanted + " is not there; name one with --config FILE, or by the variable " + VARIABLE);
    }
    Path used = wanted != null ? wanted : Files.isRegularFile(DEFAULT) ? DEFAULT : null;
    return Settings.load(used, environment, overrides, required, secretFiles);
  }

  /** @param overrides by key */
  static void refuseSecrets(Map<String, String> overrides) {
    overrides.forEach((key, value) -> {
      String like = NamedStores.likeOfFirst(key).orElse(key);
      boolean secret = Settings.all().stream().anyMatch(setting -> setting.secret() && setting.key().equals(like));
      if (secret && !value.isBlank()) {
        throw new InputFailure(key + " is a secret, and every user of this machine sees what --set is given; "
            + Setting.howToSet(key));
      }
    });
  }
}
