package org.reelway.transfer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.reelway.config.KeyTemplate;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/**
 * Finds out what a store really does, with objects of a few bytes below {@code <prefix>.reelway-probe/}. Stores say that
 * they take a checksum and ignore it, or answer 400 to what others require: only a wrong value that is refused shows
 * that right ones are checked.
 */
public final class StoreProbe {
  private static final byte[] CONTENT = "reelway probe\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "other bytes.\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TRIES = 3;
  private static final long PAUSE_MILLIS = 100;
  /** 401, 403, 404: not a word about a checksum. */
  private static final Set<Integer> ACCESS = Set.of(401, 403, 404);

  private final Store store;
  private final String bucket;
  private final String key;
  private final Optional<ChecksumKind> wanted;
  private final ObjectAttributes attributes;
  private final AttributesProbe attributesProbe;
  private final List<Step> steps = new ArrayList<>();

  /** @param wanted the operator's choice of checksum, empty to find the cheapest that is checked */
  public StoreProbe(Store store, String bucket, String prefix, Optional<ChecksumKind> wanted) {
    this(store, bucket, prefix, wanted, RecordingAttributes.NONE);
  }

  /**
   * @param wanted the operator's choice of checksum, empty to find the cheapest that is checked
   * @param attributes that every object of the probe carries too
   */
  public StoreProbe(
      Store store, String bucket, String prefix, Optional<ChecksumKind> wanted, RecordingAttributes attributes) {
    this.attributes =
        attributes.of(new KeyTemplate.Values("probe", "probe", Instant.EPOCH, "probe"), Map.of());
    this.attributesProbe = new AttributesProbe(store, this.attributes);
    this.store = store;
    this.bucket = bucket;
    this.key = ObjectKey.of(prefix, ".reelway-probe/" + UUID.randomUUID()).value();
    this.wanted = wanted;
  }

  /**
   * Never fails for what the store answers: that is in the report.
   *
   * @throws StoreFailure when the credentials end in the middle of it
   */
  public ProbeReport run() {
    StoreCapabilities capabilities = null;
    try {
      capabilities = capabilities();
    } catch (NotNow e) {
      // What a busy store refuses must not be taken for what it cannot do: that would be remembered.
      step("busy", Outcome.FAILED, "nothing can be told from its answers now: " + e.getCause().getMessage());
      deleteQuietly();
    }
    return new ProbeReport(store.address(), bucket, List.copyOf(steps), capabilities);
  }

  private StoreCapabilities capabilities() {
    StoreCapabilities capabilities = null;
    if (bucket() && put()) {
      readBack();
      ChecksumKind checksum = checksum();
      boolean multipart = multipart(checksum);
      boolean putIfAbsent = putIfAbsent();
      boolean completeIfAbsent = multipart && completeIfAbsent();
      boolean ifMatch = ifMatch();
      delete();
      if (multipart) {
        capabilities = new StoreCapabilities(checksum, putIfAbsent, completeIfAbsent, ifMatch);
      }
    }
    return capabilities;
  }

  /** The store's answer was to the moment, not to the question. */
  private static final class NotNow extends RuntimeException {
    NotNow(StoreFailure failure) {
      super(failure);
    }
  }

  private void step(String what, Outcome outcome, String found) {
    steps.add(new Step(what, outcome, found));
  }

  private boolean bucket() {
    try {
      call(
          () -> {
            store.headBucket(bucket);
            return null;
          });
      step("bucket", Outcome.OK, bucket + " is there");
      return true;
    } catch (StoreFailure e) {
      if (e.status() == 0) {
        step("bucket", Outcome.FAILED, e.getMessage());
        return false;
      }
      // Credentials that may only write are common and enough.
      boolean mayStillWrite = e.status() == 403;
      step("bucket", mayStillWrite ? Outcome.LESS : Outcome.FAILED, e.getMessage());
      return mayStillWrite;
    }
  }

  private boolean put() {
    try {
      call(() -> put(null, Precondition.NONE));
      step("put", Outcome.OK, "an object can be written");
      return true;
    } catch (StoreFailure e) {
      step("put", Outcome.FAILED, e.getMessage());
      return false;
    }
  }

  private StoredObject put(Checksum checksum, Precondition precondition) {
    return store.put(
        bucket, key, new Body.Bytes(CONTENT), checksum, attributes, precondition, Sent.NOBODY);
  }

