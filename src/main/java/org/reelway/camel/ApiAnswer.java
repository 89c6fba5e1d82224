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
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.ListFull;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests with JSON; failures become a status and {@code {"error": …, "class": …}}. */
final class ApiAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiAnswer.class);
  private static final Seldom FAILURES = new Seldom();
  private static final int RETRY_AFTER_SECONDS = 10;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ApiAnswer() {}

  static void give(Exchange exchange, int status, Supplier<Object> content) {
    try {
      send(exchange, status, content.get());
    } catch (ListFull e) {
      // Said in the log once, by the list.
      away(exchange, e.getMessage(), e.failureClass());
    } catch (NotFound e) {
      send(exchange, 404, Map.of("error", e.getMessage(), "class", FailureClass.INPUT.word()));
    } catch (RuntimeException e) {
      FailureClass failureClass = Failure.classOf(e);
      int code = failureClass == FailureClass.INPUT ? 422 : failureClass == FailureClass.DESTINATION ? 502 : 500;
      if (failureClass == FailureClass.OURS) {
        int times = FAILURES.due(e.getClass().getName());
        if (times > 0) {
          LOG.error("requests failed, {} since this was last said: {}", times, e.toString(), e);
        }
      }
      send(exchange, code, Map.of("error", String.valueOf(e.getMessage()), "class", failureClass.word()));
    }
  }

  /** It may be asked again later. */
  static void away(Exchange exchange, String error, FailureClass failureClass) {
    send(exchange, 503, Map.of("error", error, "class", failureClass.word()));
    exchange.getMessage().setHeader("Retry-After", RETRY_AFTER_SECONDS);
  }

  static void bad(Exchange exchange, int status, String error) {
    send(exchange, status, Map.of("error", error, "class", FailureClass.INPUT.word()));
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

  /** What was asked for is not there. */
  static final class NotFound extends RuntimeException {
    NotFound(String message) {
      super(message);
    }
  }
}
