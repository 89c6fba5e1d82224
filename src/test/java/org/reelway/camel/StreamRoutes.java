package org.reelway.camel;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.Settings;

/** Routes that begin with streams' events, with real events and without a server. */
abstract class StreamRoutes extends CamelTestSupport {
  protected final Properties placeholders = new Properties();
  @TempDir protected Path folder;
  protected StateFeature state;
  protected FolderFeature disk;
  protected EventFeature events;
  protected FleetFeature fleet;

  @Override
  public void configureTest(TestExecutionConfiguration test) {
    // Each test starts the routes that it has edited.
    test.withUseAdviceWith(true);
  }

  /** @param given settings */
  protected void open(Map<String, String> given) {
    Map<String, String> all = new HashMap<>(given);
    all.put("reelway.state.folder", folder.resolve("state").toString());
    state = new StateFeature(Settings.load(null, Map.of(), all), Path.of("."));
    disk = new FolderFeature(state);
    fleet = new FleetFeature(state, () -> URI.create("http://127.0.0.1:8090"));
    events = new EventFeature(state, fleet, disk, new ToldLiveFiles());
    events.recover();
    placeholders.putAll(CamelProperties.placeholders(state.settings));
  }

  @AfterEach
  void closeEvents() {
    context.stop();
    events.close();
    fleet.close();
    state.close();
  }

  /** @param beans of the routes, by name */
  protected void run(String routes, Map<String, Object> beans) throws Exception {
    CamelContext camel = context;
    camel.getPropertiesComponent().setInitialProperties(placeholders);
    camel.addComponent("reelway", new ReelwayComponent());
    camel.getRegistry().bind("EventFeature", events);
    camel.getComponent("kamelet", KameletComponent.class).setLocation("file:kamelets");
    camel.getRegistry().bind("streamNames", new StreamNames());
    beans.forEach(camel.getRegistry()::bind);
    PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("edited.yaml", routes));
    camel.start();
    events.begin();
  }

  /** @param event started or ended @param more members of the event, each behind a comma */
  protected void tell(String event, String stream, String more) throws InvalidPayloadException {
    DefaultExchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(
        "{\"event\":\"stream-" + event + "\",\"server\":\"s\",\"app\":\"live\",\"stream\":\"" + stream + "\"" + more + "}");
    events.api.plain(exchange);
    for (Object each : exchange.getMessage().getBody(List.class)) {
      exchange.setMessage((Message) each);
      events.api.store(exchange);
    }
  }
}
