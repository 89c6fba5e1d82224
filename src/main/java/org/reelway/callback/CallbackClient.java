package org.reelway.callback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpHeaders;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.http.HttpCaller;
import org.reelway.transfer.store.Trust;

/**
 * The HTTP client by which routes post callbacks: to allowed addresses only, and over a connection of its own for each.
 */
public final class CallbackClient implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
  private static final int MOST_CONNECTIONS = 64;
  /** More than {@link CallbackAnswers} leaves of any. */
  private static final int LONGEST_BODY = 64 * 1024;

  private final HttpCaller caller;

  /**
   * @param trust whose certificates are believed
   * @param whole the longest time for a try, redirects included
   * @param userAgent with which it says who it is
   */
  public CallbackClient(AllowedHosts allowed, Trust trust, Duration whole, String userAgent) {
    this(allowed, InetAddress::getAllByName, trust, whole, userAgent);
  }

  CallbackClient(AllowedHosts allowed, HostNames.Lookup lookup, Trust trust, Duration whole, String userAgent) {
    Duration connect = whole.compareTo(LONGEST_CONNECT) < 0 ? whole : LONGEST_CONNECT;
    this.caller =
        new HttpCaller(
            trust, new AddressGuard(allowed, lookup, connect),
            new HttpCaller.Limits(connect, whole, whole, LONGEST_BODY, MOST_CONNECTIONS),
            (builder, deadline) ->
                builder
                    .setConnectionReuseStrategy((request, answer, context) -> false)
                    .addRequestInterceptorLast(
                        (request, entity, context) -> request.setHeader(HttpHeaders.CONNECTION, "close"))
                    .addExecInterceptorFirst("answers", new CallbackAnswers(deadline))
                    .setUserAgent(userAgent));
  }

  /** For the option {@code httpClient} of Camel's component {@code http}. */
  public CloseableHttpClient http() {
    return caller.client();
  }

  /** Connects as a callback would, and says nothing. @return why that cannot be done; empty where it can */
  public Optional<String> trouble(URI target) {
    try {
      caller.connect(target);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Answer.away(e).problem());
    }
  }

  /** Ends what is under way now. */
  public void cut() {
    caller.cut();
  }

  @Override
  public void close() {
    caller.close();
  }
}
