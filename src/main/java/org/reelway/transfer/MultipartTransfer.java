package org.reelway.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.transfer.KeyChooser.Place;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/**
 * Sends a recording in parts. The marker names the upload before its first part goes out, and the store's own list says
 * which parts it has: after a kill, only those that were on their way are sent again.
 */
final class MultipartTransfer {
  /** Of completions whose condition is refused. */
  private static final int MOST_ROUNDS = 5;
  private static final Pattern MD5_ETAG = Pattern.compile("[0-9a-f]{32}");
  /** Refusals of a completion that no repetition mends: the stored parts are not those of the file. */
  private static final Set<String> PARTS_ARE_WRONG =
      Set.of("InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch");

  private final TransferContext context;
  private final TransferPlan plan;
  private final PartUploads partUploads;
  private final UploadState upload;
  private final UploadChecksums checksums;

  private MultipartTransfer(
      TransferContext context, TransferPlan plan, PartUploads partUploads, UploadState upload,
      UploadChecksums checksums) {
    this.context = context;
    this.plan = plan;
    this.partUploads = partUploads;
    this.upload = upload;
    this.checksums = checksums;
  }

  /**
   * Begins an upload; the marker holds its id before this returns.
   *
   * @throws NoPlaceForMarker when that cannot be; the upload is aborted then
   */
  static MultipartTransfer begin(
      TransferContext context, TransferPlan plan, PartUploads partUploads, long threshold, Place place) {
    context.requireNotDraining();
    UploadChecksums checksums = context.capabilities().upload();
    String bucket = context.target.bucket();
    String uploadId =
        context.attempt(
            () -> context.store.createMultipart(
                    bucket, place.key(), context.attributes(), checksums.declaration()));
    UploadState upload =
        new UploadState(
            bucket,
            place.key(),
            uploadId,
            plan.partSize(),
            threshold,
            context.source.identity(),
            checksums.text(),
            true,
            context.store.name());
    try {
      context.mark(new MarkerContent.Resume(upload, context.stream));
    } catch (OurFailure e) {
      // Nobody would know of it after a restart, and where markers have no room the state may have none either.
      abortNow(context, bucket, place.key(), uploadId);
      throw new NoPlaceForMarker(e);
    }
    context.note("multipart upload begun: " + plan.parts() + " parts of " + plan.partSize() + " bytes");
    return new MultipartTransfer(context, plan, partUploads, upload, checksums);
  }

  private static void abortNow(TransferContext context, String bucket, String key, String uploadId) {
    try {
      context.store.abortMultipart(bucket, key, uploadId);
    } catch (StoreFailure later) {
      context.abandoned.abort(bucket, key, uploadId, "its marker could not be written");
    }
  }

  /** Goes on with the upload that the marker names. */
  static MultipartTransfer resume(TransferContext context, PartUploads partUploads, UploadState upload) {
    return new MultipartTransfer(
        context,
        TransferPlan.of(context.source.size(), upload),
        partUploads,
        upload,
        UploadChecksums.ofMarker(upload.checksum(), context.capabilities().upload()));
  }

  /**
   * @param keys asked again where the store refuses the precondition
   * @param place key and precondition of the completion
   * @throws UploadLost when the store does not know the upload and the object is not there either
   * @throws PlaceTaken when another object appeared at the key
   */
  VerifiedObject run(KeyChooser keys, Place place, boolean resumed) {
    context.progress.placed(upload.bucket(), upload.key());
    context.progress.planned(plan.parts());
    SortedMap<Integer, StoredPart> parts = resumed ? storedBefore() : new TreeMap<>();
    context.progress.state(TransferState.SENDING);
    List<Integer> missing = new ArrayList<>();
    for (int number = 1; number <= plan.parts(); number++) {
      if (!parts.containsKey(number)) {
        missing.add(number);
      }
    }
    try {
      parts.putAll(partUploads.send(missing, this::send));
    } catch (StoreFailure e) {
      throw afterFailedPart(e, resumed);
    }
    return complete(keys, place, List.copyOf(parts.values()));
  }

  private RuntimeException afterFailedPart(StoreFailure failure, boolean resumed) {
    if (isGone(failure)) {
      abandon("the store says that it does not know it");
      return new UploadLost("the store forgot the upload while it was under way: " + failure.getMessage(), failure);
    }
    if (resumed && failure.isRefusal() && !checksums.equals(context.capabilities().upload())) {
      abandon("the store does not take it as it was begun");
      return new UploadLost("the store does not take parts as they were begun: " + failure.getMessage(), failure);
    }
    if (resumed && failure.isCode("EntityTooLarge")) {
      // The settings may have smaller parts by now.
      abandon("the store does not take its parts of " + plan.partSize() + " bytes");
      return new UploadLost("the store does not take the upload's parts", failure);
    }
    return failure;
  }

