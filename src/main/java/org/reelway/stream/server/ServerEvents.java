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
import org.reelway.failure.Failure;
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
   * The events of the request.
   *
   * @throws InputFailure where the request is none of this server's
   */
  public List<ServerEvent> read(ServerAdapter adapter, EventRequest request) {
    try {
      return adapter.read(request);
    } catch (InputFailure e) {
      metrics.count(adapter.source(), "unknown", "refused");
      throw e;
    }
  }

  /**
   * Takes one of them.
   *
   * @param anyway whether it is acted on even where it cannot be stored: {@link ServerAdapter#refusalEndsStreams}
   * @throws InputFailure where it names a file outside of our folders
   * @throws EventNotStored where it could not be stored, and the server bears to hear that
   * @throws ListFull where there is no room for it, and the server bears to hear that
   */
  public void take(ServerEvent event, boolean anyway) {
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
    if (event instanceof ServerEvent.ChunkClosed
        || event instanceof ServerEvent.ChunkDeleted
        || event instanceof ServerEvent.PlaylistUpdated) {
      // Also of a chunk that was deleted the window decides, not the event: players may still ask for it.
      chunks.told(event.path().orElseThrow());
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
    String cause = Failure.rootOf(e);
    if (!anyway) {
      throw new EventNotStored(
          "the event cannot be stored (" + cause + "); give reelway.state.folder room, and send it again", e);
    }
    if (!failing) {
      LOG.error("the event {} of {} is acted on, but could not be stored, as those that follow: {}",
          event.told().type(), event.told().server(), cause);
    }
    failing = true;
    return "unstored";
  }
}
