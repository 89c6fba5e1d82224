package org.reelway.camel;

import io.vertx.ext.web.Router;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.reelway.camel.http.HttpPaths;
import org.reelway.camel.jmx.HawtioPage;
import org.reelway.camel.jmx.JmxPolicy;
import org.reelway.camel.jmx.Jolokia;
import org.reelway.settings.JmxSettings;
import org.reelway.settings.JmxSettings.RouteAccess;
import org.reelway.settings.Settings;

/** JMX over HTTP and, where it is switched on, Hawtio's page: both on the management server, behind its guard. */
final class JmxFeature extends Feature {
  private final HttpFeature http;
  private final Jolokia jolokia;
  /** Null where it is off. */
  private final HawtioPage page;
  private CamelContext camel;

  JmxFeature(Settings settings, HttpFeature http) {
    this.http = http;
    this.jolokia = new Jolokia(new JmxPolicy(settings.get(JmxSettings.ROUTES) == RouteAccess.OPERATE), http.audit);
    this.page = settings.get(JmxSettings.ENABLED) ? new HawtioPage() : null;
  }

  @Override
  void configure(CamelContext camel) {
    this.camel = camel;
  }

  /** Camel's server is there by now. */
  @Override
  void begin() {
    jolokia.start();
    Router router =
        VertxPlatformHttpRouter.lookup(camel, VertxPlatformHttpRouter.getRouterNameFromPort(http.management().getPort()));
    answer(router, HttpPaths.JOLOKIA);
    if (page != null) {
      answer(router, HawtioPage.PATH + "/jolokia");
      router.get(HawtioPage.PATH + "*").blockingHandler(page);
    }
  }

  private void answer(Router router, String path) {
    router.get(path + "*").blockingHandler(jolokia);
    router.post(path + "*").blockingHandler(jolokia);
  }

  @Override
  void close() {
    jolokia.close();
  }
}
