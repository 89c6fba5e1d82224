package org.reelway.stream.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Something that happened on a media server, in one form for all of them. */
public sealed interface ServerEvent {
  EventOrigin told();

  default EventKind kind() {
    return EventKind.of(this);
  }

  /** Of the stream that began, ended, or was seen. */
  default Optional<StreamFacts> facts() {
    return Optional.empty();
  }

  /** Of the recording, chunk or playlist that it is about, as the server names it. */
  default Optional<Path> path() {
    return Optional.empty();
  }

  /** One of a stream that began, ended, or was seen. */
  sealed interface OfStream extends ServerEvent {
    StreamFacts stream();

    @Override
    default Optional<StreamFacts> facts() {
      return Optional.of(stream());
    }
  }

  /** One of a recording, chunk or playlist. */
  sealed interface OfFile extends ServerEvent {
    Path file();

    @Override
    default Optional<Path> path() {
      return Optional.of(file());
    }
  }

  /** None of the streams that it had before is on any more. */
  record ServerStarted(EventOrigin told) implements ServerEvent {}

  record StreamStarted(EventOrigin told, StreamFacts stream) implements OfStream {}

  record StreamEnded(EventOrigin told, StreamFacts stream) implements OfStream {}

  record StreamSeen(EventOrigin told, StreamFacts stream) implements OfStream {}

  /** @param stream its name; empty where the server does not say */
  record RecordingFinished(EventOrigin told, String stream, Path file) implements OfFile {}

  /** The file is whole. */
  record ChunkClosed(EventOrigin told, Path file) implements OfFile {}

  record ChunkDeleted(EventOrigin told, Path file) implements OfFile {}

  record PlaylistUpdated(EventOrigin told, Path file) implements OfFile {}

  /**
   * @param timer the server's id of it
   * @param count how often it has fired
   * @param variables that whoever set it gave it
   */
  record TimerFired(EventOrigin told, String timer, long count, Map<String, String> variables) implements ServerEvent {
    public TimerFired {
      variables = Map.copyOf(variables);
    }
  }

  /**
   * A stream joined a recording of several.
   *
   * @param uri of the multi-recorder
   * @param session the server's id of the stream's run
   * @param file of the recording, as the server names it
   */
  record MultiRecordingAdded(EventOrigin told, String uri, String session, String file) implements ServerEvent {}

  /** As {@link MultiRecordingAdded}: it left. */
  record MultiRecordingRemoved(EventOrigin told, String uri, String session, String file) implements ServerEvent {}

  /** Passed through: nothing here acts on it. */
  record Other(EventOrigin told) implements ServerEvent {}
}
