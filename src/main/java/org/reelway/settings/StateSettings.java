package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.state.*}: what Reelway keeps for itself. */
public final class StateSettings {
  public static final Setting<Path> FOLDER = Setting.of(
      "reelway.state.folder", Folders.PATH, "state",
      "Folder for Reelway's own database, and for the markers of recordings folders that it cannot write to. If it is "
          + "lost, markers, files and the store are enough to finish every upload.");
  public static final Setting<Duration> HISTORY = Setting.of(
      "reelway.state.history", Types.duration("1d", "3650d"), "90d",
      "How long finished recordings stay in the history. Neither files nor objects are touched when they leave it.");

  public static final Setting<String> URL = Setting.optional(
      "reelway.state.url", AddressTypes.DATABASE,
      "Database on a PostgreSQL server that takes the place of the one in the state folder; Reelway makes its tables in it. Several "
          + "sidecars may share it (docs/postgresql.md). The state folder is needed all the same.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.state.username", Types.USERNAME, "User of that database.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.state.password", Types.PASSWORD, "Password of that user.");

  static final Setting.Group GROUP =
      new Setting.Group("State", "What Reelway keeps for itself.", List.of(FOLDER, HISTORY, URL, USERNAME, PASSWORD));

  private StateSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        CrossRule.goesWith(USERNAME, URL), CrossRule.goesWith(PASSWORD, USERNAME));
  }
}
