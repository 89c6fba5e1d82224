package org.reelway.camel;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stands before everything that an HTTP server of ours answers. With credentials set, asks for them (HTTP basic, RFC
 * 7617). On loopback without credentials, refuses what a web page in a browser on this machine could send: requests from
 * another origin, and names that are not this machine's (DNS rebinding).
 */
final class HttpGuard implements AuthenticationHandler {
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /** Of a request, in bytes. */
  static final int LARGEST_BODY = 64 * 1024;

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  private final byte[] expected;

  /** @param username null, with password null, where none are set */
  HttpGuard(String username, String password) {
    this.expected = username == null ? null : basic(username, password);
  }

  private static byte[] basic(String username, String password) {
    String pair = username + ":" + password;
    return ("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void handle(RoutingContext context) {
    if (isTooLong(context)) {
      // Said here, for the server's own refusal gives no reason.
      refuse(context, 413, "the body is longer than " + LARGEST_BODY + " bytes, and no request of ours is");
    } else if (isForeignPage(context)) {
      refuse(context, 403, "requests of web pages from elsewhere are not taken");
    } else if (expected == null ? isOwnName(context) : isAuthorized(context)) {
      context.next();
    } else if (expected == null) {
      refuse(context, 403, "the Host header is not this machine's loopback name; set a username and a password to allow others");
    } else {
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"reelway\", charset=\"UTF-8\"");
      refuse(context, 401, "username and password are needed");
    }
  }

  private static boolean isTooLong(RoutingContext context) {
    String length = context.request().getHeader("Content-Length");
    // One that is no number has been refused before.
    return length != null && length.strip().matches("[0-9]{1,18}") && Long.parseLong(length.strip()) > LARGEST_BODY;
  }

  private static boolean isForeignPage(RoutingContext context) {
    String origin = context.request().getHeader("Origin");
    String host = context.request().getHeader("Host");
    boolean ownOrigin =
        origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    return !ownOrigin || "cross-site".equals(context.request().getHeader("Sec-Fetch-Site"));
  }

  private static boolean isOwnName(RoutingContext context) {
    String host = context.request().getHeader("Host");
    if (host == null) {
      return true;
    }
    int port = host.lastIndexOf(':');
    boolean hasPort = port > 0 && !host.endsWith("]");
    String name = hasPort ? host.substring(0, port) : host;
    return OWN_NAMES.contains(name) || LOOPBACK.matcher(name).matches();
  }

  private boolean isAuthorized(RoutingContext context) {
    String given = context.request().getHeader("Authorization");
    return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected);
  }

  private static void refuse(RoutingContext context, int status, String error) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end("{\"error\": \"" + error + "\", \"class\": \"input\"}\n");
  }
}
