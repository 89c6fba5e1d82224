package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.recording.FileIdentity;
import org.reelway.transfer.RecordingChanged;

/**
 * Looks at files that took the name of a recording while it was sent, or changed meanwhile; their markers say which.
 * Nobody said that they are finished, so each is sent only after it has not changed for a while: a media server that
 * still writes would else see its file verified in part.
 */
final class ReplacedFiles {
  private final Duration rest;
  private final Clock clock;
  private final Map<Path, Look> looks = new ConcurrentHashMap<>();

  private record Look(FileIdentity identity, Instant since) {}

  ReplacedFiles(Duration rest, Clock clock) {
    this.rest = rest;
    this.clock = clock;
  }

  /** How long such a file must stay unchanged. */
  Duration rest() {
    return rest;
  }

  void add(Path file) {
    looks.put(file, look(file));
  }

  boolean contains(Path file) {
    return looks.containsKey(file);
  }

  /** The file was sent, or somebody decided otherwise. */
  void remove(Path file) {
    looks.remove(file);
  }

  /**
   * @param file one whose marker says that it must rest
   * @throws RecordingChanged while it has not rested; a first look, as after a restart, begins the rest
   */
  void requireRested(Path file) {
    Look now = look(file);
    Look before = looks.putIfAbsent(file, now);
    if (before == null) {
      throw new RecordingChanged(
          file + " changed or was replaced before the restart; it is sent when it has not changed for " + rest);
    }
    if (!now.identity().equals(before.identity())) {
      looks.put(file, now);
      throw new RecordingChanged(file + " replaced a recording, or changed while it was sent, and is still written; it is sent when it rests");
    }
    if (now.since().isBefore(before.since().plus(rest))) {
      throw new RecordingChanged(file + " replaced a recording, or changed while it was sent; it is sent when it has not changed for " + rest);
    }
  }

  private Look look(Path file) {
    try {
      return new Look(FileIdentity.of(file), clock.instant());
    } catch (IOException missing) {
      return new Look(new FileIdentity("-", 0, 0), clock.instant());
    }
  }
}
