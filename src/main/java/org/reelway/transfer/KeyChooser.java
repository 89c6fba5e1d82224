package org.reelway.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.TransferSettings.OnExisting;
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
  /** A store may show what another writer did a moment later than it minds it. */
  private static final int MOST_IN_VAIN = 2;

  private final TransferContext context;
  private final Store store;
  private final TransferTarget target;
  private final String key;
  private final VersionNames names;
  private final String id;
  private final KeysInFlight inFlight;
  private final Path recording;
  /** The place whose condition the store refused last; null for none. */
  private Place refused;
  private int refusedInVain;
  private boolean conditionsFail;

  /** @param key of the recording when nobody else has it */
  KeyChooser(TransferContext context, String key, KeysInFlight inFlight, Path recording) {
    this.context = context;
    this.id = context.id;
    this.store = context.store;
    this.target = context.target;
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
    boolean mayTry = !plan.isMultipart() && decides(plan) && isFree(key);
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

  /**
   * The store refused the condition of a place that was looked at.
   *
   * @return what is to be done at that very key now; empty where it is another's
   */
  Optional<Place> again(Place place, SourceFile source, TransferPlan plan) {
    refused(place);
    return at(place.key(), source, plan);
  }

  /** The store refused the condition of a place that was looked at. */
  void refused(Place place) {
    refused = place;
  }

  /** This very key; empty where it is another recording's, or may become one's without the store minding. */
  Optional<Place> at(String candidate, SourceFile source, TransferPlan plan) {
    Optional<Place> place = look(candidate, source, plan);
    boolean nothingChanged = place.isPresent() && place.get().equals(refused);
    if (conditionsFail || !nothingChanged || ++refusedInVain < MOST_IN_VAIN) {
      return place;
    }
    conditionsFail = true;
    String why = store.address(target.bucket(), candidate) + " cannot be written on the condition that nothing changed"
        + " there: the store refuses it although nothing did";
    context.note(why);
    context.doubt(why);
    return look(candidate, source, plan);
  }

  private Optional<Place> look(String candidate, SourceFile source, TransferPlan plan) {
    Optional<StoredObject> found = store.head(target.bucket(), candidate);
    if (found.isEmpty()) {
      return mayBegin(candidate, plan) && isFree(candidate)
          ? Optional.of(new Place(candidate, whenAbsent(plan), Optional.empty()))
          : Optional.empty();
    }
    Optional<VerifiedObject> same =
        context.verification.ofExisting(target.bucket(), candidate, found.get(), source, plan);
    if (same.isPresent()) {
      return Optional.of(new Place(candidate, Precondition.NONE, same));
    }
    boolean ofThisRecording = id.equals(found.get().metadata().get(Transfers.ID)) || isOwnName(candidate);
    // Its own object that cannot be compared, or was altered, is replaced: one recording is one object.
    return target.onExisting() == OnExisting.OVERWRITE || ofThisRecording
        ? Optional.of(new Place(candidate, whenReplacing(found.get(), plan), Optional.empty()))
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
    StoreCapabilities does = context.capabilities();
    return !conditionsFail && (plan.isMultipart() ? does.completeIfAbsent() : does.putIfAbsent());
  }

  private Precondition whenAbsent(TransferPlan plan) {
    return decides(plan) ? Precondition.ABSENT : Precondition.NONE;
  }

  private Precondition whenReplacing(StoredObject found, TransferPlan plan) {
    StoreCapabilities does = context.capabilities();
    boolean matches = !conditionsFail && (plan.isMultipart() ? does.completeIfMatch() : does.putIfMatch());
    return matches ? Precondition.Matches.of(found) : Precondition.NONE;
  }

  /** Whether a marker's key is one that this recording can have had. */
  boolean mayHave(String marked) {
    return marked.equals(key) || target.onExisting() == OnExisting.VERSION && names.has(marked);
  }
}
