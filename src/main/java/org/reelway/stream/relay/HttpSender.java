package org.reelway.stream.relay;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.classic.HttpClient;
import org.reelway.failure.DaemonThreads;
import org.reelway.transfer.http.HttpCaller;

/** Connections to HTTP destinations, and threads that wait for them. Safe for several threads. */
final class HttpSender {
  private static final Duration TO_CONNECT = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final int MOST_CONNECTIONS = 1000;

  private final HttpCaller caller;
  private final Executor threads = Executors.newCachedThreadPool(DaemonThreads.named("relay-http"));

  /** @param patience with one answer */
  HttpSender(Authorities authorities, Duration patience) {
    this.caller =
        new HttpCaller(
            authorities::context, new HttpCaller.Limits(TO_CONNECT, patience, patience, LONGEST_ANSWER, MOST_CONNECTIONS));
  }

  HttpClient client() {
    return caller.client();
  }

  Executor threads() {
    return threads;
  }
}
