package org.reelway.mediaserver;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.reelway.failure.InputFailure;

/**
 * A media server's request.
 *
 * @param remote address that it came from, without port
 * @param form fields of a form; empty where the body is none
 * @param received when
 */
public record EventRequest(String remote, byte[] body, Map<String, String> form, Instant received) {
  /** Of a body; a stream's statistics have a few thousand bytes. */
  static final int LARGEST_BODY = 64 * 1024;

  public EventRequest {
    form = Map.copyOf(form);
  }

  /** @throws InputFailure where the body is too long, or no text */
  public String text() {
    if (body.length > LARGEST_BODY) {
      throw new InputFailure("the body has " + body.length + " bytes; at most " + LARGEST_BODY + " are taken");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new InputFailure("the body is not UTF-8");
    }
  }
}
