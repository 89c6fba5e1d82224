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
  private final List<MarkersEndpoint> markers = new CopyOnWriteArrayList<>();
  private final List<LiveEndpoint> liveChunks = new CopyOnWriteArrayList<>();

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

  /** What the features have of this type; null in a trial build for what is not called there. */
  private <T> T bound(Class<T> type) {
    return getCamelContext().getRegistry().findSingleByType(type);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String what, Map<String, Object> parameters) throws Exception {
    EndpointParameters given = new EndpointParameters(parameters);
    Endpoint endpoint = switch (what) {
      case "markers" -> kept(new MarkersEndpoint(uri, this, bound(RecordingFeature.class)), markers);
      case "live-chunks" ->
          kept(new LiveEndpoint(uri, this, bound(FolderFeature.class), bound(LivePublishers.class)), liveChunks);
      case "stream-events" -> new SourceEndpoint<>(uri, this, new StreamEventsSource(bound(EventFeature.class), given.flag("running")));
      case "multi-recordings" -> bound(ConferenceSteps.class).multiRecordings(uri, this);
      case "mixes/mixed" -> bound(ConferenceSteps.class).mixes(uri, this, "mixed");
      case "mixes/uploaded" -> bound(ConferenceSteps.class).mixes(uri, this, "uploaded");
      case "mix-orders" -> bound(FarmSteps.class).due(uri, this);
      case "returned-recordings" -> bound(ReturnedRecordings.class).endpoint(uri, this);
      case "workflow-events" -> bound(WorkflowSteps.class).events(uri, this);
      case "stream-callbacks" -> new SourceEndpoint<>(uri, this, bound(CallbackSteps.class).streamCallbacks());
      case "callbacks-due" -> new SourceEndpoint<>(uri, this, bound(CallbackSteps.class).due());
      default -> new StepEndpoint(uri, this, step(what, given));
    };
    setProperties(endpoint, parameters);
    return endpoint;
  }

  private StepEndpoint.Step step(String what, EndpointParameters given) {
    return switch (what) {
      case "relay" -> bound(FanOutSteps.class).relay(given);
      case "relay-stop" -> bound(FanOutSteps.class).relayStop();
      case "record" -> bound(RecorderSteps.class).record(given);
      case "record-stop" -> bound(RecorderSteps.class).recordStop();
      case "callback-outbox" -> bound(CallbackSteps.class).outbox(given);
      case "callback-settle" -> bound(CallbackSteps.class).settle(given);
      case "mix" -> bound(ConferenceSteps.class).mix();
      case "mix-fetch" -> bound(FarmSteps.class).fetch();
      case "mix-make" -> bound(FarmSteps.class).make();
      case "mark" -> bound(RecordingSteps.class).mark(given);
      case "program" -> bound(RecordingSteps.class).program();
      case "transfer" -> bound(RecordingSteps.class).transfer(given);
      case "tidy" -> bound(RecordingSteps.class).tidy(given);
      case "skip" -> bound(RecordingSteps.class).skip(given);
      case "retry-later" -> bound(RecordingSteps.class).retryLater();
      case "set-aside" -> bound(RecordingSteps.class).setAside();
      default -> throw new InputFailure("reelway:" + what + " is not known; place one of the kamelets");
    };
  }
}
