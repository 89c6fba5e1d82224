package org.reelway.transfer;

import java.util.Optional;
import java.util.regex.Pattern;
import org.reelway.config.OnExisting;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * Chooses the key of a recording, and what must be true of it when the object appears there. With {@code version}, a
 * key that another recording has is left alone and {@code name_0.ext, name_1.ext, …} are tried, as the Wowza module
 * names them.
 */
final class KeyChooser {
  private static final int MOST_VERSIONS = 10_000;

  private final Store store;
  private final Verification verification;
  private final StoreCapabilities capabilities;
  private final String id;

  /** @param id of the recording, which its objects carry */
  KeyChooser(Store store, Verification verification, StoreCapabilities capabilities, String id) {
    this.id = id;
    this.store = store;
    this.verification = verification;
    this.capabilities = capabilities;
  }

  /** @param alreadyThere the object, when the key turned out to hold this very recording */
  record Place(String key, Precondition precondition, Optional<VerifiedObject> alreadyThere) {}

  /** Takes the key without looking: the store itself refuses when an object is there. */
  Place blind(String key) {
    return new Place(key, Precondition.ABSENT, Optional.empty());
  }

  /** @param key of the recording when nobody else has it */
  Place look(TransferTarget target, String key, SourceFile source, TransferPlan plan) {
    String candidate = key;
    for (int version = 0; version < MOST_VERSIONS; version++) {
      Optional<StoredObject> found = store.head(target.bucket(), candidate);
      if (found.isEmpty()) {
        return new Place(candidate, whenAbsent(plan), Optional.empty());
      }
      Optional<VerifiedObject> same =
          verification.ofExisting(target.bucket(), candidate, found.get(), source, plan);
      if (same.isPresent()) {
        return new Place(candidate, Precondition.NONE, same);
      }
      boolean ofThisRecording = id.equals(found.get().metadata().get(Transfers.ID));
      if (target.onExisting() == OnExisting.OVERWRITE || ofThisRecording) {
        // Its own object that cannot be compared, or was altered, is replaced: one recording is one object.
        return new Place(candidate, whenReplacing(found.get()), Optional.empty());
      }
      candidate = version(key, version);
    }
    throw new DestinationFailure(
        "all of " + MOST_VERSIONS + " versions of " + store.address(target.bucket(), key) + " are taken;"
            + " use another reelway.transfer.key");
  }

  private Precondition whenAbsent(TransferPlan plan) {
    boolean enforced = plan.isMultipart() ? capabilities.completeIfAbsent() : capabilities.putIfAbsent();
    return enforced ? Precondition.ABSENT : Precondition.NONE;
  }

  private Precondition whenReplacing(StoredObject found) {
    return capabilities.ifMatch() ? new Precondition.Matches("\"" + found.etag() + "\"") : Precondition.NONE;
  }

  static String version(String key, int number) {
    int nameStart = key.lastIndexOf('/') + 1;
    int dot = key.lastIndexOf('.');
    int end = dot > nameStart ? dot : key.length();
    return key.substring(0, end) + "_" + number + key.substring(end);
  }

  /** Whether a marker's key is one that this recording can have had: the key, or with {@code version} one of its names. */
  static boolean mayHave(TransferTarget target, String key, String marked) {
    if (marked.equals(key)) {
      return true;
    }
    int nameStart = key.lastIndexOf('/') + 1;
    int dot = key.lastIndexOf('.');
    int end = dot > nameStart ? dot : key.length();
    return target.onExisting() == OnExisting.VERSION
        && Pattern.matches(
            Pattern.quote(key.substring(0, end)) + "_[0-9]{1,5}" + Pattern.quote(key.substring(end)), marked);
  }
}