  /** The parts that the store lists and that are equal to the file's. */
  private SortedMap<Integer, StoredPart> storedBefore() {
    context.progress.state(TransferState.COMPARING);
    SortedMap<Integer, StoredPart> equal = new TreeMap<>();
    List<StoredPart> listed;
    try {
      listed =
          context.attempt(() -> context.store.listParts(upload.bucket(), upload.key(), upload.uploadId()));
    } catch (StoreFailure e) {
      throw afterFailedList(e);
    }
    if (listed.isEmpty() && context.attempt(presence()::isGone)) {
      throw new UploadLost("the store lists no such upload", null);
    }
    boolean opaque = etagsAreOpaque(listed);
    for (StoredPart part : listed) {
      if (isPlanned(part) && isOfThisFile(part, opaque)) {
        equal.put(part.number(), withChecksum(part));
        context.progress.partResumed(part.size());
      }
    }
    context.note("resumed: " + equal.size() + " of " + plan.parts() + " parts are in the store");
    return equal;
  }

  private UploadPresence presence() {
    return new UploadPresence(context.store, upload.bucket(), upload.key(), upload.uploadId());
  }

  /**
   * Where a store never lists parts, the upload cannot be gone on with, and the recording must not wait for it. One that
   * listed them before may do so again in a moment: the next probe finds out.
   */
  private RuntimeException afterFailedList(StoreFailure failure) {
    if (context.attempt(() -> presence().isGone(failure))) {
      return new UploadLost("the store does not have the marker's upload: " + failure.getMessage(), failure);
    }
    if (failure.isTransient()) {
      return failure;
    }
    if (context.capabilities().listParts()) {
      context.doubt(failure.getMessage());
      return failure;
    }
    abandon("its parts cannot be listed");
    return new UploadLost("the upload's parts cannot be listed: " + failure.getMessage(), failure);
  }

  /** Whether a failed part or completion failed because there is no upload any more, as far as the store can tell now. */
  private boolean isGone(StoreFailure failure) {
    if (failure.isNoSuchUpload()) {
      return true;
    }
    try {
      return !UploadPresence.saysNothing(failure) && context.attempt(presence()::isGone);
    } catch (StoreFailure cannotTell) {
      return false;
    }
  }

  private boolean isPlanned(StoredPart part) {
    return part.number() >= 1 && part.number() <= plan.parts() && part.size() == plan.length(part.number());
  }

  /**
   * Some stores list parts without the checksums that they were sent with, and want one of each part at completion. The
   * part is the file's, so its checksum is known; the whole object's needs it anyway.
   */
  private StoredPart withChecksum(StoredPart part) {
    ChecksumKind kind = checksums.part();
    return checksums.whole() && !part.checksums().containsKey(kind)
        ? new StoredPart(
            part.number(),
            part.size(),
            part.etag(),
            Map.of(kind, context.source.part(kind, plan, part.number()).base64()))
        : part;
  }

  private boolean isOfThisFile(StoredPart part, boolean opaque) {
    for (ChecksumKind crc : List.of(ChecksumKind.CRC64NVME, ChecksumKind.CRC32C)) {
      String stored = part.checksums().get(crc);
      if (stored != null) {
        return stored.equals(context.source.part(crc, plan, part.number()).base64());
      }
    }
    return opaque ? sameFile() : isMd5OfThisFile(part);
  }

  private boolean isMd5OfThisFile(StoredPart part) {
    return part.etag().equals(Checksums.etag(context.source.part(ChecksumKind.MD5, plan, part.number())));
  }

  /**
   * With KMS keys an ETag only looks like an MD5; then the file's identity in our marker decides. One ETag that is an
   * MD5 shows that all are.
   */
  private boolean etagsAreOpaque(List<StoredPart> listed) {
    boolean crcsWereChecked = checksums.isCrc();
    boolean md5sWereChecked = checksums.part() == ChecksumKind.MD5 && context.store.encryption().hidesMd5();
    boolean requestsWereChecked = crcsWereChecked || md5sWereChecked;
    List<StoredPart> withoutCrc =
        listed.stream().filter(part -> isPlanned(part) && part.checksums().isEmpty()).toList();
    return requestsWereChecked
        && withoutCrc.stream()
            .noneMatch(part -> MD5_ETAG.matcher(part.etag()).matches() && isMd5OfThisFile(part));
  }

  private boolean sameFile() {
    return upload.file() != null && upload.file().equals(context.source.identity());
  }

  private StoredPart send(int number) {
    context.requireNotDraining();
    Checksum checksum = context.source.part(checksums.part(), plan, number);
    return context.attempt(() -> sendOnce(number, checksum));
  }

