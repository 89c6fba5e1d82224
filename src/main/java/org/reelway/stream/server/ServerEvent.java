package org.reelway.stream.server;

import java.nio.file.Path;
import java.util.Map;

/** Something that happened on a media server, in one form for all of them. */
public sealed interface ServerEvent {
  EventOrigin told();

  EventKind kind();

  /** None of the streams that it had before is on any more. */
  record ServerStarted(EventOrigin told) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.SERVER_STARTED;
    }
  }

  record StreamStarted(EventOrigin told, StreamFacts stream) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.STREAM_STARTED;
    }
  }

  record StreamEnded(EventOrigin told, StreamFacts stream) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.STREAM_ENDED;
    }
  }

  record StreamSeen(EventOrigin told, StreamFacts stream) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.STREAM_SEEN;
    }
  }

  /** @param stream its name; empty where the server does not say */
  record RecordingFinished(EventOrigin told, String stream, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.RECORDING_FINISHED;
    }
  }

  /** The file is whole. */
  record ChunkClosed(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.CHUNK_CLOSED;
    }
  }

  record ChunkDeleted(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.CHUNK_DELETED;
    }
  }

  record PlaylistUpdated(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.PLAYLIST_UPDATED;
    }
  }

  /**
   * @param timer the server's id of it
   * @param count how often it has fired
   * @param variables that whoever set it gave it
   */
  record TimerFired(EventOrigin told, String timer, long count, Map<String, String> variables) implements ServerEvent {
    public TimerFired {
      variables = Map.copyOf(variables);
    }

    @Override
    public EventKind kind() {
      return EventKind.TIMER;
    }
  }

  /**
   * A stream joined a recording of several.
   *
   * @param uri of the multi-recorder
   * @param session the server's id of the stream's run
   * @param file of the recording, as the server names it
   */
  record MultiRecordingAdded(EventOrigin told, String uri, String session, String file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.MULTI_RECORDING_ADDED;
    }
  }

  /** As {@link MultiRecordingAdded}: it left. */
  record MultiRecordingRemoved(EventOrigin told, String uri, String session, String file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.MULTI_RECORDING_REMOVED;
    }
  }

  /** Passed through: nothing here acts on it. */
  record Other(EventOrigin told) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.OTHER;
    }
  }
}
