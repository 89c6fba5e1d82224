package org.reelway.transfer.audit;

import java.util.Comparator;
import java.util.Optional;
import org.reelway.transfer.store.AbortRule;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * Whether the bucket itself aborts unfinished uploads: the only thing that clears up after a machine that is gone for
 * ever.
 *
 * @param words for people, with what to do
 */
public record Lifecycle(State state, String words) {

  public enum State {
    COVERED,
    MISSING,
    /** The store has no such rules, or these credentials may not see them. */
    UNKNOWN
  }

  /** @param prefix that all of our keys start with */
  public static Lifecycle of(Store store, String bucket, String prefix) {
    try {
      Optional<AbortRule> covering =
          store.abortRules(bucket).stream()
              .filter(rule -> prefix.startsWith(rule.prefix()))
              .min(Comparator.comparingInt(AbortRule::days));
      return covering
          .map(AbortRule::days)
          .map(days -> new Lifecycle(State.COVERED, "the bucket aborts unfinished uploads after " + days + " days"))
          .orElseGet(
              () ->
                  new Lifecycle(
                      State.MISSING,
                      "no lifecycle rule of bucket " + bucket + " aborts unfinished uploads"
                          + (prefix.isEmpty() ? "" : " below " + prefix)
                          + ": what a lost machine leaves is paid for until somebody aborts it; add a rule with"
                          + " AbortIncompleteMultipartUpload, some days longer than reelway.janitor.after"));
    } catch (StoreFailure e) {
      return new Lifecycle(State.UNKNOWN, "whether the bucket aborts unfinished uploads is unknown: "
          + (e.status() == 0 ? e.getMessage() : e.status() + " " + e.code()));
    }
  }
}
