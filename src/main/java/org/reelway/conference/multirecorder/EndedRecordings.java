package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multi-recordings that have ended, until their files are handed over: one after the other, again and again where it fails,
 * from the beginning after a crash. Safe for several threads.
 */
final class EndedRecordings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndedRecordings.class);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final MultiRecordingEnd end;
  private final MultiRecorders.Listener listener;
  private final Duration again;
  private final Map<Path, String> troubles = new LinkedHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("multi-recordings"));

  /** @param again after which one is tried again that could not be made one file */
  EndedRecordings(MultiRecordingEnd end, MultiRecorders.Listener listener, Duration again) {
    this.end = end;
    this.listener = listener;
    this.again = again;
  }

  /**
   * Makes one file of what is in the folder, in a while.
   *
   * @param goesOn whether pictures are still written
   */
  void end(Path work, BooleanSupplier goesOn) {
    synchronized (this) {
      troubles.putIfAbsent(work, "");
    }
    later(work, goesOn, Duration.ZERO);
  }

  private void later(Path work, BooleanSupplier goesOn, Duration wait) {
    try {
      thread.schedule(() -> finish(work, goesOn), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.debug("the multi-recording in {} is ended by the next start", work);
    }
  }

  private void finish(Path work, BooleanSupplier goesOn) {
    try {
      if (goesOn.getAsBoolean()) {
        later(work, goesOn, LOOK);
        return;
      }
      tellAll(work);
      Optional<MultiRecorders.Finished> file = end.finish(work);
      file.ifPresent(listener::finished);
      MultiRecordingEnd.forget(work);
      synchronized (this) {
        troubles.remove(work);
      }
    } catch (IOException | RuntimeException | Error e) {
      failed(work, e instanceof Failure ? e.getMessage() : e.toString());
      later(work, goesOn, again);
    }
  }

  private synchronized void failed(Path work, String why) {
    if (!why.equals(troubles.put(work, why))) {
      LOG.error("the multi-recording in {} cannot be made one file now: {}; it is tried again", work, why);
    }
  }

  /** Whatever was told of it already: who came and went, in their order. */
  private void tellAll(Path work) throws IOException {
    SessionNotes.Note note = SessionNotes.read(work);
    String fileName = end.nameSoFar(note.uri(), note.began());
    for (int i = 0; i < note.members().size(); i++) {
      SessionNotes.MemberNote member = note.members().get(i);
      for (int time = 1; time <= member.times(); time++) {
        MultiRecorders.Membership membership =
            new MultiRecorders.Membership(
                note.uri(), fileName, member.app(), member.mediaSessionId(), member.streamName(),
                MultiRecording.occasion(work, i, time));
        listener.added(membership);
        listener.removed(membership);
      }
    }
  }

  /** Those whose files are being made. */
  synchronized List<MultiRecorders.Ending> all() {
    return troubles.entrySet().stream()
        .map(each -> new MultiRecorders.Ending(each.getKey().toString(), each.getValue())).toList();
  }

  /** What is not done is done by the next start. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
