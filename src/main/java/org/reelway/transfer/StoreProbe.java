package org.reelway.transfer;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.reelway.settings.KeyTemplate;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/**
 * Finds out what a store really does, with objects of a few bytes below {@code <prefix>.reelway-probe/}. Stores say that
 * they take a checksum and ignore it, or answer 400 to what others require: only a wrong value that is refused shows
 * that right ones are checked.
 */
public final class StoreProbe {
  private final Store store;
  private final String bucket;
  private final String key;
  private final Optional<ChecksumKind> wanted;
  private final AttributesProbe attributesProbe;
  private final ProbeCalls calls;

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
    ObjectAttributes all =
        attributes.of(new KeyTemplate.Values("probe", "probe", Instant.EPOCH, "probe"), Map.of());
    this.attributesProbe = new AttributesProbe(store, all);
    this.store = store;
    this.bucket = bucket;
    this.key = ObjectKey.of(prefix, ".reelway-probe/" + UUID.randomUUID()).value();
    this.wanted = wanted;
    this.calls = new ProbeCalls(store, bucket, key, all);
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
    } catch (ProbeCalls.NotNow e) {
      // What a busy store refuses must not be taken for what it cannot do: that would be remembered.
      calls.step("busy", Outcome.FAILED, "nothing can be told from its answers now: " + e.getCause().getMessage());
      calls.written().forEach(this::deleteQuietly);
    }
    return new ProbeReport(store.address(), bucket, List.copyOf(calls.steps), capabilities);
  }

  private StoreCapabilities capabilities() {
    StoreCapabilities capabilities = null;
    if (bucket() && put()) {
      readBack();
      Optional<ChecksumProbe.OfPuts> checksum = new ChecksumProbe(calls, wanted).ofPuts();
      UploadProbe uploads = new UploadProbe(calls, attributesProbe, wanted);
      Optional<UploadChecksums> upload = uploads.run();
      ConditionProbe conditions = new ConditionProbe(calls);
      boolean putIfAbsent = conditions.putIfAbsent();
      boolean completeIfAbsent = upload.isPresent() && conditions.completeIfAbsent();
      boolean putIfMatch = conditions.putIfMatch();
      boolean completeIfMatch = upload.isPresent() && conditions.completeIfMatch();
      delete();
      if (checksum.isPresent() && upload.isPresent()) {
        capabilities =
            new StoreCapabilities(
                checksum.get().kind(), checksum.get().checked(), checksum.get().md5Etags(), upload.get(), uploads.hasMd5PartEtags(),
                putIfAbsent, completeIfAbsent, putIfMatch, completeIfMatch, uploads.mayListParts());
      }
    }
    return capabilities;
  }

  private boolean bucket() {
    try {
      ProbeCalls.run(() -> store.headBucket(bucket));
      calls.step("bucket", Outcome.OK, bucket + " is there");
      return true;
    } catch (StoreFailure e) {
      if (e.status() == 0) {
        calls.step("bucket", Outcome.FAILED, e.getMessage());
        return false;
      }
      // Credentials that may only write are common and enough.
      boolean mayStillWrite = e.status() == 403;
      calls.step("bucket", mayStillWrite ? Outcome.LESS : Outcome.FAILED, e.getMessage());
      return mayStillWrite;
    }
  }

  private boolean put() {
    try {
      ProbeCalls.call(() -> calls.put(key, null, Precondition.NONE));
      calls.step("put", Outcome.OK, "an object can be written");
      return true;
    } catch (StoreFailure e) {
      calls.step("put", Outcome.FAILED, e.getMessage());
      return false;
    }
  }

  private void readBack() {
    try {
      Optional<StoredObject> head = ProbeCalls.call(() -> store.head(bucket, key));
      boolean right = head.isPresent() && head.get().size() == ProbeCalls.CONTENT.length();
      calls.step(
          "head",
          right ? Outcome.OK : Outcome.FAILED,
          right ? "size and ETag are shown" : "the object just written is not shown with its size");
      head.map(attributesProbe::steps).ifPresent(calls.steps::addAll);
      calls.step(
          "checksums of head",
          store.refusesChecksumsOfHead() ? Outcome.LESS : Outcome.OK,
          store.refusesChecksumsOfHead()
              ? "refused (x-amz-checksum-mode): not asked for, ETags and checked requests show what is stored"
              : "may be asked for");
      lookWhereNothingIs();
    } catch (StoreFailure e) {
      calls.step("head", Outcome.FAILED, "needed to verify what was sent (s3:GetObject): " + e.getMessage());
      return;
    }
    try {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      store.get(bucket, key, read);
      boolean right = Arrays.equals(read.toByteArray(), ProbeCalls.CONTENT.bytes());
      calls.step("get", right ? Outcome.OK : Outcome.FAILED, right ? "the same bytes come back" : "other bytes came back");
    } catch (StoreFailure e) {
      calls.step("get", Outcome.LESS, e.getMessage());
    }
  }

  /** Keys are chosen by it. */
  private void lookWhereNothingIs() {
    try {
      if (ProbeCalls.call(() -> store.head(bucket, key + "-none")).isPresent()) {
        calls.step("free key", Outcome.FAILED, "the store shows an object where none is");
      }
    } catch (StoreFailure e) {
      calls.step("free key", Outcome.LESS, "the store does not say that nothing is there, so that recordings in parts wait: "
          + e.getMessage());
    }
  }

  private void delete() {
    Set<String> left = new TreeSet<>();
    StoreFailure last = null;
    for (String written : calls.written()) {
      try {
        ProbeCalls.run(() -> store.delete(bucket, written));
      } catch (StoreFailure e) {
        left.add(written);
        last = e;
      }
    }
    calls.step(
        "delete",
        last == null ? Outcome.OK : Outcome.LESS,
        last == null
            ? "the probe's objects are gone again"
            : "recordings need no deletes, but the probe's objects stay (" + last.code() + "): " + String.join(", ", left));
  }

  private void deleteQuietly(String written) {
    try {
      ProbeCalls.run(() -> store.delete(bucket, written));
    } catch (StoreFailure e) {
      calls.step("delete", Outcome.LESS, "the probe's object " + written + " stays: " + e.code());
    }
  }
}
