package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reelway.failure.NotFound;
import org.reelway.media.process.Orphans;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.supervise.CalledRun;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Task;
import org.reelway.stream.supervise.TaskRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams that are recorded, by their media server or by Reelway. Safe for several threads. */
public final class Recorders {
  private static final Logger LOG = LoggerFactory.getLogger(Recorders.class);
  private static final String TARGET = "files";
  static final String BY_REELWAY = "ffmpeg";

  private final Plan plan;
  private final Supervisor supervisor;
  private final ServersThatRecord servers;
  private final Supplier<Path> ffmpeg;
  private final Orphans orphans;
  private final RecordedFiles files;
  private final Clock clock;
  private final Map<StreamId, Recording> running = new LinkedHashMap<>();
  private int begun;

  /**
   * How a stream is recorded.
   *
   * @param folder that files are written to
   * @param byServer whether its media server records it where it can
   */
  public record Terms(Path folder, RecordingNameTemplate name, Rotation rotation, boolean byServer) {}

  /**
   * What all recordings have in common.
   *
   * @param on streams that are on
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream is read
   * @param silence after which a server that sends nothing has gone
   * @param usual of recordings that somebody asks for
   */
  public record Plan(Supplier<Stream<SourceStream>> on, String source, Duration silence, Terms usual) {}

  /** Who is told of finished files. */
  @FunctionalInterface
  public interface Finished {
    /** Comes again after a crash. @param stream its name */
    void finished(Path file, String stream);
  }

  /** @param file tells what is written now */
  private record Recording(
      String task, SourceStream stream, String by, String why, AtomicReference<Supplier<OpenFile>> file, Runnable unwanted) {
    OpenFile current() {
      return Optional.ofNullable(file.get()).map(Supplier::get).orElse(null);
    }
  }

  /**
   * A recording that goes on.
   *
   * @param by ffmpeg, or the source of the media server that records it
   * @param why its media server does not record it, though it can record; empty where there is no reason to tell
   * @param file that is written now; null between two of them, and where the server does not tell
   */
  public record Running(String id, SourceStream stream, String by, String why, OpenFile file) {}

  /**
   * @param servers that may be told to record
   * @param ffmpeg the program, asked for when the first recording begins
   * @param own folder for notes of what is being recorded
   */
  public Recorders(
      Plan plan, Supervisor supervisor, ServersThatRecord servers, Supplier<Path> ffmpeg, Orphans orphans, Path own,
      Finished finished, RecordingListener listener, Clock clock) {
    this.plan = plan;
    this.supervisor = supervisor;
    this.servers = servers;
    this.ffmpeg = ffmpeg;
    this.orphans = orphans;
    this.files = new RecordedFiles(new OpenPieces(own), listener, finished);
    this.clock = clock;
  }

  /** Finishes what a Reelway that was killed was recording. To be called before any stream is recorded. */
  public void recover() {
    files.recover();
    servers.begin();
  }

  /** Records the stream until {@link #stop}; nothing happens where it is recorded already, or a copy that a server sends out. */
  public synchronized void record(SourceStream stream, Terms terms) {
    if (stream.isInbound() && !running.containsKey(stream.id())) {
      begin(new RecordingOrder(stream, terms, false));
    }
  }

  /** Ends the recording of the stream, if there is one; its last file is finished and sent. */
  public synchronized void stop(StreamId stream) {
    end(stream);
  }

  /**
   * Records the stream from now on; a recording of it that goes on is ended first.
   *
   * @param session the media server's id of the stream's run, or the stream's name
   * @param name null for the configured one; @param rotation likewise
   * @throws NotFound when no such stream is on
   */
  public synchronized void start(String session, RecordingNameTemplate name, Rotation rotation) {
    SourceStream stream =
        find(session).orElseThrow(
            () -> new NotFound(
                "no stream with the mediaSessionId or the name \"" + session.replaceAll("\\p{Cntrl}", "?")
                    + "\" is on, as far as media servers told; GET /streams/registry lists them"));
    end(stream.id());
    Terms usual = plan.usual();
    Terms terms =
        new Terms(
            usual.folder(), name == null ? usual.name() : name, rotation == null ? usual.rotation() : rotation,
            usual.byServer());
    begin(new RecordingOrder(stream, terms, name != null));
    if (on().noneMatch(each -> each.id().equals(stream.id()))) {
      // It ended meanwhile, and its end may have been told before it was recorded.
      end(stream.id());
    }
  }

  /**
   * Ends the recording; its last file is finished and sent.
   *
   * @return whether there was one
   */
  public synchronized boolean stop(String session) {
    return running.values().stream()
        .filter(recording -> isMeant(recording.stream(), session))
        .findFirst()
        .map(recording -> end(recording.stream().id()))
        .orElse(false);
  }

  private Optional<SourceStream> find(String session) {
    return on().filter(stream -> stream.session().equals(session)).findFirst()
        .or(() -> on().filter(stream -> stream.name().equals(session)).findFirst());
  }

  private Stream<SourceStream> on() {
    return plan.on().get().filter(SourceStream::isInbound);
  }

  private static boolean isMeant(SourceStream stream, String session) {
    return stream.session().equals(session) || stream.name().equals(session);
  }

  private void begin(RecordingOrder order) {
    String id = "recorder-" + ++begun;
    SourceStream stream = order.stream();
    ServersThatRecord.Choice choice = servers.choose(order);
    AtomicReference<Supplier<OpenFile>> file = new AtomicReference<>();
    ServerRecorder server = choice.recorder();
    if (server == null) {
      running.put(stream.id(), new Recording(id, stream, BY_REELWAY, choice.why(), file, () -> {}));
      supervisor.start(
          new Task(id, stream.name(), order.folder().toString(), TARGET, ffmpegRuns(id, order, file)));
    } else {
      ServerRecording recording = server.recording(order);
      file.set(() -> Optional.ofNullable(recording.file()).map(OpenFile::of).orElse(null));
      running.put(stream.id(), new Recording(id, stream, server.by(), "", file, recording::unwanted));
      String group = ServersThatRecord.group(server);
      supervisor.start(
          new Task(
              id, stream.name(), "files of " + group, group, server.by(),
              now -> CalledRun.start(recording, servers.threads(), now)));
    }
    if (!choice.why().isEmpty()) {
      LOG.info("stream {} is recorded by Reelway itself: {}", stream.name(), choice.why());
    }
  }

  private Function<Instant, TaskRun> ffmpegRuns(String id, RecordingOrder order, AtomicReference<Supplier<OpenFile>> file) {
    SourceStream stream = order.stream();
    RecorderOrder own =
        new RecorderOrder(
            id, stream.name(), stream.source(plan.source(), plan.silence()), stream.session(), order.folder(),
            order.name(), order.rotation());
    return now -> {
      RecorderRun run =
          RecorderRun.start(own, RecordedStream.of(stream), ffmpeg.get(), orphans.environment(), files, clock);
      file.set(run::file);
      return run;
    };
  }

  private boolean end(StreamId id) {
    Recording recording = running.remove(id);
    if (recording != null) {
      recording.unwanted().run();
      supervisor.stop(recording.task());
    }
    return recording != null;
  }

  /** Recordings that go on. */
  public synchronized List<Running> running() {
    return running.values().stream()
        .map(each -> new Running(each.task(), each.stream(), each.by(), each.why(), each.current()))
        .toList();
  }

  /** What recordings by Reelway itself have in common. */
  static String group() {
    return TARGET;
  }
}
