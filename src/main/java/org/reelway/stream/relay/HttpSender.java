package org.reelway.stream.relay;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Connections to HTTP destinations, and threads that wait for them. Safe for several threads. */
final class HttpSender {
  private static final Duration TO_CONNECT = Duration.ofSeconds(10);

  private final Authorities authorities;
  private final Executor threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "relay-http");
            thread.setDaemon(true);
            return thread;
          });
  private SSLContext trust;
  private HttpClient client;

  HttpSender(Authorities authorities) {
    this.authorities = authorities;
  }

  /** Another one when other authorities are trusted. */
  synchronized HttpClient client() {
    SSLContext now = authorities.context();
    if (client == null || now != trust) {
      trust = now;
      client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TO_CONNECT).sslContext(now).build();
    }
    return client;
  }

  Executor threads() {
    return threads;
  }
}
