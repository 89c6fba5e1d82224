package org.reelway.camel.http;

import io.vertx.core.http.HttpServerResponse;

/**
 * Headers of every answer, by which a browser does less with it than it could. Routes of pages put others in the place of some.
 * Strict-Transport-Security is not among them: it would hold for all other ports of the host, too.
 */
final class AnswerHeaders {
  private AnswerHeaders() {}

  static HttpServerResponse put(HttpServerResponse response) {
    return response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .putHeader("Referrer-Policy", "no-referrer");
  }
}
