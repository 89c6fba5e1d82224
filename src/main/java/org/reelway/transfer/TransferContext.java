package org.reelway.transfer;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.failure.FailureClass;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerBook;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;
import org.reelway.settings.KeyTemplate;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;

/** What the steps of one try share: the recording, the file, the store, and who is told. */
final class TransferContext {
  final Store store;
  final MarkerBook markers;
  final Abandoned abandoned;
  final TransferObserver observer;
  final TransferProgress progress;
  final Verification verification;
  final TransferTarget target;
  final SourceFile source;
  final String stream;
  private final Capabilities capabilities;
  private final RecordingAttributes attributes;
  private final Optional<TransferTerms> told;
  private final StopSignal stop;
  private final Fence fence;
  private final Attempts attempts;
  /** By which the object is known. */
  final String id;
  final Optional<Recovery> recovery;
  private MarkedRecording recording;

  TransferContext(
      Store store,
      MarkerBook markers,
      Abandoned abandoned,
      TransferObserver observer,
      TransferProgress progress,
      TransferTarget target,
      SourceFile source,
      Capabilities capabilities,
      Attempts attempts,
      MarkedRecording recording,
      String stream,
      RecordingAttributes attributes,
      Optional<TransferTerms> told,
      StopSignal stop,
      Fence fence) {
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
    this.told = told;
    this.stop = stop;
    this.fence = fence;
    this.id = fence.objectId(recording.file()).orElseGet(progress::id);
    this.recovery = Recoveries.of(recording);
  }

  <T> T attempt(Supplier<T> request) {
    return attempts.call(progress, observer, () -> {
      fence.require(recording.file());
      return request.get();
    });
  }

  /** As far as they are known now: a {@link #doubt} changes them. */
  StoreCapabilities capabilities() {
    return attempt(() -> capabilities.apply(target.bucket()));
  }

  /** The store did not do what was found of it. */
  void doubt(String why) {
    capabilities.doubt(target.bucket(), why);
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
        told.map(TransferTerms::path).orElseGet(recording::path), stream, Instant.ofEpochSecond(0, modifiedNanos()), id);
  }

  private long modifiedNanos() {
    return told.map(TransferTerms::modifiedNanos).orElseGet(() -> source.identity().modifiedNanos());
  }

  ObjectAttributes attributes() {
    Map<String, String> own = Transfers.metadata(id, modifiedNanos(), recovery);
    told.ifPresent(more -> own.putAll(more.metadata().get()));
    ObjectAttributes all = attributes.of(values(), own);
    boolean raw = "raw".equals(own.get(Transfers.RECOVERED));
    return raw ? new ObjectAttributes(ContentTypes.UNKNOWN, all.metadata(), all.keeping()) : all;
  }
}
