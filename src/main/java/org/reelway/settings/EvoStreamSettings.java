package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.evostream.*}: what users of the EvoStream web services bring with them. */
public final class EvoStreamSettings {
  public static final Setting<Path> PLUGINS = Setting.optional(
      "reelway.evostream.plugins", new PathType(),
      "The plugins.json (or config.json) of the EvoStream web services. Its enabled plugins become settings, which each "
          + "setting that is given here wins over.");

  static final SettingGroup GROUP = new SettingGroup(
      "EvoStream", "What users of the EvoStream web services bring with them (docs/evostream.md).", List.of(PLUGINS));

  private EvoStreamSettings() {}
}
