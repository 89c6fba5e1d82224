package org.reelway.camel;

import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.reelway.camel.api.RecentLog;
import org.reelway.camel.api.SupportApi;
import org.reelway.failure.LogSubject;
import org.reelway.settings.LogSettings;
import org.reelway.settings.LogSettings.LogFormat;
import org.reelway.settings.Settings;
import org.slf4j.MDC;

/**
 * The log: its newest warnings for a support bundle, and the route that lines in JSON name. Camel's own way (useMdcLogging) names
 * the hidden routes that each use of a kamelet is.
 */
final class LogFeature extends Feature {
  @BindToRegistry("support")
  final SupportApi support;

  private final RecentLog recent = new RecentLog();
  private final boolean json;

  LogFeature(Settings settings) {
    json = settings.get(LogSettings.FORMAT) == LogFormat.JSON;
    support = new SupportApi(recent);
    recent.begin();
  }

  @Override
  void close() {
    recent.end();
  }

  @Override
  void configure(CamelContext camel) {
    if (json) {
      camel.addRoutePolicyFactory((context, id, route) -> new Named());
    }
  }

  private static final class Named extends RoutePolicySupport {
    private static final String BEFORE = "ReelwayLoggedRoute ";

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      if (!route.isCreatedByKamelet()) {
        exchange.setProperty(BEFORE + route.getRouteId(), MDC.get(LogSubject.ROUTE));
        MDC.put(LogSubject.ROUTE, route.getRouteId());
      }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      if (!route.isCreatedByKamelet()) {
        Object before = exchange.removeProperty(BEFORE + route.getRouteId());
        if (before instanceof String name) {
          MDC.put(LogSubject.ROUTE, name);
        } else {
          MDC.remove(LogSubject.ROUTE);
        }
      }
    }
  }
}