  private void readBack() {
    try {
      Optional<StoredObject> head = call(() -> store.head(bucket, key));
      boolean right = head.isPresent() && head.get().size() == CONTENT.length;
      step(
          "head",
          right ? Outcome.OK : Outcome.FAILED,
          right ? "size and ETag are shown" : "the object just written is not shown with its size");
      head.map(attributesProbe::steps).ifPresent(steps::addAll);
    } catch (StoreFailure e) {
      step("head", Outcome.FAILED, "needed to verify what was sent (s3:GetObject): " + e.getMessage());
      return;
    }
    try {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      store.get(bucket, key, read);
      boolean right = Arrays.equals(read.toByteArray(), CONTENT);
      step("get", right ? Outcome.OK : Outcome.FAILED, right ? "the same bytes come back" : "other bytes came back");
    } catch (StoreFailure e) {
      step("get", Outcome.LESS, e.getMessage());
    }
  }

  /** All three show a changed byte; so the one that costs the media server's machine least is used. */
  private ChecksumKind checksum() {
    ChecksumKind best = ChecksumKind.NONE;
    for (ChecksumKind kind : List.of(ChecksumKind.CRC32C, ChecksumKind.CRC64NVME, ChecksumKind.MD5)) {
      boolean better = best == ChecksumKind.NONE;
      boolean checked = isChecked(kind, better);
      if (checked && better) {
        best = kind;
      }
    }
    ChecksumKind used = wanted.orElse(best);
    String why = wanted.isPresent() ? " (" + store.setting("checksum") + ")" : " (the cheapest that is checked)";
    step("checksum in use", used == ChecksumKind.NONE ? Outcome.LESS : Outcome.OK, word(used) + why);
    return used;
  }

  private boolean isChecked(ChecksumKind kind, boolean needed) {
    String what = "checksum " + word(kind);
    Outcome otherwise = needed ? Outcome.LESS : Outcome.OK;
    try {
      ask(() -> put(Checksums.of(kind, new Body.Bytes(CONTENT)), Precondition.NONE));
    } catch (StoreFailure e) {
      step(what, otherwise, "not taken: " + e.status() + " " + e.code());
      return false;
    }
    try {
      ask(() -> put(Checksums.of(kind, new Body.Bytes(OTHER)), Precondition.NONE));
      step(what, otherwise, "ignored: a wrong value was taken");
      return false;
    } catch (StoreFailure e) {
      if (e.isAboutCredentials()) {
        // Refused for whom it is from: that says nothing about the checksum, and must not be remembered as if it did.
        throw e;
      }
      boolean refused = e.status() >= 400 && e.status() < 500 && !ACCESS.contains(e.status());
      step(what, refused ? Outcome.OK : otherwise, (refused ? "a wrong value is refused: " : "unclear: ") + e.code());
      return refused;
    }
  }

  private boolean multipart(ChecksumKind kind) {
    String uploadId;
    try {
      uploadId = call(() -> store.createMultipart(bucket, key, attributes, kind));
    } catch (StoreFailure e) {
      step("multipart", Outcome.FAILED, "cannot be begun: " + e.getMessage());
      return false;
    }
    try {
      Checksum checksum = Checksums.of(kind, new Body.Bytes(CONTENT));
      StoredPart part =
          call(
              () ->
                  store.uploadPart(bucket, key, uploadId, 1, new Body.Bytes(CONTENT), checksum, Sent.NOBODY));
      listParts(uploadId);
      Checksum whole = kind == ChecksumKind.MD5 ? null : checksum;
      call(
          () -> store.completeMultipart(bucket, key, uploadId, List.of(part), whole, Precondition.NONE));
      StoredObject head = call(() -> store.head(bucket, key)).orElse(null);
      boolean encrypted = head != null && attributesProbe.isEncrypted(head);
      boolean right = head != null && head.size() == CONTENT.length && encrypted;
      boolean shown = whole != null && right && head.checksum(kind).isPresent();
      step(
          "multipart",
          right ? Outcome.OK : Outcome.FAILED,
          !right
              ? encrypted ? "the completed object is not shown with its size" : "the completed object is not encrypted"
              : shown ? "the completed object shows its " + word(kind) : "completed; the object shows no checksum");
      return right;
    } catch (StoreFailure e) {
      step("multipart", Outcome.FAILED, e.getMessage());
      abortQuietly(uploadId);
      return false;
    }
  }

