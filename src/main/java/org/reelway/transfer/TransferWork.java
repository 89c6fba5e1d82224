package org.reelway.transfer;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerBook;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerContent.Replaced;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recovery;
import org.reelway.settings.KeyTemplate;
import org.reelway.transfer.KeyChooser.Place;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of one recording: reads the marker, goes on where it says, and leaves it saying how far things are. */
final class TransferWork {
  private static final Logger LOG = LoggerFactory.getLogger(TransferWork.class);
  private static final int MOST_ROUNDS = 4;
  private static final String RAW_SUFFIX = ".raw";

  private final Store store;
  private final MarkerBook markers;
  private final Abandoned abandoned;
  private final TransferObserver observer;
  private final Transfers.Limits limits;
  private final RecordingAttributes attributes;
  private final ExecutorService partThreads;
  private final MarkedRecording recording;
  private final TransferTarget target;
  private final Optional<TransferTerms> told;
  private final KeysInFlight inFlight;
  private final StopSignal stop;
  private final Fence fence;
  private final MarkerStore meant;

  TransferWork(
      Store store,
      MarkerBook markers,
      Abandoned abandoned,
      TransferObserver observer,
      Transfers.Limits limits,
      RecordingAttributes attributes,
      ExecutorService partThreads,
      MarkedRecording recording,
      TransferTarget target,
      Optional<TransferTerms> told,
      KeysInFlight inFlight,
      StopSignal stop,
      StoreDirectory stores,
      Fence fence) {
    this.fence = fence;
    this.meant = new MarkerStore(store, stores);
    this.stop = stop;
    this.inFlight = inFlight;
    this.store = store;
    this.markers = markers;
    this.abandoned = abandoned;
    this.observer = observer;
    this.limits = limits;
    this.attributes = attributes;
    this.partThreads = partThreads;
    this.recording = recording;
    this.target = target;
    this.told = told;
  }

  VerifiedObject run(Capabilities capabilities, Instant now) {
    MarkerContent content = markers.read(recording);
    try (SourceFile source = SourceFile.open(recording.file())) {
      String id = told.map(TransferTerms::id).orElseGet(() -> RecordingId.of(recording.file(), source.identity()));
      TransferProgress progress = new TransferProgress(id, recording, source.size(), now);
      observer.started(progress);
      try {
        TransferPlan.requireFit(source.size(), limits.largestObject(), store.setting("max-object-size"));
        Attempts attempts = new Attempts(limits.attempts(), limits.requestBackoff(), stop);
        MarkerContent usable = usable(content, progress);
        TransferContext context =
            new TransferContext(
                store,
                markers,
                abandoned,
                observer,
                progress,
                target,
                source,
                capabilities,
                attempts,
                recording,
                told.isPresent() ? told.get().stream() : usable.streamName().orElse(null),
                attributes,
                told,
                stop,
                fence);
        context.capabilities();
        VerifiedObject object = transferUnchanged(context, usable);
        progress.placed(object.bucket(), object.key());
        progress.state(TransferState.VERIFIED);
        observer.verified(progress, object);
        observer.ended(progress);
        return object;
      } catch (RuntimeException e) {
        failed(progress, e);
        throw e;
      }
    } catch (InputFailure missing) {
      if (!recording.folder().isThere()) {
        throw folderAway(missing);
      }
      // Read again: another sidecar may have written it, and then tidied the file.
      return sentBefore(markers.read(recording)).orElseThrow(() -> missing);
    }
  }

  private void failed(TransferProgress progress, RuntimeException failure) {
    progress.failed(String.valueOf(failure.getMessage()));
    if (!(failure instanceof TransferStopped) && !Thread.currentThread().isInterrupted()) {
      observer.failed(progress, Failure.classOf(failure), String.valueOf(failure.getMessage()));
    }
    observer.ended(progress);
  }

