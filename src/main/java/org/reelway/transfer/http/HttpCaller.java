package org.reelway.transfer.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.reelway.transfer.store.Trust;

/**
 * The HTTP client for all but the store: each exchange is bounded in time and bytes, certificates are checked with their
 * host's name, and nothing is followed, repeated, remembered or unpacked. No proxy is asked. Safe for several threads.
 */
public final class HttpCaller implements AutoCloseable {
  private static final int LONGEST_HEADER_LINE = 8192;
  private static final int MOST_HEADER_LINES = 100;

  private final Trust trust;
  private final Limits limits;
  private final PoolingHttpClientConnectionManager connections;
  private final Deadline deadline;
  private final CloseableHttpClient client;

  /**
   * What an exchange may take.
   *
   * @param connect the longest time for a connection, TLS included
   * @param silence the longest time without a byte of an answer
   * @param whole the longest time for all of it
   * @param longestBody of an answer; a longer one fails
   * @param connections at a time
   */
  public record Limits(Duration connect, Duration silence, Duration whole, int longestBody, int connections) {}

  /** As the name service says. */
  public HttpCaller(Trust trust, Limits limits) {
    this(trust, resolver(new HostNames(), limits.connect()), limits, (builder, deadline) -> {});
  }

  /**
   * @param trust whose certificates are believed, asked for each connection
   * @param names which addresses may be connected to; nothing else looks names up
   * @param more what this client does beyond that
   */
  public HttpCaller(Trust trust, DnsResolver names, Limits limits, BiConsumer<HttpClientBuilder, Deadline> more) {
    this.trust = trust;
    this.limits = limits;
    this.connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(names)
            .setTlsSocketStrategy((socket, host, port, attachment, context) -> secured(socket, host, port))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom().setMaxLineLength(LONGEST_HEADER_LINE).setMaxHeaderCount(MOST_HEADER_LINES)
                            .build())
                    .build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(Timeout.of(limits.connect()))
                    .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS).build())
            .setMaxConnTotal(limits.connections())
            .setMaxConnPerRoute(limits.connections())
            .build();
    this.deadline = new Deadline(limits.whole(), limits.longestBody());
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom().setProtocolUpgradeEnabled(false)
                    .setConnectionRequestTimeout(Timeout.of(limits.whole())).setResponseTimeout(Timeout.of(limits.silence()))
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAuthCaching();
    more.accept(builder, deadline);
    // Around what was added before.
    this.client = builder.addExecInterceptorFirst("deadline", deadline).build();
  }

  private static DnsResolver resolver(HostNames names, Duration longest) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return names.of(host, longest).toArray(InetAddress[]::new);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  public CloseableHttpClient client() {
    return client;
  }

  /** Connects as for an exchange, and says nothing. */
  public void connect(URI target) throws IOException {
    HttpHost host = RoutingSupport.normalize(HttpHost.create(target), DefaultSchemePortResolver.INSTANCE);
    HttpRoute route = target.getScheme().equalsIgnoreCase("https") ? new HttpRoute(host, null, true) : new HttpRoute(host);
    try {
      ConnectionEndpoint endpoint = connections.lease("trial", route, null).get(Timeout.of(limits.connect()));
      try {
        connections.connect(endpoint, TimeValue.of(limits.connect()), HttpClientContext.create());
      } finally {
        endpoint.close(CloseMode.IMMEDIATE);
        connections.release(endpoint, null, TimeValue.ZERO_MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the thread was interrupted", e);
    }
  }

  /** Ends what is under way now. */
  public void cut() {
    deadline.cut();
  }

  private SSLSocket secured(Socket socket, String host, int port) throws IOException {
    SSLSocket secured = (SSLSocket) trust.context().getSocketFactory().createSocket(socket, host, port, true);
    try {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secured.setSSLParameters(parameters);
      secured.setSoTimeout((int) limits.connect().toMillis());
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
    client.close(CloseMode.IMMEDIATE);
    deadline.close();
  }
}
