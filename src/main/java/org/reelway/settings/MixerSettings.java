package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.mixer.*}: one film of each multi-recording. */
public final class MixerSettings {
  public static final Setting<Boolean> EVERY_RECORDING = Setting.of(
      "reelway.mixer.every-recording", Types.BOOLEAN, "true",
      "Whether each multi-recording is mixed when it ends. With false, by request only (POST /mixes).");
  public static final Setting<Path> SETTINGS = Setting.optional(
      "reelway.mixer.settings", Folders.PATH,
      "Flashphoner's offline_mixer.json: what mixes are like, and who is called back (docs/mixer.md). It is read at each mix. "
          + "Where it is not set, that of the program's folder counts.");
  public static final Setting<Integer> AT_ONCE = Setting.of(
      "reelway.mixer.at-once", Types.number(1, 16), "1",
      "Mixes at the same time, each at the lowest priority of processor and disk.");

  static final Setting.Group GROUP = new Setting.Group(
      "Mixer", "One film of each multi-recording (docs/mixer.md).", List.of(EVERY_RECORDING, SETTINGS, AT_ONCE));

  private MixerSettings() {}
}
