package org.reelway.transfer;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.config.KeyTemplate;
import org.reelway.failure.FailureClass;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;

/** What the steps of one try share: the recording, the file, the store, and who is told. */
final class TransferContext {
  final Store store;
  final Markers markers;
  final Abandoned abandoned;
  final TransferObserver observer;
  final TransferProgress progress;
  final Verification verification;
  final TransferTarget target;
  final SourceFile source;
  final StoreCapabilities capabilities;
  final String stream;
  private final RecordingAttributes attributes;
  private final StopSignal stop;
  private final Attempts attempts;
  private final String id;
  final Optional<Recovery> recovery;
  private MarkedRecording recording;

  TransferContext(
      Store store,
      Markers markers,
      Abandoned abandoned,
      TransferObserver observer,
      TransferProgress progress,
      TransferTarget target,
      SourceFile source,
      StoreCapabilities capabilities,
      Attempts attempts,
      MarkedRecording recording,
      String stream,
      RecordingAttributes attributes,
      StopSignal stop) {
    this.store = store;
    this.markers = markers;
    this.abandoned = abandoned;
    this.observer = observer;
    this.progress = progress;
    this.verification = new Verification(store);
    this.target = target;
    this.source = source;
    this.capabilities = capabilities;
    this.attempts = attempts;
    this.recording = recording;
    this.stream = stream;
    this.attributes = attributes;
    this.stop = stop;
    this.id = progress.id();
    this.recovery = Recoveries.of(recording);
  }

  <T> T attempt(Supplier<T> request) {
    return attempts.call(progress, observer, request);
  }

  /** @throws TransferStopped when Reelway is stopping: what is under way is finished, nothing is begun */
  void requireNotDraining() {
    stop.check();
  }

  /** More than one request has to be made again. */
  void retried(String why) {
    progress.retried(why);
    observer.retried(progress, FailureClass.DESTINATION, why);
  }

  void note(String what) {
    observer.noted(progress, what);
  }

  /** Writes the marker durably; from then on a restart goes on from there. */
  void mark(MarkerContent content) {
    markers.write(recording, content);
  }

  /** What templates are filled with. */
  KeyTemplate.Values values() {
    return new KeyTemplate.Values(
        recording.path(), stream, Instant.ofEpochSecond(0, source.identity().modifiedNanos()), id);
  }

  ObjectAttributes attributes() {
    ObjectAttributes all = attributes.of(values(), Transfers.metadata(id, source.identity(), recovery));
    boolean raw = recovery.filter(Recovery::isRaw).isPresent();
    return raw ? new ObjectAttributes(ContentTypes.UNKNOWN, all.metadata(), all.keeping()) : all;
  }
}
