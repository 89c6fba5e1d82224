package org.reelway.callback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.reelway.transfer.store.Trust;

/**
 * The HTTP client by which routes post callbacks: to allowed addresses only, each exchange within its time, over a
 * connection of its own, with no cookies, no proxy and no try of its own after the first.
 */
public final class CallbackClient implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
  private static final int MOST_CONNECTIONS = 64;
  private static final int LONGEST_HEADER_LINE = 8192;
  private static final int MOST_HEADER_LINES = 100;

  private final Trust trust;
  private final Duration connect;
  private final PoolingHttpClientConnectionManager connections;
  private final WholeExchange wholeExchange;
  private final CloseableHttpClient http;

  /**
   * @param trust whose certificates are believed
   * @param whole the longest time for a try, redirects included
   * @param userAgent with which it says who it is
   */
  public CallbackClient(AllowedHosts allowed, Trust trust, Duration whole, String userAgent) {
    this(allowed, InetAddress::getAllByName, trust, whole, userAgent);
  }

  CallbackClient(AllowedHosts allowed, Names.Lookup lookup, Trust trust, Duration whole, String userAgent) {
    this.trust = trust;
    this.connect = whole.compareTo(LONGEST_CONNECT) < 0 ? whole : LONGEST_CONNECT;
    this.connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new AddressGuard(allowed, lookup, connect))
            .setTlsSocketStrategy((socket, host, port, attachment, context) -> secured(socket, host, port))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom().setMaxLineLength(LONGEST_HEADER_LINE).setMaxHeaderCount(MOST_HEADER_LINES)
                            .build())
                    .build())
            .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(Timeout.of(connect)).build())
            .setMaxConnTotal(MOST_CONNECTIONS)
            .setMaxConnPerRoute(MOST_CONNECTIONS)
            .build();
    this.wholeExchange = new WholeExchange(whole);
    this.http =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setConnectionReuseStrategy((request, answer, context) -> false)
            .addRequestInterceptorLast(
                (request, entity, context) -> request.setHeader(HttpHeaders.CONNECTION, "close"))
            .addExecInterceptorFirst("whole-exchange", wholeExchange)
            .setDefaultRequestConfig(
                RequestConfig.custom().setProtocolUpgradeEnabled(false)
                    .setConnectionRequestTimeout(Timeout.of(whole)).build())
            .setUserAgent(userAgent)
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAuthCaching()
            .build();
  }

  /** For the option {@code httpClient} of Camel's component {@code http}. */
  public CloseableHttpClient http() {
    return http;
  }

  /** Connects as a callback would, and says nothing. @return why that cannot be done; empty where it can */
  public Optional<String> trouble(URI target) {
    HttpHost host = new HttpHost(target.getScheme(), target.getHost(), Redirect.port(target));
    HttpRoute route = Redirect.isSecure(target) ? new HttpRoute(host, null, true) : new HttpRoute(host);
    try {
      ConnectionEndpoint endpoint = connections.lease("trial", route, null).get(Timeout.of(connect));
      try {
        connections.connect(endpoint, TimeValue.of(connect), HttpClientContext.create());
      } finally {
        endpoint.close(CloseMode.IMMEDIATE);
        connections.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Answer.away(e).problem());
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the thread was interrupted");
    }
  }

  /** Ends what is under way now. */
  public void cut() {
    wholeExchange.cut();
  }

  private SSLSocket secured(Socket socket, String host, int port) throws IOException {
    SSLSocket secured = (SSLSocket) trust.context().getSocketFactory().createSocket(socket, host, port, true);
    try {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secured.setSSLParameters(parameters);
      secured.setSoTimeout((int) connect.toMillis());
      secured.startHandshake();
      secured.setSoTimeout(0);
      return secured;
    } catch (IOException | RuntimeException e) {
      secured.close();
      throw e;
    }
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
    wholeExchange.close();
  }
}
