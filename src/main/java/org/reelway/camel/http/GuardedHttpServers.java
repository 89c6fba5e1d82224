package org.reelway.camel.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;

/** Makes Camel's two HTTP servers with their certificates, and a {@link HttpGuard} in place before the first request can come. */
public final class GuardedHttpServers extends DefaultMainHttpServerFactory {
  private final HttpGuard http;
  private final Optional<ServerTls> httpTls;
  private final HttpGuard management;
  private final Optional<ServerTls> managementTls;

  public GuardedHttpServers(HttpGuard http, Optional<ServerTls> httpTls, HttpGuard management, Optional<ServerTls> managementTls) {
    this.http = http;
    this.httpTls = httpTls;
    this.management = management;
    this.managementTls = managementTls;
  }

  @Override
  public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
    Service server = super.newHttpServer(context, properties);
    guard(((MainHttpServer) server).getConfiguration(), http, httpTls);
    return server;
  }

  @Override
  public Service newHttpManagementServer(
      CamelContext context, HttpManagementServerConfigurationProperties properties) {
    Service server = super.newHttpManagementServer(context, properties);
    management.answerHealthBy(new HealthHandler(context));
    guard(((ManagementHttpServer) server).getConfiguration(), management, managementTls);
    return server;
  }

  private static void guard(
      VertxPlatformHttpServerConfiguration configuration, HttpGuard guard, Optional<ServerTls> tls) {
    tls.ifPresent(each -> configuration.setSslContextParameters(each.parameters()));
    AuthenticationConfigEntry everything =
        new AuthenticationConfigEntry() {
          @Override
          public Handler<RoutingContext> createAuthenticationHandler(Vertx vertx) {
            return guard;
          }
        };
    everything.setPath("/*");
    AuthenticationConfig config = new AuthenticationConfig(List.of(everything));
    config.setEnabled(true);
    configuration.setAuthenticationConfig(config);
  }
}
