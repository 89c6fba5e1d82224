package org.reelway.stream.server;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListFull;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of media servers to whoever acts on them. Chunks and playlists need no memory, for the folder is the
 * truth about them; a finished recording is remembered by its marker before the answer; all else that matters is in the
 * inbox before it.
 */
public final class ServerEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);
  private static final long PATIENCE_SECONDS = 10;

  private final Chunks chunks;
  private final Recordings recordings;
  private final EventInbox inbox;
  private final EventMetrics metrics;
  private volatile boolean failing;

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

  public ServerEvents(Chunks chunks, Recordings recordings, EventInbox inbox, EventMetrics metrics) {
    this.chunks = chunks;
    this.recordings = recordings;
    this.inbox = inbox;
    this.metrics = metrics;
  }

  /**
   * Takes all events of the request.
   *
   * @return what the server wants to hear
   * @throws InputFailure where the request is none of this server's, or names a file outside of our folders
   * @throws EventNotStored where an event could not be stored, and the server bears to hear that
   * @throws ListFull where there is no room for an event, and the server bears to hear that
   */
  public EventAnswer take(ServerAdapter adapter, EventRequest request) {
    List<ServerEvent> events;
    try {
      events = adapter.read(request);
    } catch (InputFailure e) {
      metrics.count(adapter.source(), "unknown", "refused");
      throw e;
    }
    events.forEach(event -> take(event, adapter.refusalEndsStreams()));
    return adapter.taken(request);
  }

  private void take(ServerEvent event, boolean anyway) {
    String outcome = "failed";
    try {
      outcome = act(event, anyway);
    } catch (ListFull e) {
      outcome = "full";
      // A stream that others push out of the list must not end its publisher besides.
      if (!anyway) {
        throw e;
      }
    } catch (RuntimeException e) {
      outcome = Failure.classOf(e) == FailureClass.INPUT ? "refused" : "failed";
      throw e;
    } finally {
      metrics.count(event.told().source(), event.kind().word(), outcome);
    }
  }

  private String act(ServerEvent event, boolean anyway) {
    if (event instanceof ServerEvent.ChunkClosed chunk) {
      chunks.told(chunk.file());
    } else if (event instanceof ServerEvent.ChunkDeleted chunk) {
      // What players may still ask for stays in the store: the window decides, the event does not.
      chunks.told(chunk.file());
    } else if (event instanceof ServerEvent.PlaylistUpdated playlist) {
      chunks.told(playlist.file());
    } else if (event instanceof ServerEvent.RecordingFinished recording) {
      recordings.finished(recording.file(), recording.stream().isBlank() ? null : recording.stream());
    } else if (event instanceof ServerEvent.StreamSeen) {
      inbox.tellUnlessBusy(event);
    } else if (!(event instanceof ServerEvent.Other)) {
      return store(event, anyway);
    }
    return "taken";
  }

  private String store(ServerEvent event, boolean anyway) {
    CompletableFuture<Boolean> stored = inbox.accept(event, anyway);
    try {
      boolean isNew = stored.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      failing = false;
      return isNew ? "taken" : "repeated";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unstored(event, anyway, e);
    } catch (ExecutionException | TimeoutException e) {
      return unstored(event, anyway, e);
    }
  }

  private String unstored(ServerEvent event, boolean anyway, Exception e) {
    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
    if (!anyway) {
      throw new EventNotStored(
          "the event cannot be stored (" + cause + "); give reelway.state.folder room, and send it again", e);
    }
    if (!failing) {
      LOG.error("the event {} of {} is acted on, but could not be stored, as those that follow: {}",
          event.told().type(), event.told().server(), cause.toString());
    }
    failing = true;
    return "unstored";
  }
}
