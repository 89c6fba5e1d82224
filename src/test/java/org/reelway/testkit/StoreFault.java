package org.reelway.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes wrong with one request, on the wire. */
public interface StoreFault {

  /** @param exchange one request of a client, and the way to the real store */
  void play(StoreExchange exchange) throws IOException;

  /** The store refuses, before it takes the body where the client asks first. */
  static StoreFault refusal(int status, String code) {
    return named(status + " " + code, exchange -> {
      exchange.skipBodyUnlessAsked();
      exchange.answer(status, error(code));
    });
  }

  /** The connection is reset in the middle of the body. */
  static StoreFault reset() {
    return named("reset", exchange -> {
      exchange.skipHalfOfBody();
      exchange.reset();
    });
  }

  /** The request is taken whole, and nothing is ever said. */
  static StoreFault silence() {
    return named("silence", exchange -> {
      exchange.skipBody();
      exchange.awaitClientsEnd();
    });
  }

  /** The store does what it was asked; its answer does not arrive. */
  static StoreFault lostAnswer() {
    return named("lost answer", exchange -> {
      exchange.forward(-1);
      exchange.reset();
    });
  }

  /**
   * The network holds the whole request, and sends it on to the store later.
   *
   * @param wait returns when it is to go on
   * @param answered told of the store's answer, which also goes to the client where it still waits
   */
  static StoreFault held(Runnable wait, java.util.function.Consumer<String> answered) {
    return named("held", exchange -> {
      byte[] answer = exchange.forwardAfter(wait);
      answered.accept(new String(answer, StandardCharsets.ISO_8859_1));
      exchange.say(answer);
    });
  }

  /** The store does what it was asked; half of its answer arrives. */
  static StoreFault halfAnswer() {
    return named("half answer", exchange -> {
      byte[] answer = exchange.forward(-1);
      exchange.say(java.util.Arrays.copyOf(answer, answer.length / 2));
    });
  }

  /** 200, and an error where the result should be; the store did nothing. */
  static StoreFault errorInSuccess(String code) {
    return named("200 with " + code, exchange -> {
      exchange.skipBody();
      exchange.answer(200, error(code));
    });
  }

  /** One bit of the body changes on its way to the store; of a request without a body, one of the answer. */
  static StoreFault flippedByte() {
    return named("flipped byte", exchange -> {
      long length = exchange.request().bodyLength();
      byte[] answer = exchange.forward(length / 2);
      exchange.say(length > 0 ? answer : flippedDigest(answer));
    });
  }

  /** One bit of the answer's last byte changes on its way to the client. */
  static StoreFault flippedAnswer() {
    return named("flipped answer", exchange -> {
      byte[] answer = exchange.forward(-1);
      answer[answer.length - 1] ^= 1;
      exchange.say(answer);
    });
  }

  /** In a HEAD's answer that is a digit of the checksum or ETag; elsewhere nothing. */
  private static byte[] flippedDigest(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    for (String header : new String[] {"x-amz-checksum-crc32c: ", "x-amz-checksum-crc64nvme: ", "ETag: \""}) {
      int at = text.toLowerCase(java.util.Locale.ROOT).indexOf(header.toLowerCase(java.util.Locale.ROOT));
      if (at >= 0) {
        byte[] flipped = answer.clone();
        int digit = at + header.length() + 1;
        flipped[digit] = (byte) (flipped[digit] == 'a' ? 'b' : 'a');
        return flipped;
      }
    }
    return answer;
  }

  private static byte[] error(String code) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>as the test says"
            + "</Message><RequestId>4711</RequestId></Error>";
    return xml.getBytes(StandardCharsets.UTF_8);
  }

  private static StoreFault named(String name, StoreFault fault) {
    return new StoreFault() {
      @Override
      public void play(StoreExchange exchange) throws IOException {
        fault.play(exchange);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
