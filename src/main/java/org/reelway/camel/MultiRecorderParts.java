package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reelway.callback.StreamEvents;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.ListBound;
import org.reelway.media.process.Orphans;
import org.reelway.settings.MultiRecorderSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Settings;
import org.reelway.state.InstanceId;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Totals;
import org.reelway.transfer.Backoff;

/** Multi-recordings, as settings, metrics, health and the REST calls of WCS see them. */
public final class MultiRecorderParts implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);
  private static final String HIDDEN = ".reelway-multirecorder";
  private static final String ALL = "multi-recording";

  private final Supervisor supervisor;
  private final MultiRecorders recorders;
  private final Clock clock;

  private MultiRecorderParts(Supervisor supervisor, MultiRecorders recorders, Clock clock) {
    this.supervisor = supervisor;
    this.recorders = recorders;
    this.clock = clock;
  }

  /** @param state folder of our own */
  static MultiRecorderParts make(
      Settings settings, Path state, EventParts events, MultiRecorders.Listener listener, MeterRegistry metrics,
      Clock clock) {
    Orphans orphans = new Orphans(InstanceId.of(state));
    Supervisor supervisor = new Supervisor("multi-recorders", orphans, limits(settings), clock);
    MultiRecorders recorders =
        new MultiRecorders(
            new MultiRecorders.Plan(
                folder(settings), settings.get(MultiRecorderSettings.NAME), settings.get(RoutingSettings.SOURCE),
                settings.get(MultiRecorderSettings.SOURCE), settings.get(RoutingSettings.STALL_AFTER),
                settings.get(MultiRecorderSettings.TRANSCODE)),
            supervisor, () -> RepairParts.programs(state).ffmpeg(), orphans, hidden(settings), listener, clock);
    register(supervisor, recorders, metrics);
    events.act(
        change -> {
          SourceStream stream = SourceStream.of(change.stream());
          if (change.started()) {
            recorders.started(stream);
          } else {
            recorders.ended(stream);
          }
        });
    return new MultiRecorderParts(supervisor, recorders, clock);
  }

  private static Path folder(Settings settings) {
    return Optional.ofNullable(settings.get(MultiRecorderSettings.FOLDER))
        .orElseGet(() -> settings.get(RecordingSettings.FOLDER).get(0)).toAbsolutePath();
  }

  /** Our own, on the file system of the recordings. */
  static Path hidden(Settings settings) {
    return folder(settings).resolve(HIDDEN);
  }

  /** What follows what happens in multi-recordings. */
  static MultiRecorders.Listener listener(MixerParts mixer, CallbackParts callbacks) {
    return new MultiRecorders.Listener() {
      @Override
      public void added(MultiRecorders.Membership it) {
        callbacks.events().addedToMultiRecording(stream(it), it.fileName(), it.uri(), it.occasion());
      }

      @Override
      public void removed(MultiRecorders.Membership it) {
        callbacks.events().removedFromMultiRecording(stream(it), it.fileName(), it.uri(), it.occasion());
      }

      @Override
      public void finished(MultiRecorders.Finished finished) {
        mixer.steps().recorded(finished);
      }
    };
  }

  private static StreamEvents.Stream stream(MultiRecorders.Membership it) {
    return new StreamEvents.Stream(it.app(), it.mediaSessionId(), it.stream());
  }

  private static Limits limits(Settings settings) {
    Duration longest = settings.get(RoutingSettings.RETRY_MAX);
    Duration second = Duration.ofSeconds(1);
    return new Limits(
        settings.get(MultiRecorderSettings.MOST), settings.get(RoutingSettings.STALL_AFTER), GRACE,
        new Backoff(longest.compareTo(second) < 0 ? longest : second, longest), HEALTHY_AFTER);
  }

  private static void register(Supervisor supervisor, MultiRecorders recorders, MeterRegistry metrics) {
    Gauge.builder("reelway.multirecorders", recorders, all -> all.running().size())
        .description("Multi-recordings that go on")
        .register(metrics);
    Gauge.builder("reelway.multirecorders.ending", recorders, all -> all.ending().size())
        .description("Multi-recordings that have ended and whose files are being made")
        .register(metrics);
    for (String state : List.of("starting", "running", "incomplete", "waiting", "stopping")) {
      Gauge.builder("reelway.multirecorder.streams", supervisor, all -> all.count(ALL, state))
          .tag("state", state)
          .description("Streams of multi-recordings, by state")
          .register(metrics);
    }
    FunctionCounter.builder("reelway.multirecorder.bytes", supervisor, all -> totals(all).bytes())
        .description("Bytes of media that were recorded for multi-recordings")
        .register(metrics);
  }

  private static Totals totals(Supervisor supervisor) {
    return supervisor.totals().getOrDefault(ALL, new Totals());
  }

  /** Folders are watched by now. */
  void begin() {
    recorders.recover();
    supervisor.begin();
  }

  MultiRecorderApi api() {
    return new MultiRecorderApi(recorders, supervisor::status);
  }

  /** What may be full. */
  List<ListBound> bounds() {
    return recorders.bounds();
  }

  TasksHealth health() {
    return new TasksHealth("multirecorders", supervisor::statuses, clock);
  }

  /** Pieces are finished; the next start makes the files of them. */
  @Override
  public void close() {
    supervisor.close();
    recorders.close();
  }
}
