package org.reelway.settings;

import java.time.Duration;
import java.util.List;

/** {@code reelway.program.*}: an operator's own programs, run before a recording or mix is sent. */
public final class ProgramSettings {
  public static final Setting<ProgramArguments> AFTER_RECORDING = Setting.optional(
      "reelway.program.after-recording", ProgramArguments.TYPE,
      "Run for each finished recording before it is sent, such as /opt/hooks/recorded.sh {stream} {file}. What it leaves "
          + "under the file's name is what is sent. Exit code 0 goes on, 75 is tried again later, any other is a failure "
          + "(docs/programs.md). No shell is run.");
  public static final Setting<ProgramArguments> AFTER_MIX = Setting.optional(
      "reelway.program.after-mix", ProgramArguments.TYPE,
      "The same for each mix (a file whose name ends in _mixed), in place of reelway.program.after-recording.");
  public static final Setting<Duration> TIME_LIMIT = Setting.of(
      "reelway.program.time-limit", Types.duration("1s", "7d"), "1h",
      "Longest run of a program; then it is ended with all that it started, and has failed.");
  public static final Setting<OnFailure> ON_FAILURE = Setting.of(
      "reelway.program.on-failure", Types.choice(OnFailure.class), "send",
      "What happens with a recording whose program failed: send sends it all the same, hold sets it aside for people "
          + "(`reelway release` runs the program again). One that the failed program had changed is held in any case.");
  public static final Setting<Integer> TRIES = Setting.of(
      "reelway.program.tries", Types.number(1, 1000), "20",
      "Runs that end with exit code 75 before that counts as a failure, with waits from reelway.transfer.retry-first to "
          + "reelway.transfer.retry-max between them; 20 take about an hour.");
  public static final Setting<Integer> AT_ONCE = Setting.of(
      "reelway.program.at-once", Types.number(1, 32), "2",
      "Programs that run at the same time. Recordings whose program is over, or that have none, do not wait for others'.");

  static final Setting.Group GROUP = new Setting.Group(
      "Programs", "Programs of your own, run before a recording or mix is sent (docs/programs.md).",
      List.of(AFTER_RECORDING, AFTER_MIX, TIME_LIMIT, ON_FAILURE, TRIES, AT_ONCE));

  private ProgramSettings() {}

  /** What becomes of a recording whose program has failed. */
  public enum OnFailure {
    /** It goes its way all the same. */
    SEND,
    /** It is set aside, for people. */
    HOLD
  }
}
