package org.reelway.camel;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;

/**
 * Vert.x whose HTTP servers speak HTTP/1 only, close connections on which nothing happens, and have a limit of them: Camel
 * makes its own with the options' defaults, which know no limits and go over to HTTP/2 without TLS, where requests have no Host
 * header that {@link HttpGuard} could look at.
 */
final class Http1Vertx extends VertxWrapper {
  /** Longer than any answer takes: health waits two minutes for a store. */
  private static final int IDLE_SECONDS = 150;

  Http1Vertx(Vertx vertx) {
    super((VertxInternal) vertx);
  }

  @Override
  public HttpServer createHttpServer(HttpServerOptions options) {
    return super.createHttpServer(options.setHttp2ClearTextEnabled(false).setIdleTimeout(IDLE_SECONDS))
        .invalidRequestHandler(HttpRefusal::invalid)
        .connectionHandler(ConnectionLimit.ofProcess()::opened);
  }
}
