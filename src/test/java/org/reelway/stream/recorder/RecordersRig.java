package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reelway.media.process.Orphans;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.settings.ServerApi;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.testkit.LiveEncoder;
import org.reelway.transfer.Backoff;

/** Recorders of every stream as the program has them, that try again soon. */
final class RecordersRig implements AutoCloseable {
  static final RecordingNameTemplate NAME = RecordingNameTemplate.parse("{streamName}-{startTimeMillis}");

  private final ToldRecordings told = new ToldRecordings();
  private final Supervisor supervisor;
  private final ServersThatRecord servers;
  private final Recorders recorders;
  private final Recorders.Terms terms;
  private final List<SourceStream> on = new CopyOnWriteArrayList<>();

  /**
   * @param own folder of our own; @param source as of {@link Recorders.Plan}
   * @param wanted whether servers are to record
   */
  RecordersRig(
      Path own, TakenRecordings taken, List<ServerApi> apis, boolean wanted, String source, Rotation rotation) {
    Duration second = Duration.ofSeconds(1);
    terms = terms(taken.root(), rotation, wanted);
    Orphans orphans = new Orphans("test-" + own.getParent().getFileName());
    this.supervisor =
        new Supervisor(
            "recorders", orphans,
            new Limits(10, Duration.ofSeconds(4), second, new Backoff(Duration.ofMillis(200), second), second),
            Clock.systemUTC());
    this.servers =
        ServersThatRecord.make(
            apis, "me", own.resolve("servers"), taken, told, Duration.ZERO, Clock.systemUTC());
    this.recorders =
        new Recorders(
            new Recorders.Plan(on::stream, source, Duration.ofSeconds(5), terms),
            supervisor, servers, LiveEncoder.PROGRAMS::ffmpeg, orphans, own, taken::finished, told,
            Clock.systemUTC());
    recorders.recover();
    supervisor.begin();
  }

  ToldRecordings told() {
    return told;
  }

  static Recorders.Terms terms(Path folder, Rotation rotation, boolean byServer) {
    return new Recorders.Terms(folder, NAME, rotation, byServer);
  }

  /** As the shipped route says it. */
  void started(SourceStream stream) {
    on.add(stream);
    recorders.record(stream, terms);
  }

  void ended(SourceStream stream) {
    on.removeIf(each -> each.id().equals(stream.id()));
    recorders.stop(stream.id());
  }

  Recorders recorders() {
    return recorders;
  }

  /** What the clock has done now and then. */
  void tend() {
    servers.tend();
  }

  TaskStatus status(String stream) {
    return supervisor.statuses().stream().filter(each -> each.stream().equals(stream)).findFirst().orElseThrow();
  }

  boolean isIdle() {
    return supervisor.statuses().isEmpty();
  }

  @Override
  public void close() {
    supervisor.close();
    servers.close();
  }
}
