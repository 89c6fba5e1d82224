package org.reelway.transfer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/** The calls of one probe, all with the same few bytes, and what they found. Used by one thread. */
final class ProbeCalls {
  static final Body.Bytes CONTENT = new Body.Bytes("reelway probe\n".getBytes(StandardCharsets.US_ASCII));
  private static final int TRIES = 3;
  private static final long PAUSE_MILLIS = 100;

  final Store store;
  final String bucket;
  /** Of the object that is there during all of the probe. */
  final String key;
  final ObjectAttributes attributes;
  final List<Step> steps = new ArrayList<>();
  private final Set<String> written = new LinkedHashSet<>();

  /** @param attributes of every object */
  ProbeCalls(Store store, String bucket, String key, ObjectAttributes attributes) {
    this.store = store;
    this.bucket = bucket;
    this.key = key;
    this.attributes = attributes;
  }

  /** The store's answer was to the moment, not to the question. */
  static final class NotNow extends RuntimeException {
    NotNow(StoreFailure failure) {
      super(failure);
    }
  }

  void step(String what, Outcome outcome, String found) {
    steps.add(new Step(what, outcome, found));
  }

  StoredObject put(String to, Checksum checksum, Precondition precondition) {
    return store.put(bucket, willWrite(to), CONTENT, checksum, attributes, precondition, Sent.NOBODY);
  }

  /** Told before it is done, for an answer may be lost. */
  String willWrite(String to) {
    written.add(to);
    return to;
  }

  /** Keys that may hold an object of this probe. */
  Set<String> written() {
    return written;
  }

  void abortQuietly(String to, String uploadId) {
    try {
      run(() -> store.abortMultipart(bucket, to, uploadId));
    } catch (StoreFailure e) {
      step("abort", Outcome.LESS, "the probe's own upload stays in the bucket: " + e.getMessage());
    }
  }

  /** A call that every store must take. */
  static <T> T call(Supplier<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (StoreFailure e) {
        if (!e.isTransient() || attempt >= TRIES) {
          throw e;
        }
        pause();
      }
    }
  }

  static void run(Runnable request) {
    call(
        () -> {
          request.run();
          return null;
        });
  }

  /**
   * Asks for something that a store need not know. A refusal is its answer when it is clear, or when it comes each time
   * although the store takes a plain object in between: some answer 500 to headers that they do not know, or say that the
   * signature is wrong.
   *
   * @throws NotNow when the store is too busy, or too far away, to tell
   * @throws StoreFailure also when the credentials have ended: that must not be remembered as an answer
   */
  <T> T ask(Supplier<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (StoreFailure e) {
        if (!isOfTheMoment(e)) {
          throw e;
        }
        pause();
        requireThatItTakesObjects();
        if (attempt >= TRIES) {
          throw e;
        }
      }
    }
  }

  void ask(Runnable request) {
    ask(
        () -> {
          request.run();
          return null;
        });
  }

  private void requireThatItTakesObjects() {
    try {
      put(key, null, Precondition.NONE);
    } catch (StoreFailure e) {
      if (e.isAboutCredentials()) {
        throw e;
      }
      throw new NotNow(e);
    }
  }

  /** A wrong checksum is passing too, for a byte may have changed on its way; here it is the answer. */
  private static boolean isOfTheMoment(StoreFailure e) {
    return e.isAboutCredentials() || e.isTransient() && !e.isWrongDigest();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferStopped(e);
    }
  }
}
