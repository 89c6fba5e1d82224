package org.reelway.camel;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
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
import org.reelway.camel.api.CallbacksApi;
import org.reelway.camel.jmx.CallbacksBean;
import org.reelway.camel.jmx.MBeans;
import org.reelway.failure.OurFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.CallbackUrl;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;
import org.reelway.state.StoredCallbacks;
import org.reelway.stream.recorder.RecordedStream;
import org.reelway.stream.recorder.RecordingListener;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Callbacks to backends: the outbox, its deliveries, and what is told. */
public final class CallbackFeature extends Feature {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackFeature.class);
  private static final String SETTINGS = "reelway.callbacks";

  final Receivers receivers = new Receivers();
  final MultiRecorderCallbacks multiRecorders;
  final RecordingCallbacks recordings;
  final StreamEvents events;

  @BindToRegistry("callbackSteps")
  final CallbackSteps steps;

  @BindToRegistry("callbackClient")
  final HttpClient http;

  @BindToRegistry("callbacks")
  final CallbacksApi api;

  @BindToRegistry("reelwayCallbacksHealth")
  final CallbacksHealth health;

  private final Deliveries deliveries;
  private final CallbackClient client;
  private final MBeans beans;
  private final CallbacksBean bean;

  CallbackFeature(StateFeature state, TelemetryFeature telemetry) {
    Settings settings = state.settings;
    List<CallbackUrl> urls = urls(settings);
    urls.forEach(url -> receivers.add(url.name(), url.uri()));
    Optional.ofNullable(settings.get(CallbackSettings.EVENTS_URL))
        .ifPresent(url -> receivers.add(StreamEvents.RECEIVER, below(url.uri(), "StreamEvent")));
    StoredCallbacks stored = new StoredCallbacks(state.jdbi, state.writer, state.clock);
    this.deliveries = new Deliveries(stored, state.leases, new CallbackMetrics(state.metrics), state.clock);
    Outbox outbox = new Outbox(stored, deliveries, settings.get(CallbackSettings.KEEP), state.clock);
    this.multiRecorders = new MultiRecorderCallbacks(terms(settings), state.history, state.folder);
    this.recordings =
        new RecordingCallbacks(outbox, urls.stream().map(CallbackUrl::name).toList(), state.history, state.clock);
    this.client = client(settings);
    this.http = client.http();
    Backoff backoff =
        new Backoff(settings.get(CallbackSettings.RETRY_FIRST), settings.get(CallbackSettings.RETRY_MAX));
    this.steps =
        new CallbackSteps(
            outbox, deliveries, recordings, receivers, new Signer(() -> secrets(settings)), client,
            new Delivery.Terms(backoff, settings.get(CallbackSettings.GIVE_UP_AFTER)), telemetry::parent, state.clock);
    this.events = new StreamEvents(receivers, state.instance(), steps::tellOfStream);
    this.api = new CallbacksApi(outbox, receivers);
    this.health = new CallbacksHealth(outbox, deliveries, state.clock);
    this.beans = state.beans;
    this.bean = new CallbacksBean(outbox, state.clock);
    CallbackMetrics.gauges(outbox, deliveries, state.metrics, state.clock);
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

  /** Whom routes may name, with these settings; the last two have an address where theirs is set. */
  public static Set<String> receiverNames(Settings settings) {
    Set<String> names = new TreeSet<>(Set.of(MultiRecorderCallback.RECEIVER, StreamEvents.RECEIVER));
    urls(settings).forEach(url -> names.add(url.name()));
    return names;
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
    return Stream.of(settings.last(CallbackSettings.SECRET), settings.last(CallbackSettings.OLD_SECRET))
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
    String version = CallbackFeature.class.getPackage().getImplementationVersion();
    return "Reelway" + (version == null ? "" : "/" + version);
  }

  private static URI below(URI base, String name) {
    String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
    return URI.create(base.getScheme() + "://" + base.getRawAuthority() + path + "/" + name + query);
  }

  /** Others put callbacks into the outbox only. */
  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.CALLBACKS);
  }

  /** Begins with what waited before the start. */
  @Override
  void begin() {
    beans.show("type=Callbacks", bean);
    if (!deliveries.isCarried() && !receivers.names().isEmpty()) {
      LOG.error("no callback is delivered: no route begins with kamelet:callbacks-due; the shipped one is callback-delivery");
    }
    deliveries.begin();
  }

  /** Tells of recorders. */
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

  @Override
  void close() {
    deliveries.close();
    client.close();
  }
}
