package org.reelway.camel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import org.reelway.failure.FailureClass;

/** Answers of our HTTP servers to requests that reach no route, in the form of {@link ApiAnswer}'s failures. */
final class HttpRefusal {
  private HttpRefusal() {}

  /** The request is wrong. Nothing is sent where an answer was begun before. */
  static void send(RoutingContext context, int status, String error) {
    send(context, status, failure(error, FailureClass.INPUT));
  }

  /** It may be asked again in a second. Shaped as a health answer too, for whoever asks after that. */
  static void away(RoutingContext context, String error) {
    ObjectNode body = failure(error, FailureClass.OURS).put("status", "DOWN");
    body.putArray("checks").addObject().put("name", "running").put("status", "DOWN").put("message", error);
    context.response().putHeader("Retry-After", "1");
    send(context, 503, body);
  }

  private static ObjectNode failure(String error, FailureClass failureClass) {
    return JsonNodeFactory.instance.objectNode().put("error", error).put("class", failureClass.word());
  }

  private static void send(RoutingContext context, int status, ObjectNode body) {
    if (!context.response().headWritten()) {
      context.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(body + "\n");
    }
  }
}
