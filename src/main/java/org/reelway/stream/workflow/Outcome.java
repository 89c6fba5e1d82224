package org.reelway.stream.workflow;

import java.time.Clock;
import java.time.Instant;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.state.WorkflowStreamRow.Wanted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows for a stream once its driver has done what it was asked for, whatever is wanted by then. */
final class Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

  private final KnownStreams streams;
  private final Notices notices;
  private final Clock clock;

  Outcome(KnownStreams streams, Notices notices, Clock clock) {
    this.streams = streams;
    this.notices = notices;
    this.clock = clock;
  }

  /** @return whether the driver has to look at it once more, at once */
  boolean done(KnownStream stream, WantedStream asked) {
    synchronized (stream) {
      boolean again = switch (asked.wanted()) {
        case DELETED -> deleted(stream);
        case STARTED -> isLast(stream, asked) && opened(stream);
        case STOPPED -> isLast(stream, asked) && closed(stream);
      };
      if (!stream.isGone() && !stream.row().isMade()) {
        streams.put(stream, stream.row().made());
      }
      return again;
    }
  }

  /** Whether it was asked for the session that is the stream's last one now, too. */
  private static boolean isLast(KnownStream stream, WantedStream asked) {
    return stream.session() != null
        && asked.session().filter(session -> session.id().equals(stream.session().id())).isPresent();
  }

  private boolean deleted(KnownStream stream) {
    streams.remove(stream);
    LOG.info("the stream {} is deleted", stream.id());
    return false;
  }

  private boolean opened(KnownStream stream) {
    WorkflowSessionRow session = stream.session();
    if (session.openedAt() == null) {
      Instant now = clock.instant();
      streams.put(stream, stream.row().made(), session.opened(now), SessionNotice.opened(stream, session, now));
      notices.look();
      LOG.info("the session {} of the stream {} is open; its archive is {}", session.id(), stream.id(), session.archive());
    }
    return false;
  }

  private boolean closed(KnownStream stream) {
    WorkflowSessionRow session = stream.session();
    if (!stream.row().isSessionOpen() || stream.row().wanted() == Wanted.STARTED) {
      return false;
    }
    Instant now = clock.instant();
    streams.put(stream, stream.row().made().closed(), session.closed(now), SessionNotice.closed(stream, session, now));
    notices.look();
    LOG.info("the session {} of the stream {} is closed; its archive is {}", session.id(), stream.id(), session.archive());
    return stream.row().wanted() == Wanted.DELETED;
  }
}
