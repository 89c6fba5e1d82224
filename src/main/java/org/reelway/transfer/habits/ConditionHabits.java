package org.reelway.transfer.habits;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/** Conditional writes: a 2xx where the condition is false says that it is ignored. */
final class ConditionHabits {
  private static final byte[] CONTENT = "reelway probe\n".getBytes(StandardCharsets.US_ASCII);
  private static final String ANOTHER = "\"00000000000000000000000000000000\"";
  private static final UnaryOperator<Question> IF_ABSENT = question -> question.header("If-None-Match", "*");

  private final Asking asking;

  ConditionHabits(Asking asking) {
    this.asking = asking;
  }

  void look() {
    asking.put("used", CONTENT);
    asking.found("condition.put.if-none-match.free-key", put("free", IF_ABSENT));
    asking.found("condition.put.if-none-match.used-key", put("used", IF_ABSENT));
    asking.found("condition.put.if-match.no-object", put("none", ifMatch(ANOTHER)));
    asking.found("condition.put.if-match.other-etag", put("used", ifMatch(ANOTHER)));
    asking.found("condition.put.if-match.same-etag", put("used", ifMatch(etag("used"))));
    complete("condition.complete.if-none-match.free-key", "complete-free", IF_ABSENT);
    complete("condition.complete.if-none-match.used-key", "used", IF_ABSENT);
    complete("condition.complete.if-match.no-object", "complete-none", ifMatch(ANOTHER));
    complete("condition.complete.if-match.other-etag", "used", ifMatch(ANOTHER));
    complete("condition.complete.if-match.same-etag", "used", ifMatch(etag("used")));
  }

  private static UnaryOperator<Question> ifMatch(String etag) {
    return question -> question.header("If-Match", etag);
  }

  /** As the store gives it; one that no object has where it gives none. */
  private String etag(String name) {
    return asking.head(name).header("ETag").orElse(ANOTHER);
  }

  private StoreAnswer put(String name, UnaryOperator<Question> condition) {
    return asking.ask(condition.apply(Question.of("PUT", asking.key(name)).body(CONTENT)));
  }

  private void complete(String habit, String name, UnaryOperator<Question> condition) {
    Upload upload = Upload.begin(asking, name);
    Question.Part part = upload.store(1, CONTENT);
    StoreAnswer answer = asking.ask(condition.apply(Question.complete(upload.key(), upload.id(), part)));
    asking.found(habit, answer);
    if (answer.status() == 412) {
      boolean stays = upload.list().texts("Part", "PartNumber").size() == 1;
      asking.found(habit + ".upload-afterwards", stays ? "stays" : "is gone");
    }
  }
}
