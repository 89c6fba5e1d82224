package org.reelway.transfer;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/**
 * Which checksum a store checks of puts: it takes a right one, refuses a wrong one, and shows no other afterwards. All
 * kinds show a changed byte; so the one that costs the media server's machine least is used.
 */
final class ChecksumProbe {
  private static final List<ChecksumKind> BY_COST = List.of(ChecksumKind.CRC32C, ChecksumKind.CRC64NVME, ChecksumKind.MD5);
  static final Body.Bytes OTHER = new Body.Bytes("other bytes.\n".getBytes(StandardCharsets.US_ASCII));
  /** 401, 403, 404: not a word about a checksum. */
  private static final Set<Integer> ACCESS = Set.of(401, 403, 404);

  private final ProbeCalls calls;
  private final Optional<ChecksumKind> wanted;

  ChecksumProbe(ProbeCalls calls, Optional<ChecksumKind> wanted) {
    this.calls = calls;
    this.wanted = wanted;
  }

  private enum Habit {
    CHECKED,
    IGNORED,
    NOT_TAKEN
  }

  /**
   * @param checked whether a wrong one was refused
   * @param md5Etags whether ETags were seen to be MD5s; asked where none is used
   */
  record OfPuts(ChecksumKind kind, boolean checked, boolean md5Etags) {}

  /** @return empty where the store does not take the kind that the operator wants */
  Optional<OfPuts> ofPuts() {
    ChecksumKind best = ChecksumKind.NONE;
    Set<ChecksumKind> checked = EnumSet.noneOf(ChecksumKind.class);
    boolean wantedIsTaken = true;
    for (ChecksumKind kind : BY_COST) {
      Habit habit = habit(kind, best == ChecksumKind.NONE);
      if (habit == Habit.CHECKED) {
        checked.add(kind);
      }
      best = best == ChecksumKind.NONE && habit == Habit.CHECKED ? kind : best;
      wantedIsTaken &= habit != Habit.NOT_TAKEN || !wanted.equals(Optional.of(kind));
    }
    ChecksumKind used = wanted.orElse(best);
    String setting = calls.store.setting("checksum");
    if (!wantedIsTaken) {
      calls.step("checksum in use", Outcome.FAILED, setting + "=" + word(used) + ", which the store does not take: " + help());
      return Optional.empty();
    }
    boolean md5Etags = used == ChecksumKind.NONE && hasMd5Etags();
    String why = wanted.isPresent() ? setting : used == ChecksumKind.NONE ? "none is checked" : "the cheapest that is checked";
    calls.step(
        "checksum in use",
        used == ChecksumKind.NONE ? Outcome.LESS : Outcome.OK,
        word(used) + " (" + why + ")" + (used == ChecksumKind.NONE ? "; " + otherProof(md5Etags) : ""));
    return Optional.of(new OfPuts(used, checked.contains(used), md5Etags));
  }

  /** What to do where a kind is not taken. */
  String help() {
    return "set " + calls.store.setting("checksum") + " to auto, which finds one that is";
  }

  /** What shows that the object is the file where no checksum does. */
  private static String otherProof(boolean md5Etags) {
    return md5Etags ? "the ETag, an MD5, shows what is stored" : "the size alone shows what is stored";
  }

  private boolean hasMd5Etags() {
    String md5 = Checksums.etag(Checksums.of(ChecksumKind.MD5, ProbeCalls.CONTENT));
    return lookAgain().map(StoredObject::etag).filter(md5::equals).isPresent();
  }

  private Optional<StoredObject> lookAgain() {
    calls.ask(() -> calls.put(calls.key, null, Precondition.NONE));
    return ProbeCalls.call(() -> calls.store.head(calls.bucket, calls.key));
  }

  private Habit habit(ChecksumKind kind, boolean needed) {
    String what = "checksum " + word(kind);
    Outcome otherwise = needed ? Outcome.LESS : Outcome.OK;
    Checksum right = Checksums.of(kind, ProbeCalls.CONTENT);
    try {
      calls.ask(() -> calls.put(calls.key, right, Precondition.NONE));
      if (showsAnother(ProbeCalls.call(() -> calls.store.head(calls.bucket, calls.key)), right)) {
        calls.step(what, otherwise, "another value is shown than was sent");
        return Habit.NOT_TAKEN;
      }
    } catch (StoreFailure e) {
      calls.step(what, otherwise, "not taken: " + e.status() + " " + e.code());
      return Habit.NOT_TAKEN;
    }
    try {
      calls.ask(() -> calls.put(calls.key, Checksums.of(kind, OTHER), Precondition.NONE));
      calls.step(what, otherwise, "ignored: a wrong value was taken");
      return Habit.IGNORED;
    } catch (StoreFailure e) {
      boolean refused = isClear(e);
      calls.step(what, refused ? Outcome.OK : otherwise, (refused ? "a wrong value is refused: " : "unclear: ") + e.code());
      return refused ? Habit.CHECKED : Habit.IGNORED;
    }
  }

  /** Whether a refusal of a wrong value is about that value. */
  static boolean isClear(StoreFailure e) {
    return e.status() >= 400 && e.status() < 500 && !ACCESS.contains(e.status()) && !e.isAboutCredentials();
  }

  /** Such an object could never be verified. */
  static boolean showsAnother(Optional<StoredObject> found, Checksum sent) {
    return found.flatMap(object -> object.checksum(sent.kind())).filter(shown -> !shown.equals(sent.base64())).isPresent();
  }

  static String word(ChecksumKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
