package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.callback.StreamEvents;
import org.reelway.camel.api.MultiRecorderApi;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.ListBound;
import org.reelway.media.process.Orphans;
import org.reelway.settings.MultiRecorderSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Settings;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.StreamChange;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Totals;

/** Multi-recordings: many streams in one file. */
final class MultiRecorderFeature extends Feature {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String HIDDEN = ".reelway-multirecorder";
  private static final String ALL = "multi-recording";

  @BindToRegistry("multirecorders")
  final MultiRecorderApi api;

  @BindToRegistry("reelwayMultiRecordersHealth")
  final TasksHealth health;

  private final Supervisor supervisor;
  private final MultiRecorders recorders;

  MultiRecorderFeature(StateFeature state, EventFeature events, StreamEvents told, ConferenceSteps steps) {
    Settings settings = state.settings;
    Orphans orphans = new Orphans(state.instance());
    this.supervisor =
        new Supervisor(
            "multi-recorders", orphans, Supervision.limits(settings, MultiRecorderSettings.MOST, GRACE), state.clock);
    this.recorders =
        new MultiRecorders(
            new MultiRecorders.Plan(
                folder(settings), settings.get(MultiRecorderSettings.NAME), settings.get(RoutingSettings.SOURCE),
                settings.get(MultiRecorderSettings.SOURCE), settings.get(RoutingSettings.STALL_AFTER),
                settings.get(MultiRecorderSettings.TRANSCODE)),
            supervisor, () -> state.ffmpeg().ffmpeg(), orphans, hidden(settings), listener(told, steps), state.clock);
    this.api = new MultiRecorderApi(recorders, supervisor::status);
    this.health = new TasksHealth("multirecorders", supervisor::statuses, state.clock);
    measure(state.metrics);
    events.act(this::changed);
  }

  private void changed(StreamChange change) {
    SourceStream stream = SourceStream.of(change.stream());
    if (change.started()) {
      recorders.started(stream);
    } else {
      recorders.ended(stream);
    }
  }

  private static Path folder(Settings settings) {
    return Optional.ofNullable(settings.get(MultiRecorderSettings.FOLDER))
        .orElseGet(() -> settings.get(RecordingSettings.FOLDER).get(0)).toAbsolutePath();
  }

  /** Our own, on the file system of the recordings. */
  static Path hidden(Settings settings) {
    return folder(settings).resolve(HIDDEN);
  }

  private static MultiRecorders.Listener listener(StreamEvents told, ConferenceSteps steps) {
    return new MultiRecorders.Listener() {
      @Override
      public void added(MultiRecorders.Membership it) {
        told.addedToMultiRecording(stream(it), it.fileName(), it.uri(), it.occasion());
      }

      @Override
      public void removed(MultiRecorders.Membership it) {
        told.removedFromMultiRecording(stream(it), it.fileName(), it.uri(), it.occasion());
      }

      @Override
      public void finished(MultiRecorders.Finished finished) {
        steps.recorded(finished);
      }
    };
  }

  private static StreamEvents.Stream stream(MultiRecorders.Membership it) {
    return new StreamEvents.Stream(it.app(), it.mediaSessionId(), it.stream());
  }

  private void measure(MeterRegistry metrics) {
    Gauge.builder("reelway.multirecorders", recorders, all -> all.running().size())
        .description("Multi-recordings that go on")
        .register(metrics);
    Gauge.builder("reelway.multirecorders.ending", recorders, all -> all.ending().size())
        .description("Multi-recordings that have ended and whose files are being made")
        .register(metrics);
    Supervision.gauges(
        metrics, "reelway.multirecorder.streams", "Streams of multi-recordings, by state", Tags.empty(), supervisor,
        (all, state) -> all.count(ALL, state));
    FunctionCounter.builder(
            "reelway.multirecorder.bytes", supervisor, all -> all.totals().getOrDefault(ALL, new Totals()).bytes())
        .description("Bytes of media that were recorded for multi-recordings")
        .register(metrics);
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  List<ListBound> bounds() {
    return recorders.bounds();
  }

  /** Folders are watched by now. */
  @Override
  void begin() {
    recorders.recover();
    supervisor.begin();
  }

  /** Pieces are finished; the next start makes the files of them. */
  @Override
  void endStreams() {
    supervisor.close();
    recorders.close();
  }
}
