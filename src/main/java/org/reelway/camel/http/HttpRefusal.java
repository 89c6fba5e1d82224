package org.reelway.camel.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.reelway.failure.FailureClass;

/** Answers of our HTTP servers to requests that no route answers, in the form of {@link ApiAnswer}'s failures. */
public final class HttpRefusal {
  private HttpRefusal() {}

  /** The request is wrong. Nothing is sent where an answer was begun before. */
  public static void send(RoutingContext context, int status, String error) {
    send(context, status, failure(error, FailureClass.INPUT));
  }

  /** It may be asked again in a second. Shaped as a health answer too, for whoever asks after that. */
  public static void away(RoutingContext context, String error) {
    ObjectNode body = failure(error, FailureClass.OURS).put("status", "DOWN");
    body.putArray("checks").addObject().put("name", "running").put("status", "DOWN").put("message", error);
    context.response().putHeader("Retry-After", "1");
    send(context, 503, body);
  }

  /** For what its routes do not answer, or fail with: Vert.x has pages and plain words of its own for that. */
  static void replaceErrorsOf(Router router) {
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500, 501}) {
      router.errorHandler(status, context -> answer(context, status));
    }
  }

  private static void answer(RoutingContext context, int status) {
    HttpServerRequest request = context.request();
    if (status == 500) {
      RouteFailure known = RouteFailure.of(context.failure());
      send(context, known.status(), failure(known.told(), known.failureClass()));
    } else if (status == 404) {
      send(context, status, "there is nothing at " + request.path());
    } else if (status == 405) {
      send(context, status, request.method() + " is not taken at " + request.path());
    } else {
      send(context, status, HttpResponseStatus.valueOf(status).reasonPhrase());
    }
  }

  /** For what is no HTTP; the connection is closed. */
  static void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    HttpResponseStatus status =
        cause instanceof TooLongHttpLineException ? HttpResponseStatus.REQUEST_URI_TOO_LONG
            : cause instanceof TooLongHttpHeaderException ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            : HttpResponseStatus.BAD_REQUEST;
    send(AnswerHeaders.put(request.response()).putHeader("Connection", "close"), status.code(), status.reasonPhrase());
  }

  static ObjectNode failure(String error, FailureClass failureClass) {
    return JsonNodeFactory.instance.objectNode().put("error", error).put("class", failureClass.word());
  }

  public static void send(HttpServerResponse response, int status, String error) {
    send(response, status, failure(error, FailureClass.INPUT));
  }

  private static void send(RoutingContext context, int status, ObjectNode body) {
    send(context.response(), status, body);
  }

  private static void send(HttpServerResponse response, int status, ObjectNode body) {
    if (!response.headWritten()) {
      response.setStatusCode(status).putHeader("Content-Type", "application/json").end(body + "\n");
    }
  }
}
