package org.reelway.flow;

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
 * Files that took the name of a recording while it was sent. Nobody said that they are finished, so each is sent only
 * after it has not changed for a while: a media server that still writes would else see its file verified in part.
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

  /** @throws RecordingChanged while the file is one of these and has not rested */
  void requireRested(Path file) {
    Look before = looks.get(file);
    if (before == null) {
      return;
    }
    Look now = look(file);
    if (!now.identity().equals(before.identity())) {
      looks.put(file, now);
      throw new RecordingChanged(file + " replaced a recording and is still written; it is sent when it rests");
    }
    if (now.since().isBefore(before.since().plus(rest))) {
      throw new RecordingChanged(file + " replaced a recording; it is sent when it has not changed for " + rest);
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
