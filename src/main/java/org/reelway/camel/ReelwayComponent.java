package org.reelway.camel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.reelway.failure.InputFailure;

/** The scheme {@code reelway:} behind the kamelets. Operators place the kamelets, which document the parameters. */
public final class ReelwayComponent extends DefaultComponent {
  private final RecordingServices services;
  private final RecordingSteps recordings;
  private final LiveParts live;
  private final EventParts events;
  private final FanOutSteps fanOut;
  private final RecorderSteps recorders;
  private final CallbackSteps callbacks;
  private final ConferenceSteps conferences;
  private final List<MarkersEndpoint> markers = new CopyOnWriteArrayList<>();
  private final List<LiveEndpoint> liveChunks = new CopyOnWriteArrayList<>();

  ReelwayComponent(RecordingServices services, LiveParts live, EventParts events, FanOutSteps fanOut,
      RecorderSteps recorders, CallbackSteps callbacks, ConferenceSteps conferences) {
    this.services = services;
    this.recordings = new RecordingSteps(services);
    this.live = live;
    this.events = events;
    this.fanOut = fanOut;
    this.recorders = recorders;
    this.callbacks = callbacks;
    this.conferences = conferences;
  }

  /** The folders of recordings that the endpoints made so far are to watch. */
  public List<Path> recordingFolders() {
    return markers.stream().flatMap(endpoint -> endpoint.folders().stream()).distinct().toList();
  }

  /** The same of live streams. */
  public List<Path> liveFolders() {
    return liveChunks.stream().flatMap(endpoint -> endpoint.folders().stream()).distinct().toList();
  }

  private <E> E kept(E endpoint, List<E> all) {
    all.add(endpoint);
    return endpoint;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String what, Map<String, Object> parameters) throws Exception {
    EndpointParameters given = new EndpointParameters(parameters);
    Endpoint endpoint = switch (what) {
      case "markers" -> kept(new MarkersEndpoint(uri, this, services), markers);
      case "live-chunks" -> kept(new LiveEndpoint(uri, this, services, live), liveChunks);
      case "stream-events" -> new SourceEndpoint<>(uri, this, new StreamEventsSource(events, given.flag("running")));
      case "multi-recordings" -> conferences.multiRecordings(uri, this);
      case "mixes/mixed" -> conferences.mixes(uri, this, "mixed");
      case "mixes/uploaded" -> conferences.mixes(uri, this, "uploaded");
      case "returned-recordings" -> services.returned().endpoint(uri, this);
      case "callbacks-due" -> new SourceEndpoint<>(uri, this, callbacks.due());
      default -> new StepEndpoint(uri, this, step(what, given));
    };
    setProperties(endpoint, parameters);
    return endpoint;
  }

  private StepEndpoint.Step step(String what, EndpointParameters given) {
    return switch (what) {
      case "relay" -> fanOut.relay(given);
      case "relay-stop" -> fanOut.relayStop();
      case "record" -> recorders.record(given);
      case "record-stop" -> recorders.recordStop();
      case "callback-outbox" -> callbacks.outbox(given);
      case "callback-settle" -> callbacks.settle(given);
      case "mix" -> conferences.mix();
      case "mark" -> recordings.mark(given);
      case "program" -> recordings.program();
      case "transfer" -> recordings.transfer(given);
      case "tidy" -> recordings.tidy(given);
      case "skip" -> recordings.skip(given);
      case "retry-later" -> recordings.retryLater();
      case "set-aside" -> recordings.setAside();
      default -> throw new InputFailure("reelway:" + what + " is not known; place one of the kamelets");
    };
  }
}
