package org.reelway.transfer.backup;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.flow.StoreOutlook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings recordings back from the backup, one after the other, once the primary store works again. */
public final class BringBack {
  private static final Logger LOG = LoggerFactory.getLogger(BringBack.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
  /** So often the backup itself is asked what waits there; the state knows it otherwise. */
  private static final Duration ASK_EVERY = Duration.ofHours(1);
  private static final int PAGE = 100;
  /** After so many that could not be brought back, the rest of a round would meet the same. */
  private static final int MOST_FAILURES = 3;

  private final BackupCopies copies;
  private final LostCopies lost;
  private final ReturnFromBackup wayBack;
  private final PrimaryTrouble trouble;
  private final StoreOutlook outlook;
  private final Clock clock;
  private final ReentrantLock round = new ReentrantLock();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private Instant lastLook = Instant.MIN;
  private Instant nextAsk = Instant.MIN;

  BringBack(
      BackupCopies copies,
      LostCopies lost,
      ReturnFromBackup wayBack,
      PrimaryTrouble trouble,
      StoreOutlook outlook,
      Clock clock) {
    this.copies = copies;
    this.lost = lost;
    this.wayBack = wayBack;
    this.trouble = trouble;
    this.outlook = outlook;
    this.clock = clock;
  }

  /** The next round begins as soon as it can, and asks the backup what is there. */
  public void soon() {
    wanted.set(true);
  }

  /**
   * One round, if it is time for one and none is under way.
   *
   * @return those that are back by it
   */
  public List<BroughtBack> work() {
    if (!round.tryLock()) {
      return List.of();
    }
    try {
      boolean now = wanted.getAndSet(false);
      boolean due = !clock.instant().isBefore(lastLook.plus(LOOK_EVERY)) || outlook.answeredAgain().isAfter(lastLook);
      return now || due ? look(now) : List.of();
    } finally {
      round.unlock();
    }
  }

  private List<BroughtBack> look(boolean now) {
    try {
      ask(now);
      return copies.waiting(null, 1).isEmpty() || !trouble.mayBeOver(now) ? List.of() : bringBack();
    } finally {
      lastLook = clock.instant();
    }
  }

  private void ask(boolean now) {
    if (!now && clock.instant().isBefore(nextAsk)) {
      return;
    }
    try {
      lost.find();
      nextAsk = clock.instant().plus(ASK_EVERY);
    } catch (DestinationFailure away) {
      LOG.debug("the backup cannot be asked what waits there: {}", away.getMessage());
    }
  }

  private List<BroughtBack> bringBack() {
    List<BroughtBack> back = new ArrayList<>();
    int failures = 0;
    BackupCopies.Copy last = null;
    List<BackupCopies.Copy> page;
    do {
      page = copies.waiting(last, PAGE);
      for (BackupCopies.Copy copy : page) {
        last = copy;
        try {
          wayBack.bringBack(note(copy)).ifPresent(back::add);
        } catch (TransferStopped e) {
          return back;
        } catch (RuntimeException e) {
          failed(copy, e);
          failures++;
        }
        if (failures >= MOST_FAILURES) {
          return back;
        }
      }
    } while (page.size() == PAGE);
    return back;
  }

  private static BackupNote note(BackupCopies.Copy copy) {
    Optional<BackupNote> note = BackupNote.parse(copy.note().getBytes(StandardCharsets.UTF_8));
    return note.orElseThrow(() -> new IllegalStateException("the state's note of " + copy.id() + " cannot be read"));
  }

  /** Said once for each recording, and again when the reason becomes another. */
  private void failed(BackupCopies.Copy copy, RuntimeException failure) {
    String said = Failure.classOf(failure).word() + ": " + failure.getMessage();
    if (!said.equals(copy.problem())) {
      copies.problem(copy.id(), said);
      LOG.warn("{}/{} stays in the backup and is tried again: {}", copy.bucket(), copy.key(), said);
    }
  }
}
