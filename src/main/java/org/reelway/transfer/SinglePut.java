package org.reelway.transfer;

import java.util.Optional;
import org.reelway.transfer.KeyChooser.Place;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/** Sends a small recording with one request. */
final class SinglePut {
  private final TransferContext context;
  private final TransferPlan plan;

  SinglePut(TransferContext context, TransferPlan plan) {
    this.context = context;
    this.plan = plan;
  }

  /** @throws PlaceTaken when the precondition was found false and the object there is another recording */
  VerifiedObject run(Place place) {
    context.requireNotDraining();
    StoreCapabilities does = context.capabilities();
    ChecksumKind kind = does.checksum();
    Checksum checksum = kind == ChecksumKind.NONE ? null : context.source.whole(kind);
    context.progress.planned(1);
    context.progress.state(TransferState.SENDING);
    StoredObject answered;
    try {
      answered = context.attempt(() -> put(place, checksum));
    } catch (StoreFailure e) {
      return afterRefusal(place, e);
    }
    context.progress.state(TransferState.VERIFYING);
    return context.attempt(
        () -> context.verification.afterPut(context.target.bucket(), place.key(), answered, context.source, does));
  }

  private StoredObject put(Place place, Checksum checksum) {
    InFlight inFlight = new InFlight(context, 1);
    try {
      StoredObject answered =
          context.store.put(
              context.target.bucket(),
              place.key(),
              context.source.slice(0, plan.size()),
              checksum,
              context.attributes(),
              place.precondition(),
              inFlight);
      inFlight.stored(plan.size());
      return answered;
    } catch (RuntimeException e) {
      inFlight.failed();
      throw e;
    }
  }

  /** A repeated put whose first answer was lost is refused by its own object: look before calling the place taken. */
  private VerifiedObject afterRefusal(Place place, StoreFailure refusal) {
    if (!refusal.isPreconditionFailed() && !refusal.isAnswerLost()) {
      throw refusal;
    }
    context.progress.state(TransferState.COMPARING);
    String bucket = context.target.bucket();
    Optional<VerifiedObject> ours =
        context
            .attempt(() -> context.store.head(bucket, place.key()))
            .flatMap(
                found -> context.verification.ofExisting(bucket, place.key(), found, context.source, plan));
    if (ours.isPresent()) {
      context.note("the store had it already: " + ours.get().evidence());
      return ours.get();
    }
    throw refusal.isPreconditionFailed() ? new PlaceTaken(refusal) : refusal;
  }
}
