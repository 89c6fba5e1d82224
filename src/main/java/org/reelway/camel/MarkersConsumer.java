package org.reelway.camel;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.reelway.failure.LogSubject;
import org.reelway.recording.Claim;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.FolderWatch;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.Recoveries;
import org.reelway.recording.SendDelay;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RecordingWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers that take recordings from the queue and send each through the route, one exchange a recording. */
final class MarkersConsumer extends DefaultConsumer implements ShutdownAware {
  private static final Logger LOG = LoggerFactory.getLogger(MarkersConsumer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration CLAIMED = Duration.ofSeconds(2);

  private final MarkersEndpoint endpoint;
  private final RecordingFeature recordings;
  private final List<FolderWatch> watches = new ArrayList<>();
  private List<FolderIntake> intakes = List.of();
  private MarkerQueue queue;
  private SendDelay delay;
  private ExecutorService workers;
  private WorkRoom room;
  private volatile boolean working;

  MarkersConsumer(MarkersEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.recordings = endpoint.recordings();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    queue = new MarkerQueue(recordings.disk.steady);
    delay = new SendDelay(endpoint.delay(), recordings.disk.steady);
    intakes = endpoint.intakes(queue);
    for (FolderIntake intake : intakes) {
      recordings.disk.folders.prepare(intake.folder().root());
      recordings.disk.folders.add(intake);
      recordings.restartPolicy.apply(intake.folder());
      FolderWatch watch = FolderWatch.start(intake);
      watches.add(watch);
      recordings.disk.folders.watched(intake, watch);
    }
    working = true;
    room = new WorkRoom(endpoint.filesAtOnce(), this::isWorking);
    workers =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newFixedThreadPool(this, getRouteId(), room.most());
    for (int i = 0; i < room.most(); i++) {
      workers.execute(this::work);
    }
  }

  private boolean isWorking() {
    return working && !recordings.state.stopping.get();
  }

  private void work() {
    while (isWorking()) {
      try {
        room.next(() -> queue.take(PATIENCE), this::handleUnlessResting);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("a recording could not be handled, its marker stays: {}", e.toString(), e);
      }
    }
  }

  private void handleUnlessResting(MarkedRecording recording) {
    try {
      recordings.rest.enter();
    } catch (InterruptedException stopping) {
      // The marker stays, for whoever watches the folder next.
      Thread.currentThread().interrupt();
      return;
    }
    try {
      handle(recording);
    } finally {
      recordings.rest.leave();
    }
  }

  private void handle(MarkedRecording recording) {
    Optional<Claim> claim = recordings.disk.claims.take(recording.folder(), recording.file());
    if (claim.isEmpty()) {
      // Another sidecar's, as long as that lives: asked again soon, for it may die any time.
      queue.again(recording, CLAIMED);
      return;
    }
    RecordingWork work = new RecordingWork(recording, queue, RecordingFlow.idOf(recording), claim.get());
    try {
      LogSubject.of(LogSubject.RECORDING, work.id()).and(LogSubject.FILE, recording.file().toString())
          .during(() -> handleClaimed(work));
    } finally {
      work.release();
    }
  }

  private void handleClaimed(RecordingWork work) {
    MarkedRecording recording = work.recording();
    if (!Files.exists(recording.marker(), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      // Somebody took the order back between the look and now.
      queue.done(recording);
      return;
    }
    if (Recoveries.isStale(recording)) {
      // A writer that was taken for dead writes again: the file waits to be finished as any other.
      recordings.disk.markers.remove(recording);
      queue.done(recording);
      return;
    }
    Optional<Duration> left = held(recording);
    if (left.isPresent()) {
      recordings.flow.delay(work, left.get());
      return;
    }
    Exchange exchange = createExchange(false);
    try {
      describe(exchange, work);
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    } finally {
      recordings.flow.ended(work, exchange.getException());
      releaseExchange(exchange, false);
    }
  }

  /** What was begun before has had its wait. */
  private Optional<Duration> held(MarkedRecording recording) {
    delay.forgetUnless(queue::contains, queue.size());
    return delay.left(recording.file(), recording.markedAt())
        .filter(left -> recordings.disk.markers.read(recording) instanceof MarkerContent.Start);
  }

  private void describe(Exchange exchange, RecordingWork work) {
    MarkedRecording recording = work.recording();
    exchange.setProperty(RecordingSteps.WORK, work);
    Message message = exchange.getMessage();
    message.setBody(recording.file().toFile());
    message.setHeader("RecordingId", work.id());
    recordings.telemetry.parent(work.id()).ifPresent(parent -> message.setHeader("traceparent", parent));
    message.setHeader("RecordingFile", recording.file().toString());
    message.setHeader("RecordingFolder", recording.folder().toString());
    message.setHeader("RecordingPath", recording.path());
    message.setHeader("RecordingName", recording.name());
    Recoveries.of(recording)
        .ifPresent(recovery -> message.setHeader("RecordingRecovered", recovery.kind().word()));
    recordings.disk.markers
        .read(recording)
        .streamName()
        .ifPresent(stream -> message.setHeader("RecordingStream", stream));
  }

  /** Stopping interrupts the workers: only after the exchanges under way have ended, or the drain time is over. */
  @Override
  public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
    return true;
  }

  /** What waits in the queue is in its markers; only exchanges under way are waited for, and Camel counts those. */
  @Override
  public int getPendingExchangesSize() {
    return 0;
  }

  @Override
  public void prepareShutdown(boolean suspendOnly, boolean forced) {
    working = false;
  }

  @Override
  protected void doStop() throws Exception {
    working = false;
    watches.forEach(FolderWatch::close);
    watches.clear();
    intakes.forEach(recordings.disk.folders::remove);
    if (queue != null) {
      queue.close();
    }
    if (workers != null) {
      // Shutdown was deferred: an interrupted transfer goes on after the next start.
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(workers);
      awaitWorkers();
    }
    intakes.forEach(intake -> recordings.disk.claims.release(intake.folder()));
    super.doStop();
  }

  /** An interrupted wait means that the drain time is over. */
  private void awaitWorkers() {
    try {
      workers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
