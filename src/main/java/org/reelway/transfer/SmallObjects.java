package org.reelway.transfer;

import java.util.Optional;
import org.reelway.failure.DestinationFailure;
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

/** Writes small objects of our own beside recordings, and makes sure that the store holds them. */
public final class SmallObjects {
  private static final int TRIES = 3;

  private final Store store;
  private final Capabilities capabilities;
  private final Verification verification;

  /** @param capabilities by bucket */
  public SmallObjects(Store store, Capabilities capabilities) {
    this.store = store;
    this.capabilities = capabilities;
    this.verification = new Verification(store);
  }

  /**
   * Replaces what is at the key.
   *
   * @throws DestinationFailure when the store does not take it, or shows something else afterwards
   */
  public StoredObject write(String bucket, String key, byte[] bytes, ObjectAttributes attributes) {
    return write(bucket, key, bytes, attributes, Precondition.NONE);
  }

  /**
   * Replaces what is at the key while the precondition holds. A repeated request that its own object refuses, as the
   * answer of the one before was lost, counts as done.
   *
   * @throws StoreFailure also when the precondition does not hold: {@link StoreFailure#isPreconditionFailed()}, or a 404
   *     where an object was to be there
   */
  public StoredObject write(
      String bucket, String key, byte[] bytes, ObjectAttributes attributes, Precondition precondition) {
    Body body = new Body.Bytes(bytes);
    StoreCapabilities does = capabilities.apply(bucket);
    Checksum checksum = Checksums.of(does.checksum(), body);
    StoreFailure last = null;
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        StoredObject answered =
            store.put(bucket, key, body, checksum, attributes, precondition, Sent.NOBODY);
        return verification.isProof(answered, checksum, does)
            ? answered
            : confirm(bucket, key, bytes, answered.etag());
      } catch (StoreFailure e) {
        if (e.isPreconditionFailed() && last != null) {
          return ownOf(bucket, key, bytes, e);
        }
        if (!e.isTransient()) {
          capabilities.failed(bucket, e);
          throw e;
        }
        last = e;
      }
    }
    capabilities.failed(bucket, last);
    throw last;
  }

  /** What an earlier try wrote whose answer was lost; fails as the later one did where that is not there. */
  private StoredObject ownOf(String bucket, String key, byte[] bytes, StoreFailure refusal) {
    StoredObject found = store.head(bucket, key).orElseThrow(() -> refusal);
    try {
      return requireSame(bucket, key, bytes, found, "");
    } catch (DestinationFailure another) {
      throw refusal;
    }
  }

  /**
   * Makes sure that the store holds what was put at the key.
   *
   * @param answered ETag of the answer to the put
   * @throws DestinationFailure when it shows something else
   */
  public StoredObject confirm(String bucket, String key, byte[] bytes, String answered) {
    StoredObject found =
        store.head(bucket, key).orElseThrow(() -> mismatch(bucket, key, "nothing is there"));
    return requireSame(bucket, key, bytes, found, answered);
  }

  /** For a put that is not made here: what every store checks a body by. Empty where this one is known to check nothing. */
  public Optional<String> md5(String bucket, byte[] bytes) {
    return capabilities.apply(bucket).checksum() == ChecksumKind.NONE
        ? Optional.empty()
        : Optional.of(Checksums.of(ChecksumKind.MD5, new Body.Bytes(bytes)).base64());
  }

  /** @param answered an ETag that shows as well that it is what was sent */
  private StoredObject requireSame(String bucket, String key, byte[] bytes, StoredObject found, String answered) {
    Body body = new Body.Bytes(bytes);
    if (found.size() != bytes.length) {
      throw mismatch(bucket, key, "it has " + found.size() + " bytes instead of " + bytes.length);
    }
    for (ChecksumKind kind : new ChecksumKind[] {ChecksumKind.CRC32C, ChecksumKind.CRC64NVME}) {
      Optional<String> shown = found.checksum(kind);
      if (shown.isPresent()) {
        String expected = Checksums.of(kind, body).base64();
        if (!shown.get().equals(expected)) {
          throw mismatch(bucket, key, "its checksum is " + shown.get() + " instead of " + expected);
        }
        return found;
      }
    }
    boolean md5 = found.etag().equals(Checksums.etag(Checksums.of(ChecksumKind.MD5, body)));
    if (!md5 && !found.etag().equals(answered)) {
      throw mismatch(bucket, key, "its ETag is " + found.etag() + ", the answer's was " + answered);
    }
    return found;
  }

  private DestinationFailure mismatch(String bucket, String key, String found) {
    return new DestinationFailure(store.address(bucket, key) + " is not what was sent: " + found + "; it is sent again");
  }
}
