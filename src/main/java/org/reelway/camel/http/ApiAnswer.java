package org.reelway.camel.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.camel.Exchange;

/** Answers HTTP requests to routes that are no REST routes, and all that failed: {@code {"error": …, "class": …}}. */
public final class ApiAnswer {
  private static final int RETRY_AFTER_SECONDS = 10;
  private static final JsonMapper JSON = ApiJson.mapper();

  private ApiAnswer() {}

  public static void failed(Exchange exchange, Throwable failure) {
    RouteFailure known = RouteFailure.of(failure);
    send(
        exchange, known.status(),
        JSON.createObjectNode().put("error", known.told()).put("class", known.failureClass().word()));
    if (known.status() == 503) {
      exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
  }

  private static void send(Exchange exchange, int status, Object content) {
    try {
      text(exchange, status, "application/json", JSON.writeValueAsString(content));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers with this very body, for whoever wants another form than ours. */
  public static void text(Exchange exchange, int status, String contentType, String body) {
    // Nothing of the request may come back as a header of the answer.
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
    exchange.getMessage().setBody(body);
  }
}
