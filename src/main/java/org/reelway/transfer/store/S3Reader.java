package org.reelway.transfer.store;

import java.io.IOException;
import org.reelway.transfer.store.S3Caller.Answer;

/** Sends a call and reads its success; one that cannot be read leaves open whether the call took effect. */
final class S3Reader {
  private final StoreAddress address;
  private final S3Caller caller;

  S3Reader(StoreAddress address, S3Caller caller) {
    this.address = address;
    this.caller = caller;
  }

  @FunctionalInterface
  interface Reading<T> {
    T of(Answer answer) throws IOException;
  }

  @FunctionalInterface
  interface XmlReading<T> {
    T of(XmlElement root, Answer answer) throws IOException;
  }

  <T> T ask(S3Call call, Reading<T> reading) {
    Answer answer = caller.call(call);
    try {
      return reading.of(answer);
    } catch (IOException e) {
      throw S3Failures.unreadable(call, address, e);
    }
  }

  /** An error in the document of a success is a failure. */
  <T> T askXml(S3Call call, XmlReading<T> reading) {
    return ask(
        call,
        answer -> {
          XmlElement root = S3Xml.parse(answer.body());
          if (root.name().equals("Error")) {
            throw S3Failures.failure(call, address, answer.http(), root);
          }
          return reading.of(root, answer);
        });
  }
}
