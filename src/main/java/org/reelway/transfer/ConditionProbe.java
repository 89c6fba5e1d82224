package org.reelway.transfer;

import java.util.List;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredPart;

/**
 * Which conditions a store keeps: one that is false must be refused, and one that is true must be taken. Some stores
 * ignore them, and some compare an ETag with its quotes to one without, so that it is never true.
 */
final class ConditionProbe {
  private static final Precondition OF_ANOTHER = new Precondition.Matches("\"00000000000000000000000000000000\"");
  private static final String NO_OVERWRITE = "two writers cannot overwrite each other";
  private static final String ONLY_WHAT_WAS_SEEN = "an overwrite replaces only what was seen";

  private final ProbeCalls calls;

  ConditionProbe(ProbeCalls calls) {
    this.calls = calls;
  }

  boolean putIfAbsent() {
    return isKept(
        "put if absent",
        NO_OVERWRITE,
        () -> put(calls.key, Precondition.ABSENT),
        () -> put(calls.key + "-put", Precondition.ABSENT));
  }

  boolean completeIfAbsent() {
    return isKept(
        "complete if absent",
        NO_OVERWRITE,
        () -> complete(calls.key, Precondition.ABSENT),
        () -> complete(calls.key + "-complete", Precondition.ABSENT));
  }

  boolean putIfMatch() {
    return isKept(
        "put if match",
        ONLY_WHAT_WAS_SEEN,
        () -> put(calls.key, OF_ANOTHER),
        () -> put(calls.key, ofWhatIsThere()));
  }

  boolean completeIfMatch() {
    return isKept(
        "complete if match",
        ONLY_WHAT_WAS_SEEN,
        () -> complete(calls.key, OF_ANOTHER),
        () -> complete(calls.key, ofWhatIsThere()));
  }

  private Precondition ofWhatIsThere() {
    return calls.store.head(calls.bucket, calls.key).map(Precondition.Matches::of).orElse(OF_ANOTHER);
  }

  private void put(String key, Precondition condition) {
    calls.put(key, null, condition);
  }

  private void complete(String key, Precondition condition) {
    String id = calls.store.createMultipart(calls.bucket, calls.willWrite(key), calls.attributes, ChecksumKind.NONE);
    try {
      StoredPart part =
          calls.store.uploadPart(calls.bucket, key, id, 1, ProbeCalls.CONTENT, null, Sent.NOBODY);
      calls.store.completeMultipart(calls.bucket, key, id, List.of(part), null, condition);
    } catch (StoreFailure e) {
      calls.abortQuietly(key, id);
      throw e;
    }
  }

  private boolean isKept(String what, String gain, Runnable broken, Runnable held) {
    try {
      calls.ask(broken);
      calls.step(what, Outcome.LESS, "ignored: the last writer wins");
      return false;
    } catch (StoreFailure e) {
      if (!e.isPreconditionFailed()) {
        calls.step(what, Outcome.LESS, "not taken: " + e.status() + " " + e.code());
        return false;
      }
    }
    try {
      calls.ask(held);
      calls.step(what, Outcome.OK, gain);
      return true;
    } catch (StoreFailure e) {
      calls.step(what, Outcome.LESS, "not used: one that is true is refused as well: " + e.status() + " " + e.code());
      return false;
    }
  }
}