  /** A file that is gone although its marker says verified: tidied, and killed before the marker was removed. */
  private Optional<VerifiedObject> sentBefore(MarkerContent content) {
    if (!(content instanceof Verified verified) || fileIsThere()) {
      return Optional.empty();
    }
    VerifiedState before = verified.verified();
    Store there = meant.of(before, recording);
    Optional<VerifiedObject> object = new Verification(there).again(before);
    if (object.isEmpty()) {
      requireBucket(there, before.bucket());
      throw new InputFailure(
          recording.file() + " was verified as " + there.address(before.bucket(), before.key())
              + " and tidied, and that object is not there any more; bring it back from a version or a copy of the bucket");
    }
    return object;
  }

  /** A bucket that is away answers for its objects as if they were not there. */
  private static void requireBucket(Store there, String bucket) {
    try {
      there.headBucket(bucket);
    } catch (StoreFailure e) {
      boolean mayNotAsk = e.status() == 403;
      if (!mayNotAsk) {
        throw e;
      }
    }
  }

  private OurFailure folderAway(InputFailure missing) {
    return new OurFailure(
        "the folder " + recording.folder() + " is not there, and with it " + recording.file()
            + "; mount it again: the recording is sent then",
        missing);
  }

  private boolean fileIsThere() {
    return java.nio.file.Files.exists(recording.file(), java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  /** A marker that cannot be used is kept for people, said, and replaced by a fresh one: never stuck, never silent. */
  private MarkerContent usable(MarkerContent content, TransferProgress progress) {
    if (!(content instanceof Unusable unusable)) {
      return content;
    }
    String copy = markers.keepCopy(recording).map(path -> "kept as " + path).orElse("nothing to keep");
    String said =
        "the marker " + recording.marker() + " " + unusable.reason() + ": " + copy
            + ", the recording is sent from its start";
    LOG.warn("{}", said);
    observer.noted(progress, said);
    markers.write(recording, Start.EMPTY);
    return Start.EMPTY;
  }

  /** Whatever a file that changes under our hands breaks, the change is the reason. */
  private VerifiedObject transferUnchanged(TransferContext context, MarkerContent content) {
    try {
      return transfer(context, content);
    } catch (TransferStopped e) {
      throw e;
    } catch (RuntimeException e) {
      Optional<VerifiedObject> there = fileIsThere() ? Optional.empty() : sentByAnother(context);
      return there.orElseThrow(() -> reason(context, e));
    }
  }

  private RuntimeException reason(TransferContext context, RuntimeException failure) {
    try {
      if (failure instanceof RecordingChanged changed) {
        throw changed;
      }
      context.source.requireUnchanged();
      return failure;
    } catch (RecordingChanged changed) {
      startAgain(context, changed);
      return changed;
    }
  }

  /** Another sidecar was quicker and has tidied the file; what it sent is compared with the file that is still open. */
  private Optional<VerifiedObject> sentByAnother(TransferContext context) {
    String key = context.progress.key();
    TransferPlan plan = TransferPlan.of(context.source.size(), limits.threshold(), limits.partSize());
    try {
      return store
          .head(target.bucket(), key)
          .flatMap(found -> context.verification.ofTidied(target.bucket(), key, found, context.source, plan));
    } catch (RuntimeException cannotTell) {
      return Optional.empty();
    }
  }

  /** A file that changed makes the parts so far worthless; one that was marked anew meanwhile is finished. */
  private void startAgain(TransferContext context, RecordingChanged changed) {
    if (markers.read(recording) instanceof Resume resume) {
      UploadState upload = resume.upload();
      if (upload.ours()) {
        abandoned.abort(upload, changed.getMessage());
      }
      context.mark(new Replaced(context.stream));
    }
  }

  private VerifiedObject transfer(TransferContext context, MarkerContent content) {
    KeyChooser keys = new KeyChooser(context, key(context), inFlight, recording.file());
    try {
      return transfer(context, content, keys);
    } finally {
      inFlight.release(recording.file());
    }
  }

  private VerifiedObject transfer(TransferContext context, MarkerContent content, KeyChooser keys) {
    context.progress.placed(target.bucket(), keys.key());
    Optional<VerifiedObject> before = verifiedBefore(context, content, keys);
    if (before.isPresent()) {
      return before.get();
    }
    Optional<VerifiedObject> resumed = resumed(context, content, keys);
    return resumed.isPresent() ? resumed.get() : fresh(context, keys, content instanceof Verified);
  }

  private String key(TransferContext context) {
    if (told.isPresent()) {
      return told.get().key();
    }
    boolean raw = context.recovery.filter(Recovery::isRaw).isPresent();
    return key(recording, target, context.values(), raw);
  }

  /** @param raw a file whose writer died must not stand where its finished recording would */
  static String key(MarkedRecording recording, TransferTarget target, KeyTemplate.Values values, boolean raw) {
    String name =
        target.keyTemplate().isBlank() ? recording.path() : KeyTemplate.parse(target.keyTemplate()).render(values);
    try {
      return ObjectKey.of(target.prefix(), raw ? name + RAW_SUFFIX : name).value();
    } catch (InputFailure e) {
      // The settings' fault: setting every recording aside would leave them unsent when that is mended.
      throw new OurFailure("no key can be made for " + recording.file() + ": " + e.getMessage(), e);
    }
  }

  private Optional<VerifiedObject> verifiedBefore(TransferContext context, MarkerContent content, KeyChooser keys) {
    if (!(content instanceof Verified verified)) {
      return Optional.empty();
    }
    VerifiedState state = verified.verified();
    boolean thisFile = state.file().equals(context.source.identity());
    boolean here =
        state.store().equals(store.name()) && state.bucket().equals(target.bucket()) && keys.mayHave(state.key());
    return thisFile && here ? context.attempt(() -> context.verification.again(state)) : Optional.empty();
  }

  private Optional<VerifiedObject> resumed(
      TransferContext context, MarkerContent content, KeyChooser keys) {
    if (!(content instanceof Resume resume)) {
      return Optional.empty();
    }
    UploadState upload = meant.underThisName(context, resume);
    MultipartTransfer transfer =
        MultipartTransfer.resume(context, new PartUploads(partThreads, limits.partsAtOnce()), upload);
    Optional<String> obstacle = obstacle(context, upload, keys);
    if (obstacle.isPresent()) {
      context.note("not resumed: " + obstacle.get());
      LOG.info("{} is sent from its start: {}", recording.file(), obstacle.get());
      transfer.abandon(obstacle.get());
      return Optional.empty();
    }
    try {
      TransferPlan plan = TransferPlan.of(context.source.size(), upload);
      Optional<Place> place = context.attempt(() -> keys.at(upload.key(), context.source, plan));
      if (place.isEmpty()) {
        // Also where the store would let us overwrite it.
        transfer.abandon("another recording has its key by now, or may get it any time");
        return Optional.empty();
      }
      if (place.get().alreadyThere().isPresent()) {
        transfer.abandon("the object is there already");
        return finished(context, place.get().alreadyThere().get());
      }
      return finished(context, transfer.run(keys, place.get(), true));
    } catch (UploadLost lost) {
      return afterLoss(context, transfer, lost);
    } catch (PlaceTaken taken) {
      context.retried(taken.getMessage());
      return Optional.empty();
    }
  }

  /** Why the marker's upload is not gone on with. */
  private Optional<String> obstacle(TransferContext context, UploadState upload, KeyChooser keys) {
    if (upload.file() != null && !upload.file().sameApartFromDevice(context.source.identity())) {
      return Optional.of("the file is not the one that the upload was begun with");
    }
    if (!upload.store().equals(store.name())) {
      return Optional.of(meant.elsewhere(upload));
    }
    if (!upload.bucket().equals(target.bucket()) || !keys.mayHave(upload.key())) {
      return Optional.of(
          "the marker's upload is for " + upload.bucket() + "/" + upload.key() + ", this recording now goes to "
              + target.bucket() + "/" + keys.key());
    }
    TransferPlan plan = TransferPlan.of(context.source.size(), upload);
    boolean otherParts = upload.ours() && plan.partSize() != upload.partSize();
    if (otherParts || plan.partSize() > TransferPlan.LARGEST_PART || plan.parts() == 0) {
      return Optional.of("the marker's part size " + upload.partSize() + " does not fit the file");
    }
    return Optional.empty();
  }

  private Optional<VerifiedObject> afterLoss(TransferContext context, MultipartTransfer transfer, UploadLost lost) {
    Optional<VerifiedObject> there = thereAfterLoss(context, transfer);
    if (there.isEmpty()) {
      begunAgain(context, lost);
    }
    return there;
  }

  private void begunAgain(TransferContext context, UploadLost lost) {
    context.retried(lost.getMessage() + ": begun again from the start");
    LOG.warn("{}: {}; its upload is begun again from the start", recording.file(), lost.getMessage());
  }

  private Optional<VerifiedObject> thereAfterLoss(TransferContext context, MultipartTransfer transfer) {
    return transfer.lookForObject().flatMap(object -> finished(context, object));
  }

  /** @param seen whether a marker says that it was sent before */
  private VerifiedObject fresh(TransferContext context, KeyChooser keys, boolean seen) {
    TransferPlan plan = TransferPlan.of(context.source.size(), limits.threshold(), limits.partSize());
    RuntimeException last = null;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean unseen = round == 0 && !seen;
      Place place = place(context, keys, plan, unseen);
      if (place.alreadyThere().isPresent()) {
        context.note("the store had it already: " + place.alreadyThere().get().evidence());
        return place.alreadyThere().get();
      }
      context.progress.placed(target.bucket(), place.key());
      try {
        return plan.isMultipart() ? multipart(context, keys, plan, place) : new SinglePut(context, plan).run(place);
      } catch (UploadLost e) {
        begunAgain(context, e);
        last = e;
      } catch (PlaceTaken e) {
        context.retried(e.getMessage());
        if (!unseen) {
          keys.refused(place);
        }
        last = e;
      } catch (NoPlaceForMarker e) {
        plan = withoutMarker(context, plan, e);
        last = e;
      }
    }
    throw new DestinationFailure(
        store.address(target.bucket(), keys.key()) + " could not be settled in " + MOST_ROUNDS + " rounds: "
            + last.getMessage(),
        last);
  }

  /** @param unseen whether the key may be taken without a look, where the store itself refuses what is in use */
  private static Place place(TransferContext context, KeyChooser keys, TransferPlan plan, boolean unseen) {
    context.progress.state(TransferState.COMPARING);
    Optional<Place> blind = unseen ? keys.blind(plan) : Optional.empty();
    return blind.orElseGet(() -> context.attempt(() -> keys.look(context.source, plan)));
  }

  /**
   * A full disk keeps the marker from being written; only what is sent and tidied makes room on it. One request needs no
   * marker: it is all or nothing.
   */
  private static TransferPlan withoutMarker(TransferContext context, TransferPlan plan, NoPlaceForMarker why) {
    if (plan.size() > TransferPlan.LARGEST_PART) {
      throw why.failure();
    }
    context.note("sent in one request, which cannot be resumed: " + why.failure().getMessage());
    return TransferPlan.single(plan.size());
  }

  private VerifiedObject multipart(TransferContext context, KeyChooser keys, TransferPlan plan, Place place) {
    MultipartTransfer transfer =
        MultipartTransfer.begin(
            context, plan, new PartUploads(partThreads, limits.partsAtOnce()), limits.threshold(), place);
    try {
      return finished(context, transfer.run(keys, place, false)).orElseThrow();
    } catch (UploadLost lost) {
      return thereAfterLoss(context, transfer).orElseThrow(() -> lost);
    } catch (RecordingChanged changed) {
      if (!fileIsThere()) {
        // The marker may be gone with the file, and nobody else knows of this upload.
        transfer.abandon(changed.getMessage());
      }
      throw changed;
    }
  }

  /** From here on a restart need not read the file again to know that it was sent; where that cannot be written, it does. */
  private Optional<VerifiedObject> finished(TransferContext context, VerifiedObject object) {
    try {
      context.mark(object.marker(context.stream));
    } catch (OurFailure e) {
      context.note("verified, and its marker does not say so: " + e.getMessage());
    }
    return Optional.of(object);
  }
}
