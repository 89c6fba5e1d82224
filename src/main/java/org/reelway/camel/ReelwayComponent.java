package org.reelway.camel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.reelway.failure.InputFailure;

/**
 * The scheme {@code reelway:} behind the kamelets: {@code markers} hands out recordings, {@code live-chunks} publishes
 * streams, {@code stream-events} tells of media servers' streams, the others act on the recording of the exchange. Operators place the kamelets, which document the parameters.
 */
public final class ReelwayComponent extends DefaultComponent {
  private final RecordingServices services;
  private final LiveParts live;
  private final EventParts events;
  private final FanOutSteps fanOut;
  private final CallbackSteps callbacks;
  private final ConferenceSteps conferences;
  private final FileStepEndpoint.Step mix;
  private final List<MarkersEndpoint> markers = new CopyOnWriteArrayList<>();
  private final List<LiveEndpoint> liveChunks = new CopyOnWriteArrayList<>();

  ReelwayComponent(RecordingServices services, LiveParts live, EventParts events, FanOutSteps fanOut, CallbackSteps callbacks,
      ConferenceSteps conferences, FileStepEndpoint.Step mix) {
    this.services = services;
    this.live = live;
    this.events = events;
    this.fanOut = fanOut;
    this.callbacks = callbacks;
    this.conferences = conferences;
    this.mix = mix;
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
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
    Endpoint endpoint = endpoint(uri, remaining);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  /** One that is gone was sent before a crash. */
  private void mark(Path file, String recorderUri, String foundBy) {
    if (Files.exists(file)) {
      services.folders().markUnlessSent(file, recorderUri, foundBy);
    }
  }

  private Endpoint endpoint(String uri, String what) {
    return switch (what) {
      case "markers" -> kept(new MarkersEndpoint(uri, this, services), markers);
      case "live-chunks" -> kept(new LiveEndpoint(uri, this, services, live), liveChunks);
      case "stream-events" -> new StreamEventsEndpoint(uri, this, events);
      case "relay" -> new RelayEndpoint(uri, this, fanOut, false);
      case "relay-stop" -> new RelayEndpoint(uri, this, fanOut, true);
      case "callback-outbox" -> new CallbackOutboxEndpoint(uri, this, callbacks);
      case "multi-recordings" -> conferences.multiRecordings(uri, this);
      case "mixes/mixed" -> conferences.mixes(uri, this, "mixed");
      case "mixes/uploaded" -> conferences.mixes(uri, this, "uploaded");
      case "mix" -> new FileStepEndpoint(uri, this, mix);
      case "mark" -> new FileStepEndpoint(uri, this, this::mark);
      case "callbacks-due" -> new CallbacksDueEndpoint(uri, this, callbacks);
      case "callback-settle" -> new CallbackSettleEndpoint(uri, this, callbacks);
      case "program" -> new ProgramEndpoint(uri, this, services);
      case "transfer" -> new TransferEndpoint(uri, this, services);
      case "manifest" -> new ManifestEndpoint(uri, this, services);
      case "tidy" -> new TidyEndpoint(uri, this, services);
      case "skip" -> new SkipEndpoint(uri, this, services);
      case "retry-later" -> new ErrorEndpoint(uri, this, (work, failure) -> services.flow().retryLater(work, failure));
      case "set-aside" -> new ErrorEndpoint(uri, this, (work, failure) -> services.flow().setAside(work, failure));
      default ->
          throw new InputFailure(
              "reelway:" + what + " is not known; there are markers, live-chunks, stream-events, relay, relay-stop, multi-recordings, mixes, mix, mark, callback-outbox, callbacks-due, callback-settle, program, transfer, manifest, tidy, skip, retry-later and set-aside");
    };
  }
}
