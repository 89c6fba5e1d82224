package org.reelway.camel;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.function.ThrowingConsumer;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.callback.Outbox;
import org.reelway.callback.Receivers;
import org.reelway.callback.RecordingCallbacks;
import org.reelway.state.RecordingHistory;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.backup.BroughtBack;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RecordingWork;
import org.reelway.transfer.store.StoreClient;

/** The shipped routes of a verified recording, with their error policy, run over the parts of a test. */
public final class RecordingRoute implements AutoCloseable {
  private static final Path ERRORS = Path.of("routes/00-errors.camel.yaml");
  private static final Path BACKUP = Path.of("routes/60-backup.camel.yaml");
  private static final Path VERIFIED = Path.of("routes/30-recordings-verified.camel.yaml");

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ReturnedRecordings returned = new ReturnedRecordings();

  /**
   * @param state folder of our own
   * @param outbox null where nobody is told
   * @param receivers who are told of recordings
   * @param settings placeholders of routes, where they are not the usual ones
   */
  public RecordingRoute(
      RecordingFlow flow, RecordingManifests manifests, StoreClient store, RecordingHistory history, Path state,
      Outbox outbox, List<String> receivers, Map<String, String> settings) {
    Properties all = new Properties();
    all.put("reelway.store.bucket", TestStore.BUCKET);
    all.put("reelway.transfer.manifest", "on");
    all.put("reelway.transfer.on", "true");
    all.put("reelway.recordings.tidy", "keep");
    all.put("reelway.recordings.move-to", "");
    all.putAll(settings);
    camel.getPropertiesComponent().setInitialProperties(all);
    camel.disableJMX();
    CallbackSteps callbacks =
        new CallbackSteps(
            outbox, null, new RecordingCallbacks(outbox, receivers, history, Clock.systemUTC()), new Receivers(), null, null, null,
            null, null);
    camel.addComponent("reelway", new ReelwayComponent());
    bind("recordingSteps", new RecordingSteps(flow, null, null, null));
    bind("returnedRecordings", returned);
    bind("callbackSteps", callbacks);
    bind("conferenceSteps", new ConferenceSteps(
        new MultiRecorderCallbacks(new MultiRecorderCallbacks.Terms(Set.of(), false), history, state), () -> false, null, (file, uri) -> {}));
    camel.getComponent("kamelet", KameletComponent.class).setLocation("file:kamelets");
    bind("storeClient", store.forRoutes());
    bind("storePresigner", store.presigner());
    bind("manifestSteps", new ManifestSteps(manifests));
    bind("failures", new RouteFailures());
  }

  public RecordingRoute bind(String name, Object bean) {
    camel.getRegistry().bind(name, bean);
    return this;
  }

  /** @param advice of the route of verified recordings */
  public RecordingRoute start(ThrowingConsumer<AdviceWithRouteBuilder, Exception> advice) {
    try {
      for (Path file : new Path[] {ERRORS, VERIFIED}) {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
      }
      // Without the schedule.
      String backup = Files.readString(BACKUP);
      PluginHelper.getRoutesLoader(camel).loadRoutes(
          ResourceHelper.fromString("backup.yaml", backup.substring(backup.indexOf("- route:\n    id: recording-brought-back"))));
      AdviceWith.adviceWith(camel, "recordings-verified", false, advice);
      camel.start();
      return this;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public MockEndpoint mock(String name) {
    return camel.getEndpoint("mock:" + name, MockEndpoint.class);
  }

  public DefaultCamelContext camel() {
    return camel;
  }

  /** As store-transfer leaves it. */
  public Exchange message(RecordingWork work) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.setProperty(RecordingSteps.WORK, work);
    Message message = exchange.getMessage();
    File file = work.recording().file().toFile();
    message.setBody(file);
    message.setHeader("RecordingId", work.id());
    message.setHeader("RecordingFile", file.toString());
    message.setHeader("RecordingName", work.recording().name());
    message.setHeader("RecordingPath", work.recording().path());
    work.verified().ifPresent(object -> {
      message.setHeader("ObjectBucket", object.bucket());
      message.setHeader("ObjectKey", object.key());
      message.setHeader("ObjectAddress", object.address());
      message.setHeader("ObjectEtag", object.etag());
      message.setHeader("ObjectInBackup", work.isInBackup());
    });
    return exchange;
  }

  /** Through the whole route, or one of its parts. @return as it comes out */
  public Exchange send(RecordingWork work, String route) {
    return camel.createProducerTemplate().send("direct:" + route, message(work));
  }

  /** As the way back from the backup hands it over. */
  public void giveReturned(BroughtBack back, Path bytes, VerifiedObject object) {
    returned.give(back, false, bytes, object);
  }

  @Override
  public void close() {
    camel.stop();
  }
}