  private StoredPart sendOnce(int number, Checksum checksum) {
    InFlight inFlight = new InFlight(context, number);
    try {
      StoredPart stored =
          context.store.uploadPart(
              upload.bucket(),
              upload.key(),
              upload.uploadId(),
              number,
              context.source.slice(plan.offset(number), plan.length(number)),
              checksum,
              inFlight);
      requireOwnMd5(number, stored);
      inFlight.stored(plan.length(number));
      return stored;
    } catch (RuntimeException e) {
      inFlight.failed();
      throw e;
    }
  }

  /** Where the store checks nothing, what it says that it stored is all that shows an altered part; the object's ETag may not. */
  private void requireOwnMd5(int number, StoredPart stored) {
    if (checksums.part() == ChecksumKind.NONE
        && context.capabilities().md5Etags()
        && !stored.etag().equals(Checksums.etag(context.source.part(ChecksumKind.MD5, plan, number)))) {
      throw new OtherEtag(
          "part " + number + " of " + context.store.address(upload.bucket(), upload.key()) + " is not what was sent, or its store"
              + " changed: its ETag " + stored.etag() + " is not the part's MD5, and the probe found that ETags are; it is sent again"
              + " once the store was probed again");
    }
  }

  private VerifiedObject complete(KeyChooser keys, Place chosen, List<StoredPart> parts) {
    context.source.requireUnchanged();
    Checksum whole = wholeFromParts();
    Optional<StoredObject> answered = Optional.empty();
    Place place = chosen;
    for (int round = 1; answered.isEmpty(); round++) {
      context.progress.state(TransferState.COMPLETING);
      try {
        answered = Optional.of(complete(place, parts, whole));
      } catch (StoreFailure e) {
        Optional<VerifiedObject> there = lookForObject();
        if (there.isPresent()) {
          // Where another sidecar's upload of the same file won, ours is still open.
          abandon("the object is there already");
          return there.get();
        }
        place = afterFailedCompletion(keys, place, round, e);
      }
    }
    StoredObject completed = answered.get();
    context.progress.state(TransferState.VERIFYING);
    return context.attempt(
        () ->
            context.verification.afterUpload(
                upload.bucket(), upload.key(), completed, context.source, plan, checksums.part(),
                context.capabilities().md5PartEtags()));
  }

  private StoredObject complete(Place place, List<StoredPart> parts, Checksum whole) {
    return context.attempt(
        () ->
            context.store.completeMultipart(
                upload.bucket(), upload.key(), upload.uploadId(), parts, checksums.whole() ? whole : null,
                place.precondition()));
  }

  /** The whole object's CRC from those of the parts: no second reading of the file. */
  private Checksum wholeFromParts() {
    if (!checksums.isCrc()) {
      return null;
    }
    ChecksumKind kind = checksums.part();
    List<Checksums.Piece> pieces = new ArrayList<>();
    for (int number = 1; number <= plan.parts(); number++) {
      pieces.add(new Checksums.Piece(context.source.part(kind, plan, number), plan.length(number)));
    }
    Checksum whole = Checksums.combine(kind, pieces);
    context.source.knowWhole(whole);
    return whole;
  }

  /**
   * The answer may have been lost on its way: the object was looked for before.
   *
   * @return where it may be completed nevertheless
   */
  private Place afterFailedCompletion(KeyChooser keys, Place place, int round, StoreFailure failure) {
    if (failure.isPreconditionFailed()) {
      Optional<Place> again = context.attempt(() -> keys.again(place, context.source, plan));
      if (again.isPresent() && round < MOST_ROUNDS) {
        context.retried(failure.getMessage());
        return again.get();
      }
      abandon("another object appeared at its key");
      throw new PlaceTaken(failure);
    }
    if (isGone(failure)) {
      abandon("the store says that it does not know it");
      throw new UploadLost("the store forgot the upload before it was complete: " + failure.getMessage(), failure);
    }
    if (failure.isConditionalConflict()) {
      abandon("another write of its key was under way");
      throw new UploadLost("another write of the key was under way: " + failure.getMessage(), failure);
    }
    if (PARTS_ARE_WRONG.contains(failure.code())) {
      abandon("the store refused its parts: " + failure.code());
      context.doubt(failure.getMessage());
      throw new UploadLost("the store refused the upload's parts: " + failure.getMessage(), failure);
    }
    throw failure;
  }

  /** The object at the upload's key, when it holds the file's bytes. */
  Optional<VerifiedObject> lookForObject() {
    context.progress.state(TransferState.COMPARING);
    Optional<VerifiedObject> there =
        context
            .attempt(() -> context.store.head(upload.bucket(), upload.key()))
            .flatMap(
                found ->
                    context.verification.ofExisting(
                        upload.bucket(), upload.key(), found, context.source, plan));
    there.ifPresent(object -> context.note("the upload was complete already: " + object.evidence()));
    return there;
  }

  /** Gives the upload up, when it is our own; nobody else's is ever touched. */
  void abandon(String why) {
    if (upload.ours()) {
      context.abandoned.abort(upload, why);
    }
  }
}
