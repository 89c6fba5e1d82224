package org.reelway.camel.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The whole body of a request, read before a route begins. Vert.x's BodyHandler, which Camel places before each route, wants
 * a folder for files as soon as a form comes, whatever Camel's settings say; it leaves alone what was read before it.
 */
final class RequestBody {
  /** In bytes. */
  static final int LONGEST = 64 * 1024;

  static final String TOO_LONG = "the body is longer than " + LONGEST + " bytes, and no request of ours is";

  private static final int MOST_FIELDS = 256;
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern FIRST_FIELD = Pattern.compile("[A-Za-z0-9_.-]{1,100}=");

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final Buffer body = Buffer.buffer();
  private boolean refused;

  private RequestBody(RoutingContext context) {
    this.context = context;
    this.request = context.request();
  }

  /** By what its head says. */
  static boolean isTooLong(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    // One that is no number has been refused before.
    return length != null && length.strip().matches("[0-9]{1,18}") && Long.parseLong(length.strip()) > LONGEST;
  }

  /** Goes on with the next handler once the body is there; refuses one that is too long, or no form where it says so. */
  static void read(RoutingContext context) {
    RequestBody reading = new RequestBody(context);
    if (type(context.request()).startsWith("multipart/form-data")) {
      // Fields are taken; of files in it nothing is kept.
      context.request().setExpectMultipart(true).uploadHandler(file -> file.handler(part -> {}));
    }
    context.request().exceptionHandler(reading::broken).handler(reading::add).endHandler(end -> reading.whole());
  }

  private static String type(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
  }

  private void add(Buffer part) {
    if (refused) {
      return;
    }
    if (body.length() + part.length() > LONGEST) {
      refuse(413, TOO_LONG);
    } else {
      body.appendBuffer(part);
    }
  }

  private void broken(Throwable failure) {
    refuse(400, "the body cannot be read: " + failure.getMessage());
  }

  private void refuse(int status, String error) {
    if (!refused) {
      refused = true;
      HttpRefusal.send(context, status, error);
    }
  }

  private void whole() {
    if (refused) {
      return;
    }
    try {
      String type = type(request);
      if (type.startsWith(FORM) || type.isEmpty() && FIRST_FIELD.matcher(body.toString()).lookingAt()) {
        form(body.toString());
      }
    } catch (IllegalArgumentException e) {
      refuse(400, "the form cannot be read: " + e.getMessage());
      return;
    }
    RoutingContextInternal internal = (RoutingContextInternal) context;
    internal.visitHandler(RoutingContextInternal.BODY_HANDLER);
    internal.setBody(body.length() == 0 ? null : body);
    context.next();
  }

  /** JSON that is sent as a form, as `curl -d` does unless it is told, is JSON; what looks like a form and says no type is one. */
  private void form(String text) {
    if (text.stripLeading().startsWith("{")) {
      request.headers().set("Content-Type", "application/json");
      return;
    }
    if (type(request).isEmpty()) {
      request.headers().set("Content-Type", FORM);
    }
    new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS)
        .parameters()
        .forEach((name, values) -> request.formAttributes().add(name, values));
  }
}
