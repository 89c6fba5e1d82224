package org.reelway.transfer.habits;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.store.Question;
import org.reelway.transfer.store.S3Questions;
import org.reelway.transfer.store.StoreAnswer;
import org.reelway.transfer.store.StoreFailure;

/** Puts questions to one bucket, below a folder of its own, and collects what is found. Used by one thread. */
final class Asking {
  private static final int TRIES = 3;
  private static final long PAUSE_MILLIS = 200;
  /** The store's word for "not now"; any other refusal is its answer to the question. */
  private static final Set<Integer> BUSY = Set.of(429, 503);

  private final S3Questions questions;
  private final String bucket;
  private final String folder;
  private final Map<String, String> found = new TreeMap<>();
  private final Set<String> retryAfter = new TreeSet<>();
  private final Set<String> written = new TreeSet<>();
  private final List<Upload> uploads = new ArrayList<>();
  private int requests;

  /** @param folder what every key starts with; ends with a slash */
  Asking(S3Questions questions, String bucket, String folder) {
    this.questions = questions;
    this.bucket = bucket;
    this.folder = folder;
  }

  String folder() {
    return folder;
  }

  String key(String name) {
    return folder + name;
  }

  void found(String habit, String value) {
    found.put(habit, value);
  }

  /** In words: the status, and the code where there is one. */
  void found(String habit, StoreAnswer answer) {
    found(habit, words(answer));
  }

  static String words(StoreAnswer answer) {
    return answer.status() + answer.code().map(code -> " " + code).orElse("");
  }

  Map<String, String> found() {
    return found;
  }

  int requests() {
    return requests;
  }

  /** Answers that said when to come back, as {@code 503: 5}: they come by chance, and are no habit. */
  Set<String> retryAfter() {
    return retryAfter;
  }

  /**
   * One answer that is meant: a server's error is one when it comes each time.
   *
   * @throws DestinationFailure when the store is away, or too busy to tell
   */
  StoreAnswer ask(Question question) {
    if (question.body() != null) {
      willWrite(question.key());
    }
    for (int attempt = 1; ; attempt++) {
      try {
        requests++;
        StoreAnswer answer = questions.ask(bucket, question);
        answer.header("Retry-After").ifPresent(value -> retryAfter.add(answer.status() + ": " + value));
        if (answer.status() < 500 && answer.status() != 429 || answer.status() == 501) {
          return answer;
        }
        if (attempt >= TRIES) {
          return requireNotBusy(question, answer);
        }
      } catch (StoreFailure e) {
        if (attempt >= TRIES) {
          throw e;
        }
      }
      pause();
    }
  }

  private StoreAnswer requireNotBusy(Question question, StoreAnswer answer) {
    if (BUSY.contains(answer.status())) {
      throw new DestinationFailure(
          "the store is too busy to be probed: it answered " + TRIES + " times " + words(answer) + " to "
              + question.method() + " " + question.key() + "; try again later");
    }
    return answer;
  }

  /** Told before it is done, for an answer may be lost. */
  void willWrite(String key) {
    written.add(key);
  }

  /** Keys that may hold an object. */
  Set<String> written() {
    return written;
  }

  void begun(Upload upload) {
    uploads.add(upload);
  }

  List<Upload> uploads() {
    return uploads;
  }

  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
  }

  StoreAnswer put(String name, byte[] body) {
    return ask(Question.of("PUT", key(name)).body(body));
  }

  StoreAnswer head(String name) {
    return ask(Question.of("HEAD", key(name)));
  }

  /** Some stores refuse to be asked so. */
  StoreAnswer headWithChecksums(String name) {
    return ask(Question.of("HEAD", key(name)).header("x-amz-checksum-mode", "ENABLED"));
  }
}
