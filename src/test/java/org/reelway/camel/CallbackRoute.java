package org.reelway.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.RouteController;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.function.ThrowingBiConsumer;
import org.apache.camel.util.function.ThrowingConsumer;
import org.reelway.callback.CallbackClient;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Delivery;
import org.reelway.callback.Receivers;
import org.reelway.callback.Signer;
import org.reelway.transfer.Backoff;

/** The shipped route that delivers callbacks, run over an outbox of a test. */
public final class CallbackRoute implements AutoCloseable {
  private static final Path SHIPPED = Path.of("routes/65-callbacks.camel.yaml");

  private final DefaultCamelContext camel = new DefaultCamelContext();

  /** Pauses are 5 s to 15 min; given up is after 3 days. */
  public CallbackRoute(
      Deliveries deliveries, Receivers receivers, Signer signer, CallbackClient client, Clock clock) {
    Properties settings = new Properties();
    settings.put("reelway.callbacks.retry-first", "5s");
    settings.put("reelway.callbacks.retry-max", "15m");
    settings.put("reelway.callbacks.give-up-after", "3d");
    settings.put("reelway.callbacks.link-expires-ms", "0");
    settings.put("reelway.roles.callbacks", "true");
    camel.getPropertiesComponent().setInitialProperties(settings);
    camel.disableJMX();
    CallbackSteps steps =
        new CallbackSteps(
            null, deliveries, null, receivers, signer, client,
            new Delivery.Terms(new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(15)), Duration.ofDays(3)), recording -> Optional.empty(),
            clock);
    camel.addComponent("reelway", new ReelwayComponent());
    camel.getComponent("kamelet", KameletComponent.class).setLocation("file:kamelets");
    camel.getRegistry().bind("callbackSteps", steps);
    camel.getRegistry().bind("callbackClient", client.http());
  }

  /** As it is shipped, without what asks after callbacks: that needs a server. */
  public static String shipped() {
    try {
      String all = Files.readString(SHIPPED);
      int rest = all.indexOf("- route:", all.indexOf("id: callback-delivery"));
      return rest < 0 ? all : all.substring(0, rest);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** @param advice of its first route */
  public CallbackRoute start(String yaml, ThrowingConsumer<AdviceWithRouteBuilder, Exception> advice) {
    try {
      PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("callbacks.yaml", yaml));
      AdviceWith.adviceWith(camel, camel.getRouteDefinitions().get(0).getRouteId(), false, advice);
      camel.start();
      return this;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The source, which is a route of its kamelet. */
  public void stop() {
    control(RouteController::stopRoute);
  }

  public void startAgain() {
    control(RouteController::startRoute);
  }

  private void control(ThrowingBiConsumer<RouteController, String, Exception> change) {
    String source = camel.getRoutes().stream()
        .filter(route -> route.getEndpoint().getEndpointUri().contains("reelway:")).findFirst().orElseThrow().getRouteId();
    try {
      change.accept(camel.getRouteController(), source);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public DefaultCamelContext camel() {
    return camel;
  }

  @Override
  public void close() {
    camel.stop();
  }
}
