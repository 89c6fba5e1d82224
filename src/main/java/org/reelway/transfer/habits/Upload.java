package org.reelway.transfer.habits;

import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.StoreAnswer;

/**
 * A multipart upload of the probe's.
 *
 * @param id empty where the store did not begin it: the answers to questions about it tell that
 */
record Upload(Asking asking, String key, String id, StoreAnswer created) {

  static Upload begin(Asking asking, String name) {
    return begin(asking, Question.of("POST", asking.key(name)));
  }

  /** @param create with headers of its own */
  static Upload begin(Asking asking, Question create) {
    StoreAnswer answer = asking.ask(create.query("uploads", "").body(new byte[0]));
    Upload upload = new Upload(asking, create.key(), answer.text("UploadId").orElse(""), answer);
    if (upload.isBegun()) {
      asking.begun(upload);
    }
    return upload;
  }

  boolean isBegun() {
    return !id.isEmpty();
  }

  Question part(int number, byte[] body) {
    return Question.of("PUT", key).query("partNumber", Integer.toString(number)).query("uploadId", id).body(body);
  }

  /** Stores it, and names it as a completion does. */
  Question.Part store(int number, byte[] body) {
    return named(number, asking.ask(part(number, body)));
  }

  static Question.Part named(int number, StoreAnswer answer) {
    return new Question.Part(number, Etags.plain(answer.header("ETag").orElse("")), null, null);
  }

  StoreAnswer complete(Question.Part... parts) {
    return asking.ask(Question.complete(key, id, parts));
  }

  StoreAnswer list() {
    return asking.ask(Question.of("GET", key).query("uploadId", id));
  }

  StoreAnswer abort() {
    return asking.ask(Question.of("DELETE", key).query("uploadId", id));
  }
}
