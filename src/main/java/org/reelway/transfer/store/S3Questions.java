package org.reelway.transfer.store;

import java.util.Set;

/** Asks a store once, and tells the answer as it is: no retry, nothing learnt from it, no failure made of a refusal. */
public final class S3Questions {
  /** What reads an object, or adds to one. */
  private static final Set<String> USING = Set.of("GET", "HEAD", "PUT", "POST");

  private final S3Caller caller;
  private final Encryption encryption;

  S3Questions(S3Caller caller, Encryption encryption) {
    this.caller = caller;
    this.encryption = encryption;
  }

  /** @throws StoreFailure when no answer came */
  public StoreAnswer ask(String bucket, Question question) {
    S3Call call = new S3Call(question.method(), bucket, question.key());
    question.query().forEach(call::query);
    question.headers().forEach(call::header);
    if (makesObject(question)) {
      call.attributes(ObjectAttributes.NONE, encryption);
    } else if (question.key() != null && USING.contains(question.method())) {
      call.using(encryption);
    }
    if (question.body() != null) {
      call.body(question.body(), Sent.NOBODY);
    }
    S3Caller.Answer answer = caller.once(call, question.clockOff());
    return new StoreAnswer(answer.http(), answer.body());
  }

  private static boolean makesObject(Question question) {
    boolean put = question.method().equals("PUT") && !question.query().containsKey("partNumber");
    return question.key() != null && (put || question.query().containsKey("uploads"));
  }
}
