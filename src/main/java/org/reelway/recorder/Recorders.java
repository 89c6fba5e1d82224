package org.reelway.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.reelway.config.RecordingNameTemplate;
import org.reelway.config.StreamFilter;
import org.reelway.mediaserver.StreamId;
import org.reelway.process.Orphans;
import org.reelway.relay.SourceStream;
import org.reelway.supervise.Supervisor;
import org.reelway.supervise.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams that Reelway records: every one that the filter names while it is on, and those that somebody asks for. Safe for
 * several threads; events of one stream have to come in their order.
 */
public final class Recorders {
  private static final Logger LOG = LoggerFactory.getLogger(Recorders.class);
  private static final String TARGET = "files";

  private final Plan plan;
  private final Supervisor supervisor;
  private final Supplier<Path> ffmpeg;
  private final Orphans orphans;
  private final OpenPieces notes;
  private final RecordedPieces.Finished finished;
  private final Clock clock;
  private final Map<StreamId, SourceStream> on = new LinkedHashMap<>();
  private final Map<StreamId, Recording> running = new LinkedHashMap<>();
  private int begun;

  /**
   * What is recorded, and how.
   *
   * @param every whether all streams that the filter names are recorded, without being asked for
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream is read
   * @param folder that files are written to
   */
  public record Plan(
      boolean every, StreamFilter streams, String source, Path folder, RecordingNameTemplate name, Rotation rotation,
      Duration silence) {}

  /** Who is told of finished files. */
  @FunctionalInterface
  public interface Finished {
    /** @param stream its name */
    void finished(Path file, String stream);
  }

  /** No such stream is on, as far as its media server told. */
  public static final class NotOn extends RuntimeException {
    NotOn(String session) {
      super(
          "no stream with the mediaSessionId or the name \"" + session.replaceAll("\\p{Cntrl}", "?")
              + "\" is on, as far as media servers told; GET /streams/registry lists them");
    }
  }

  private record Recording(String task, SourceStream stream, AtomicReference<RecorderRun> run) {}

  /**
   * A recording that goes on.
   *
   * @param file that is written now; null between two of them
   */
  public record Running(String id, SourceStream stream, Path file) {}

  /**
   * @param ffmpeg the program, asked for when the first recording begins
   * @param own folder for notes of what is being recorded
   */
  public Recorders(
      Plan plan, Supervisor supervisor, Supplier<Path> ffmpeg, Orphans orphans, Path own, Finished finished,
      Clock clock) {
    this.plan = plan;
    this.supervisor = supervisor;
    this.ffmpeg = ffmpeg;
    this.orphans = orphans;
    this.notes = new OpenPieces(own);
    this.finished = finished::finished;
    this.clock = clock;
  }

  /** Finishes what a Reelway that was killed was recording. To be called before any stream is recorded. */
  public void recover() {
    notes.all().forEach(this::recover);
  }

  private void recover(OpenPieces.Open open) {
    try {
      if (Files.exists(open.file()) && TornPiece.mend(open.file())) {
        Path file = RecordedPieces.finishTorn(open.file());
        LOG.info("finished {}, which a Reelway that was killed was recording (stream {})", file, open.stream());
        finished.finished(file, open.stream());
      }
      notes.ended(open.note());
    } catch (IOException | RuntimeException e) {
      LOG.error("{} of a Reelway that was killed cannot be finished now: {}", open.file(), e.toString());
    }
  }

  /** The stream is on. */
  public synchronized void started(SourceStream stream) {
    if (!stream.isInbound()) {
      return;
    }
    on.put(stream.id(), stream);
    if (plan.every() && !running.containsKey(stream.id()) && plan.streams().matches(stream.name())) {
      begin(stream, plan.name(), plan.rotation());
    }
  }

  /** The stream is over; its last file is finished. */
  public synchronized void ended(SourceStream stream) {
    on.remove(stream.id());
    end(stream.id());
  }

  /**
   * Records the stream from now on; a recording of it that goes on is ended first.
   *
   * @param session the media server's id of the stream's run, or the stream's name
   * @param name null for the configured one; @param rotation likewise
   * @throws NotOn when no such stream is on
   */
  public synchronized void start(String session, RecordingNameTemplate name, Rotation rotation) {
    SourceStream stream =
        find(session).orElseThrow(() -> new NotOn(session));
    end(stream.id());
    begin(stream, name == null ? plan.name() : name, rotation == null ? plan.rotation() : rotation);
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
    return on.values().stream().filter(stream -> stream.session().equals(session)).findFirst()
        .or(() -> on.values().stream().filter(stream -> stream.name().equals(session)).findFirst());
  }

  private static boolean isMeant(SourceStream stream, String session) {
    return stream.session().equals(session) || stream.name().equals(session);
  }

  private void begin(SourceStream stream, RecordingNameTemplate name, Rotation rotation) {
    String id = "recorder-" + ++begun;
    RecorderOrder order =
        new RecorderOrder(
            id, stream.name(), stream.source(plan.source(), plan.silence()), stream.session(), plan.folder(), name, rotation);
    AtomicReference<RecorderRun> run = new AtomicReference<>();
    running.put(stream.id(), new Recording(id, stream, run));
    supervisor.start(
        new Task(
            id, stream.name(), plan.folder().toString(), TARGET,
            now -> {
              RecorderRun next = RecorderRun.start(order, ffmpeg.get(), orphans.environment(), notes, finished, clock);
              run.set(next);
              return next;
            }));
  }

  private boolean end(StreamId id) {
    Recording recording = running.remove(id);
    if (recording != null) {
      supervisor.stop(recording.task());
    }
    return recording != null;
  }

  /** Recordings that go on. */
  public synchronized List<Running> running() {
    return running.values().stream()
        .map(each -> new Running(
            each.task(), each.stream(), Optional.ofNullable(each.run().get()).map(RecorderRun::file).orElse(null)))
        .toList();
  }

  /** What metrics call all of it. */
  public static String group() {
    return TARGET;
  }
}