  private void listParts(String uploadId) {
    try {
      List<StoredPart> parts = call(() -> store.listParts(bucket, key, uploadId));
      boolean right = parts.size() == 1 && parts.get(0).size() == CONTENT.length;
      step(
          "list parts",
          right ? Outcome.OK : Outcome.LESS,
          right
              ? "an interrupted upload can go on" + (parts.get(0).checksums().isEmpty() ? "" : ", checksums are listed")
              : "a stored part is not listed: interrupted uploads send it again");
    } catch (StoreFailure e) {
      step("list parts", Outcome.LESS, "interrupted uploads start again: " + e.getMessage());
    }
  }

  private void abortQuietly(String uploadId) {
    try {
      call(
          () -> {
            store.abortMultipart(bucket, key, uploadId);
            return null;
          });
    } catch (StoreFailure e) {
      step("abort", Outcome.LESS, "the probe's own upload stays in the bucket: " + e.getMessage());
    }
  }

  private boolean putIfAbsent() {
    return refused("put if absent", "two writers cannot overwrite each other", () -> put(null, Precondition.ABSENT));
  }

  private boolean completeIfAbsent() {
    String uploadId = null;
    try {
      uploadId = call(() -> store.createMultipart(bucket, key, attributes, ChecksumKind.NONE));
      String id = uploadId;
      StoredPart part =
          call(() -> store.uploadPart(bucket, key, id, 1, new Body.Bytes(CONTENT), null, Sent.NOBODY));
      return refused(
          "complete if absent",
          "two writers cannot overwrite each other",
          () -> store.completeMultipart(bucket, key, id, List.of(part), null, Precondition.ABSENT));
    } catch (StoreFailure e) {
      if (isOfTheMoment(e)) {
        throw new NotNow(e);
      }
      step("complete if absent", Outcome.LESS, e.getMessage());
      return false;
    } finally {
      if (uploadId != null) {
        abortQuietly(uploadId);
      }
    }
  }

  private boolean ifMatch() {
    Precondition another = new Precondition.Matches("\"00000000000000000000000000000000\"");
    return refused("put if match", "an overwrite replaces only what was seen", () -> put(null, another));
  }

  private boolean refused(String what, String gain, Supplier<StoredObject> conditional) {
    try {
      ask(conditional);
      step(what, Outcome.LESS, "ignored: the last writer wins");
      return false;
    } catch (StoreFailure e) {
      boolean refused = e.isPreconditionFailed();
      step(what, refused ? Outcome.OK : Outcome.LESS, refused ? gain : "not taken: " + e.status() + " " + e.code());
      return refused;
    }
  }

  private void delete() {
    try {
      call(
          () -> {
            store.delete(bucket, key);
            return null;
          });
      step("delete", Outcome.OK, "the probe's object is gone again");
    } catch (StoreFailure e) {
      step("delete", Outcome.LESS, "recordings need no deletes, but the probe's object " + key + " stays: " + e.code());
    }
  }

  private void deleteQuietly() {
    try {
      call(
          () -> {
            store.delete(bucket, key);
            return null;
          });
    } catch (StoreFailure e) {
      step("delete", Outcome.LESS, "the probe's object " + key + " stays: " + e.code());
    }
  }

  private static <T> T call(Supplier<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (StoreFailure e) {
        if (!e.isTransient() || attempt >= TRIES) {
          throw e;
        }
        pause();
      }
    }
  }

  /**
   * Asks for something that a store need not know. A refusal is its answer when it is clear, or when it comes each time
   * although the store takes a plain object in between: some answer 500 to headers that they do not know.
   *
   * @throws NotNow when the store is too busy, or too far away, to tell
   */
  private <T> T ask(Supplier<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (StoreFailure e) {
        if (!isOfTheMoment(e)) {
          throw e;
        }
        pause();
        requireThatItTakesObjects();
        if (attempt >= TRIES) {
          throw e;
        }
      }
    }
  }

  private void requireThatItTakesObjects() {
    try {
      put(null, Precondition.NONE);
    } catch (StoreFailure e) {
      throw new NotNow(e);
    }
  }

  /** A wrong checksum is passing too, for a byte may have changed on its way; here it is the answer. */
  private static boolean isOfTheMoment(StoreFailure e) {
    return e.isTransient() && !e.isCode("BadDigest") && !e.code().startsWith("XAmzContent");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
  }

  private static String word(ChecksumKind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
