package org.reelway.stream.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.reelway.failure.InputFailure;

/**
 * A media server's request.
 *
 * @param server which server it is: what its hooks' address says behind {@code ?server=}, else where it came from,
 *     without port
 * @param method last segment of the path that was asked
 * @param form fields of a form, the first of each name; empty where the body is none
 * @param received when
 * @param place of a log's line, which no other has; empty for a request
 */
public record EventRequest(
    String server, String method, byte[] body, Map<String, String> form, Instant received, String place) {
  /** Of a body; a stream's statistics have a few thousand bytes. */
  static final int LARGEST_BODY = 64 * 1024;

  public EventRequest {
    form = Map.copyOf(form);
  }

  public EventRequest(String server, String method, byte[] body, Map<String, String> form, Instant received) {
    this(server, method, body, form, received, "");
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
