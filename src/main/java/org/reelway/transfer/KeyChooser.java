package org.reelway.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.reelway.config.OnExisting;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * Chooses the key of a recording, and what must be true of it when the object appears there. With {@code version}, a
 * key that another recording has is left alone and the next of its {@link VersionNames} is tried.
 *
 * <p>No two recordings ever write to one key under {@code version}: where the store refuses the second of two writers,
 * that decides; where it does not, each writes to the name that carries its id.
 */
final class KeyChooser {
  private static final int MOST_VERSIONS = 10_000;

  private final Store store;
  private final Verification verification;
  private final StoreCapabilities capabilities;
  private final TransferTarget target;
  private final String key;
  private final VersionNames names;
  private final String id;
  private final KeysInFlight inFlight;
  private final Path recording;

  /**
   * @param key of the recording when nobody else has it
   * @param id of the recording, which its objects carry
   */
  KeyChooser(
      Store store,
      Verification verification,
      StoreCapabilities capabilities,
      TransferTarget target,
      String key,
      String id,
      KeysInFlight inFlight,
      Path recording) {
    this.id = id;
    this.store = store;
    this.verification = verification;
    this.capabilities = capabilities;
    this.target = target;
    this.names = VersionNames.of(key, id, target.stripRecorderVersion());
    this.key = target.onExisting() == OnExisting.VERSION ? names.plain() : key;
    this.inFlight = inFlight;
    this.recording = recording;
  }

  /** @param alreadyThere the object, when the key turned out to hold this very recording */
  record Place(String key, Precondition precondition, Optional<VerifiedObject> alreadyThere) {}

  /** Of the recording when nobody else has it. */
  String key() {
    return key;
  }

  /** Takes the key without looking, where the store itself refuses when an object is there. */
  Optional<Place> blind(TransferPlan plan) {
    boolean mayTry = !plan.isMultipart() && capabilities.putIfAbsent() && isFree(key);
    return mayTry ? Optional.of(new Place(key, Precondition.ABSENT, Optional.empty())) : Optional.empty();
  }

  /** The first of the recording's keys that it may have. */
  Place look(SourceFile source, TransferPlan plan) {
    int most = target.onExisting() == OnExisting.OVERWRITE ? 1 : decides(plan) ? MOST_VERSIONS : 2;
    for (int candidate = 0; candidate < most; candidate++) {
      Optional<Place> place = at(candidate(candidate, plan), source, plan);
      if (place.isPresent()) {
        return place.get();
      }
    }
    throw new DestinationFailure(
        "all of " + MOST_VERSIONS + " versions of " + store.address(target.bucket(), key) + " are taken;"
            + " use another reelway.transfer.key");
  }

  private String candidate(int candidate, TransferPlan plan) {
    if (candidate == 0) {
      return key;
    }
    return decides(plan) ? names.numbered(candidate - 1) : names.own();
  }

  /** This very key; empty where it is another recording's, or may become one's without the store minding. */
  Optional<Place> at(String candidate, SourceFile source, TransferPlan plan) {
    Optional<StoredObject> found = store.head(target.bucket(), candidate);
    if (found.isEmpty()) {
      return mayBegin(candidate, plan) && isFree(candidate)
          ? Optional.of(new Place(candidate, whenAbsent(plan), Optional.empty()))
          : Optional.empty();
    }
    Optional<VerifiedObject> same = verification.ofExisting(target.bucket(), candidate, found.get(), source, plan);
    if (same.isPresent()) {
      return Optional.of(new Place(candidate, Precondition.NONE, same));
    }
    boolean ofThisRecording = id.equals(found.get().metadata().get(Transfers.ID)) || isOwnName(candidate);
    // Its own object that cannot be compared, or was altered, is replaced: one recording is one object.
    return target.onExisting() == OnExisting.OVERWRITE || ofThisRecording
        ? Optional.of(new Place(candidate, whenReplacing(found.get()), Optional.empty()))
        : Optional.empty();
  }

  private boolean isFree(String candidate) {
    return target.onExisting() == OnExisting.OVERWRITE || inFlight.take(target.bucket(), candidate, recording);
  }

  private boolean mayBegin(String candidate, TransferPlan plan) {
    return target.onExisting() == OnExisting.OVERWRITE || decides(plan) || isOwnName(candidate);
  }

  private boolean isOwnName(String candidate) {
    return target.onExisting() == OnExisting.VERSION && candidate.equals(names.own());
  }

  /** Whether the store refuses the second of two writers. */
  private boolean decides(TransferPlan plan) {
    return plan.isMultipart() ? capabilities.completeIfAbsent() : capabilities.putIfAbsent();
  }

  private Precondition whenAbsent(TransferPlan plan) {
    return decides(plan) ? Precondition.ABSENT : Precondition.NONE;
  }

  private Precondition whenReplacing(StoredObject found) {
    return capabilities.ifMatch() ? new Precondition.Matches("\"" + found.etag() + "\"") : Precondition.NONE;
  }

  /** Whether a marker's key is one that this recording can have had. */
  boolean mayHave(String marked) {
    return marked.equals(key) || target.onExisting() == OnExisting.VERSION && names.has(marked);
  }
}
