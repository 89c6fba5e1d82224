package org.reelway.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;

/**
 * Calls in the form of Flashphoner WCS's REST API: a JSON object is posted, and what went well is answered with 200, with a
 * body only where there is something to tell.
 */
final class WcsCalls {
  private static final JsonMapper JSON = ForeignJson.reader().build();

  private WcsCalls() {}

  /**
   * Does what the body asks for.
   *
   * @param action what it gives is the answer's JSON, empty for none
   */
  static void answer(Exchange exchange, Function<JsonNode, Optional<Object>> action) {
    byte[] bytes = exchange.getMessage().getBody(byte[].class);
    Optional<Object> content = action.apply(json(bytes == null ? new byte[0] : bytes));
    if (content.isPresent()) {
      ApiAnswer.give(exchange, 200, content::get);
    } else {
      ApiAnswer.text(exchange, 200, "application/json", "");
    }
  }

  /** A member that is a text, or nothing; empty for nothing. @throws InputFailure it is something else */
  static String text(JsonNode json, String member) {
    JsonNode value = json.path(member);
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new InputFailure(
          "\"" + member + "\" is no text but " + value.getNodeType().name().toLowerCase(Locale.ROOT) + "; put it in quotes");
    }
    return value.asText();
  }

  /** As {@link #text}, where a number is right as well. */
  static String word(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return value.isNumber() ? value.asText() : text(json, member);
  }

  private static JsonNode json(byte[] bytes) {
    try {
      JsonNode body = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
      if (!body.isObject()) {
        throw new InputFailure("the body is no JSON object");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new InputFailure("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new InputFailure("the body cannot be read: " + e.getMessage());
    }
  }
}
