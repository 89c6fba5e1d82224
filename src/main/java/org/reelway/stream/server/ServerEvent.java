package org.reelway.stream.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Something that happened on a media server, in one form for all of them. */
public sealed interface ServerEvent {
  EventOrigin told();

  EventKind kind();

  /** Of the stream that began, ended, or was seen. */
  default Optional<StreamFacts> facts() {
    return Optional.empty();
  }

  /** Of the recording, chunk or playlist that it is about, as the server names it. */
  default Optional<Path> path() {
    return Optional.empty();
  }

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

    @Override
    public Optional<StreamFacts> facts() {
      return Optional.of(stream);
    }
  }

  record StreamEnded(EventOrigin told, StreamFacts stream) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.STREAM_ENDED;
    }

    @Override
    public Optional<StreamFacts> facts() {
      return Optional.of(stream);
    }
  }

  record StreamSeen(EventOrigin told, StreamFacts stream) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.STREAM_SEEN;
    }

    @Override
    public Optional<StreamFacts> facts() {
      return Optional.of(stream);
    }
  }

  /** @param stream its name; empty where the server does not say */
  record RecordingFinished(EventOrigin told, String stream, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.RECORDING_FINISHED;
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
    }
  }

  /** The file is whole. */
  record ChunkClosed(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.CHUNK_CLOSED;
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
    }
  }

  record ChunkDeleted(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.CHUNK_DELETED;
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
    }
  }

  record PlaylistUpdated(EventOrigin told, Path file) implements ServerEvent {
    @Override
    public EventKind kind() {
      return EventKind.PLAYLIST_UPDATED;
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
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
