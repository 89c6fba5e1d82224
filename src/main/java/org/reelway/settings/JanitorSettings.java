package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.janitor.*}: what becomes of unfinished uploads that nothing goes on with. */
public final class JanitorSettings {
  public static final Setting<Duration> AFTER = Setting.of(
      "reelway.janitor.after", Types.duration("1h", "3650d"), "7d",
      "Age from which an unfinished upload that Reelway itself began, and that no marker goes on with, is aborted. "
          + "Uploads of others are listed from this age on, and never aborted.");

  static final Setting.Group GROUP =
      new Setting.Group("Janitor", "What becomes of unfinished uploads that nothing goes on with.", List.of(AFTER));

  private JanitorSettings() {}
}
