package org.reelway.transfer.backup;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.OurFailure;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.TransferStopped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings recordings back from the backup, one after the other, once their own store works again. */
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
  private final Map<String, HomeStore> homes;
  private final Clock clock;
  private final ReentrantLock round = new ReentrantLock();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private Instant lastLook = Instant.MIN;
  private Instant nextAsk = Instant.MIN;

  BringBack(
      BackupCopies copies,
      LostCopies lost,
      ReturnFromBackup wayBack,
      Map<String, HomeStore> homes,
      Clock clock) {
    this.copies = copies;
    this.lost = lost;
    this.wayBack = wayBack;
    this.homes = homes;
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
      boolean due = !clock.instant().isBefore(lastLook.plus(LOOK_EVERY))
          || homes.values().stream().anyMatch(home -> home.outlook().answeredAgain().isAfter(lastLook));
      return now || due ? look(now) : List.of();
    } finally {
      round.unlock();
    }
  }

  private List<BroughtBack> look(boolean now) {
    try {
      ask(now);
      List<BroughtBack> back = new ArrayList<>();
      for (String name : copies.homes()) {
        HomeStore home = homes.get(name);
        if (home == null) {
          copies.waiting(name, null, PAGE).forEach(copy -> failed(copy, notNamed(name)));
        } else if (home.trouble().mayBeOver(now)) {
          bringBack(name, back);
        }
      }
      return back;
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

  private static OurFailure notNamed(String home) {
    return new OurFailure(
        "it belongs to the store " + home + ", which reelway.stores does not name any more; name it again until it is back");
  }

  /** @param back those that are back are added to it */
  private void bringBack(String home, List<BroughtBack> back) {
    int failures = 0;
    BackupCopies.Copy last = null;
    List<BackupCopies.Copy> page;
    do {
      page = copies.waiting(home, last, PAGE);
      for (BackupCopies.Copy copy : page) {
        last = copy;
        try {
          wayBack.bringBack(note(copy)).ifPresent(back::add);
        } catch (TransferStopped e) {
          return;
        } catch (RuntimeException e) {
          failed(copy, e);
          failures++;
        }
        if (failures >= MOST_FAILURES) {
          return;
        }
      }
    } while (page.size() == PAGE);
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
