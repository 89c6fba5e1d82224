package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import org.reelway.media.process.StuckSockets;

/** A run that fares as the test says. It ends at the second step of being ended, as one that has to be told twice. */
final class ScriptedRun implements TaskRun {
  final Instant began;
  boolean through;
  boolean alive = true;
  boolean sourceTrouble;
  boolean video;
  String outdated = "";
  Duration silence = Duration.ZERO;
  long framesToHear;
  long bytesToHear;
  int endSteps;
  private long frames;
  private long bytes;

  ScriptedRun(Instant began) {
    this.began = began;
  }

  @Override
  public void listen(Instant now) {
    frames = framesToHear;
    bytes = bytesToHear;
  }

  @Override
  public boolean isThrough() {
    return through;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public Duration stalled(Instant now, StuckSockets sockets) {
    return silence;
  }

  @Override
  public Duration age(Instant now) {
    return Duration.between(began, now);
  }

  @Override
  public long frames() {
    return frames;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void end(Instant now, Duration grace) {
    endSteps++;
    alive = endSteps < 2;
  }

  @Override
  public String ending() {
    return "it broke";
  }

  @Override
  public boolean isTroubleOfSource() {
    return sourceTrouble;
  }

  @Override
  public boolean hasVideo() {
    return video;
  }

  @Override
  public String outdated() {
    return outdated;
  }

  @Override
  public long pid() {
    return 1;
  }
}
