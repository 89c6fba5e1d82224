package org.reelway.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Answers HTTP requests with JSON; failures become a status and {@code {"error": …, "class": …}}. */
final class ApiAnswer {
  private static final int RETRY_AFTER_SECONDS = 10;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ApiAnswer() {}

  static void give(Exchange exchange, int status, Supplier<Object> content) {
    send(exchange, status, content.get());
  }

  static void failed(Exchange exchange, Throwable failure) {
    RouteFailure known = RouteFailure.of(failure);
    send(exchange, known.status(), Map.of("error", known.told(), "class", known.failureClass().word()));
    if (known.status() == 503) {
      exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
  }

  private static void send(Exchange exchange, int status, Object content) {
    try {
      text(exchange, status, "application/json", JSON.writeValueAsString(content) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers with this very body, for whoever wants another form than ours. */
  static void text(Exchange exchange, int status, String contentType, String body) {
    // Nothing of the request may come back as a header of the answer.
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
    exchange.getMessage().setHeader("X-Content-Type-Options", "nosniff");
    exchange.getMessage().setHeader("Cache-Control", "no-store");
    exchange.getMessage().setBody(body);
  }
}
