package org.reelway.mediaserver;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;

/**
 * Takes the events of media servers to whoever acts on them. Chunks and playlists need no memory of their own, for the
 * folder is the truth about them; a finished recording is remembered by its marker before the answer.
 */
public final class ServerEvents {
  private final Chunks chunks;
  private final Recordings recordings;
  private final MeterRegistry metrics;

  /** The live publisher. */
  @FunctionalInterface
  public interface Chunks {
    /** @throws InputFailure where the file lies in no live folder */
    void told(Path file);
  }

  /** The recordings' flow. */
  @FunctionalInterface
  public interface Recordings {
    /**
     * @param stream its name, or null
     * @throws InputFailure where the file lies in no recordings folder, or is not there
     */
    void finished(Path file, String stream);
  }

  public ServerEvents(Chunks chunks, Recordings recordings, MeterRegistry metrics) {
    this.chunks = chunks;
    this.recordings = recordings;
    this.metrics = metrics;
  }

  /**
   * Takes all events of the request.
   *
   * @return what the server wants to hear
   * @throws InputFailure where the request is none of this server's, or names a file outside of our folders
   */
  public EventAnswer take(ServerAdapter adapter, EventRequest request) {
    List<ServerEvent> events;
    try {
      events = adapter.read(request);
    } catch (InputFailure e) {
      count(adapter.source(), "unknown", "refused");
      throw e;
    }
    events.forEach(this::take);
    return adapter.taken(request);
  }

  private void take(ServerEvent event) {
    String outcome = "failed";
    try {
      act(event);
      outcome = "taken";
    } catch (RuntimeException e) {
      outcome = Failure.classOf(e) == FailureClass.INPUT ? "refused" : "failed";
      throw e;
    } finally {
      count(event.told().source(), event.kind().word(), outcome);
    }
  }

  private void act(ServerEvent event) {
    if (event instanceof ServerEvent.ChunkClosed chunk) {
      chunks.told(chunk.file());
    } else if (event instanceof ServerEvent.ChunkDeleted chunk) {
      // What players may still ask for stays in the store: the window decides, the event does not.
      chunks.told(chunk.file());
    } else if (event instanceof ServerEvent.PlaylistUpdated playlist) {
      chunks.told(playlist.file());
    } else if (event instanceof ServerEvent.RecordingFinished recording) {
      recordings.finished(recording.file(), recording.stream().isBlank() ? null : recording.stream());
    }
  }

  private void count(String source, String type, String outcome) {
    metrics
        .counter("reelway.server.events", "source", source, "type", type, "outcome", outcome)
        .increment();
  }
}
