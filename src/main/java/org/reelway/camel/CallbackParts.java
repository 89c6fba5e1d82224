package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.apache.hc.client5.http.classic.HttpClient;
import org.reelway.callback.AllowedHosts;
import org.reelway.callback.CallbackClient;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Delivery;
import org.reelway.callback.MultiRecorderCallback;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.callback.Outbox;
import org.reelway.callback.Receivers;
import org.reelway.callback.RecordingCallbacks;
import org.reelway.callback.Signer;
import org.reelway.callback.StreamEvents;
import org.reelway.failure.OurFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.CallbackUrl;
import org.reelway.settings.Settings;
import org.reelway.state.InstanceId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.StateWriter;
import org.reelway.state.StoredCallbacks;
import org.reelway.stream.recorder.RecordedStream;
import org.reelway.stream.recorder.RecordingListener;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Callbacks as settings, routes, the API, health, metrics and JMX see them. */
public final class CallbackParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackParts.class);
  private static final String SETTINGS = "reelway.callbacks";

  private final Receivers receivers = new Receivers();
  private final Outbox outbox;
  private final Deliveries deliveries;
  private final CallbackClient client;
  private final CallbackSteps steps;
  private final MultiRecorderCallbacks multiRecorders;
  private final RecordingCallbacks recordings;
  private final StreamEvents events;
  private final CallbackView view;
  private final Clock clock;

  private CallbackParts(
      Settings settings, Path state, StoredCallbacks stored, RecordingHistory history, MeterRegistry metrics,
      Clock clock) {
    this.clock = clock;
    List<CallbackUrl> urls = urls(settings);
    urls.forEach(url -> receivers.add(url.name(), url.uri()));
    Optional.ofNullable(settings.get(CallbackSettings.EVENTS_URL))
        .ifPresent(url -> receivers.add(StreamEvents.RECEIVER, below(url.uri(), "StreamEvent")));
    Backoff backoff =
        new Backoff(settings.get(CallbackSettings.RETRY_FIRST), settings.get(CallbackSettings.RETRY_MAX));
    this.client = client(settings);
    this.deliveries = new Deliveries(stored, new CallbackMetrics(metrics), clock);
    this.outbox = new Outbox(stored, deliveries, settings.get(CallbackSettings.KEEP), clock);
    this.multiRecorders = new MultiRecorderCallbacks(terms(settings), history, state);
    this.recordings =
        new RecordingCallbacks(outbox, urls.stream().map(CallbackUrl::name).toList(), history, clock);
    this.steps =
        new CallbackSteps(
            outbox, deliveries, recordings, receivers, new Signer(secrets(settings)), client,
            new Delivery.Terms(backoff, settings.get(CallbackSettings.GIVE_UP_AFTER)), clock);
    this.events = new StreamEvents(outbox, receivers, InstanceId.of(state));
    CallbackMetrics.gauges(outbox, metrics, clock);
    this.view = CallbackView.show(outbox, clock);
  }

  static CallbackParts make(
      Settings settings, Path state, Jdbi jdbi, StateWriter writer, RecordingHistory history, MeterRegistry metrics,
      Clock clock) {
    return new CallbackParts(settings, state, new StoredCallbacks(jdbi, writer, clock), history, metrics, clock);
  }

  private static CallbackClient client(Settings settings) {
    Trust trust =
        settings.isSet(CallbackSettings.CA_FILE)
            ? CaFile.of(settings.get(CallbackSettings.CA_FILE), SETTINGS)
            : Trust.platform(SETTINGS);
    return new CallbackClient(
        new AllowedHosts(settings.get(CallbackSettings.ALLOW_PRIVATE)), trust, settings.get(CallbackSettings.TIMEOUT),
        userAgent());
  }

  /**
   * Tries to connect to receivers.
   *
   * @param more receivers beside those of the settings, by name
   * @return by name, why no callback could be brought there; empty where it could
   */
  public static Map<String, Optional<String>> trial(Settings settings, Map<String, URI> more) {
    Map<String, URI> all = new LinkedHashMap<>();
    urls(settings).forEach(url -> all.put(url.name(), url.uri()));
    Optional.ofNullable(settings.get(CallbackSettings.EVENTS_URL))
        .ifPresent(url -> all.put(StreamEvents.RECEIVER, url.uri()));
    all.putAll(more);
    Map<String, Optional<String>> found = new LinkedHashMap<>();
    try (CallbackClient client = client(settings)) {
      all.forEach((name, uri) -> found.put(name, client.trouble(uri)));
    }
    return found;
  }

  private static List<CallbackUrl> urls(Settings settings) {
    return Optional.ofNullable(settings.get(CallbackSettings.URL)).orElse(List.of());
  }

  private static List<String> secrets(Settings settings) {
    return Stream.of(settings.get(CallbackSettings.SECRET), settings.get(CallbackSettings.OLD_SECRET))
        .filter(secret -> secret != null)
        .toList();
  }

  private static MultiRecorderCallbacks.Terms terms(Settings settings) {
    Set<MultiRecorderCallback.Step> steps =
        switch (settings.get(CallbackSettings.MULTI_RECORDER)) {
          case MIXED -> Set.of(MultiRecorderCallback.Step.MIXED);
          case UPLOADED -> Set.of(MultiRecorderCallback.Step.UPLOADED);
          case BOTH -> Set.of(MultiRecorderCallback.Step.values());
        };
    return new MultiRecorderCallbacks.Terms(steps, settings.get(CallbackSettings.ADDITIONS));
  }

  private static String userAgent() {
    String version = CallbackParts.class.getPackage().getImplementationVersion();
    return "Reelway" + (version == null ? "" : "/" + version);
  }

  private static URI below(URI base, String name) {
    String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
    return URI.create(base.getScheme() + "://" + base.getRawAuthority() + path + "/" + name + query);
  }

  /** Begins with what waited before the start. */
  void begin() {
    if (!deliveries.isCarried() && !receivers.names().isEmpty()) {
      LOG.error("no callback is delivered: no route begins with kamelet:callbacks-due; the shipped one is callback-delivery");
    }
    deliveries.begin();
  }

  CallbackSteps steps() {
    return steps;
  }

  /** For routes. */
  HttpClient client() {
    return client.http();
  }

  RecordingCallbacks recordings() {
    return recordings;
  }

  StreamEvents events() {
    return events;
  }

  RecordingListener recorderEvents() {
    return new RecordingListener() {
      @Override
      public boolean began(RecordedStream stream, Path file, String occasion) {
        return told(stream, () -> events.startedRecording(known(stream), file, occasion));
      }

      @Override
      public boolean ended(RecordedStream stream, Path file, String occasion) {
        return told(stream, () -> events.stoppedRecording(known(stream), file, occasion));
      }
    };
  }

  private static boolean told(RecordedStream stream, Runnable event) {
    try {
      event.run();
      return true;
    } catch (OurFailure e) {
      LOG.error("an event of the recording of stream {} is told later: {}", stream.name(), e.getMessage());
      return false;
    }
  }

  private static StreamEvents.Stream known(RecordedStream stream) {
    return new StreamEvents.Stream(stream.app(), stream.session(), stream.name());
  }

  /** @param address where multi-recorder callbacks go, asked for at each try; empty while there is none */
  void tellMultiRecorders(Supplier<Optional<URI>> address) {
    receivers.add(MultiRecorderCallback.RECEIVER, address);
  }

  MultiRecorderCallbacks multiRecorders() {
    return multiRecorders;
  }

  CallbacksApi api() {
    return new CallbacksApi(outbox);
  }

  CallbacksHealth health() {
    return new CallbacksHealth(outbox, deliveries, clock);
  }

  @Override
  public void close() {
    view.close();
    deliveries.close();
    client.close();
  }
}
