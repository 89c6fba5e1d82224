package org.reelway.stream.recorder;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files that a media server has finished to the flow of recordings, where the server's own event does not. One that
 * is not there is waited for: it may be sent and tidied already, or come to be in a moment. Safe for several threads.
 */
final class FinishedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedFiles.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ServersThatRecord.Recordings recordings;
  private final Clock clock;
  private final Map<Path, Missing> missing = new LinkedHashMap<>();

  private record Missing(String stream, Instant since) {}

  FinishedFiles(ServersThatRecord.Recordings recordings, Clock clock) {
    this.recordings = recordings;
    this.clock = clock;
  }

  /** @throws InputFailure as of {@link ServersThatRecord.Recordings#requireInside} */
  void requireInside(Path file) {
    recordings.requireInside(file);
  }

  synchronized void finished(Path file, String stream) {
    missing.put(file, new Missing(stream, clock.instant()));
    tend();
  }

  /** Looks again for files that were not there. */
  synchronized void tend() {
    missing.entrySet().removeIf(entry -> isDone(entry.getKey(), entry.getValue()));
  }

  private boolean isDone(Path file, Missing each) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Duration.between(each.since(), clock.instant()).compareTo(PATIENCE) > 0;
    }
    try {
      recordings.finished(file, each.stream());
      return true;
    } catch (InputFailure e) {
      LOG.error("{} of stream {} is not sent: {}", file, each.stream(), e.getMessage());
      return true;
    } catch (RuntimeException e) {
      LOG.debug("{} is marked later: {}", file, e.toString());
      return false;
    }
  }
}
