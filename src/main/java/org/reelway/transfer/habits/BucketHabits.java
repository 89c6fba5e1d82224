package org.reelway.transfer.habits;

import java.util.List;
import java.util.stream.Collectors;
import org.reelway.transfer.store.AbortRule;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreAnswer;
import org.reelway.transfer.store.StoreFailure;

/** How the bucket is set up, as far as it matters to recordings. */
final class BucketHabits {
  private final Asking asking;
  private final Store store;
  private final String bucket;

  BucketHabits(Asking asking, Store store, String bucket) {
    this.asking = asking;
    this.store = store;
    this.bucket = bucket;
  }

  void look() {
    StoreAnswer versioning = asking.ask(Question.of("GET", null).query("versioning", ""));
    asking.found(
        "bucket.versioning",
        versioning.isSuccess() ? versioning.text("Status").orElse("never enabled") : Asking.words(versioning));
    asking.found("bucket.lifecycle.aborts-uploads", lifecycle());
  }

  private String lifecycle() {
    try {
      List<AbortRule> rules = store.abortRules(bucket);
      return rules.isEmpty()
          ? "no rule"
          : rules.stream()
              .map(rule -> "after " + rule.days() + " days below \"" + rule.prefix() + "\"")
              .sorted()
              .collect(Collectors.joining(", "));
    } catch (StoreFailure e) {
      return "unknown: " + e.status() + " " + e.code();
    }
  }
}
