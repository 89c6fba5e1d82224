package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code reelway.state.*}: what Reelway keeps for itself. */
public final class StateSettings {
  public static final Setting<Path> FOLDER = Setting.of(
      "reelway.state.folder", Folders.PATH, "state",
      "Folder for Reelway's own database, and for the markers of recordings folders that it cannot write to. If it is "
          + "lost, markers, files and the store are enough to finish every upload.");
  public static final Setting<Duration> HISTORY = Setting.of(
      "reelway.state.history", Types.duration("1d", "3650d"), "90d",
      "How long finished recordings stay in the history. Neither files nor objects are touched when they leave it.");

  static final Setting.Group GROUP =
      new Setting.Group("State", "What Reelway keeps for itself.", List.of(FOLDER, HISTORY));

  private StateSettings() {}
}
