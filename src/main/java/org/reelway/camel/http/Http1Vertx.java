package org.reelway.camel.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.TimeUnit;

/**
 * Vert.x whose HTTP servers speak HTTP/1 only, and keep {@link HttpLimits}. Camel makes its own with the options'
 * defaults, which know no limits and go over to HTTP/2 without TLS, where requests have no Host header that
 * {@link HttpGuard} could look at. Vert.x's own idle timeout cuts off answers that take long, and a byte now and then
 * keeps it away.
 */
public final class Http1Vertx extends VertxWrapper {
  private final HttpLimits limits;
  private final HttpPorts ports;

  public Http1Vertx(Vertx vertx, HttpLimits limits, HttpPorts ports) {
    super((VertxInternal) vertx);
    this.limits = limits;
    this.ports = ports;
  }

  @Override
  public HttpServer createHttpServer(HttpServerOptions options) {
    return new Server(options.setHttp2ClearTextEnabled(false))
        .invalidRequestHandler(HttpRefusal::invalid)
        .connectionHandler(this::limit);
  }

  private final class Server extends HttpServerImpl {
    Server(HttpServerOptions options) {
      super(Http1Vertx.this, options);
    }

    @Override
    public synchronized Future<HttpServer> listen(SocketAddress address) {
      ports.release(address.port());
      return super.listen(address).onFailure(problem -> ports.refused(address, problem));
    }
  }

  private void limit(HttpConnection accepted) {
    Channel connection = ((ConnectionBase) accepted).channel();
    ConnectionLimit all = connection.parent().pipeline().get(ConnectionLimit.class);
    connection.pipeline()
        .addBefore("handler", null, new WriteTimeoutHandler(limits.idle().toMillis(), TimeUnit.MILLISECONDS))
        .addBefore("handler", null, new RequestDeadline(limits, all));
  }

  @Override
  public Transport transport() {
    return new JDKTransport() {
      @Override
      public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap port) {
        super.configure(options, domainSocket, port);
        port.option(ChannelOption.RCVBUF_ALLOCATOR, new ServerChannelRecvByteBufAllocator())
            .handler(new ConnectionLimit(limits.connections()));
      }
    };
  }
}
