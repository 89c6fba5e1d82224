package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.EmsCli;
import org.reelway.stream.server.servers.NginxControl;
import org.reelway.stream.server.servers.WcsApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media servers that record streams themselves, and the choice among them and Reelway. Safe for several threads. */
public final class ServersThatRecord implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServersThatRecord.class);

  private final List<ServerRecorder> recorders;
  private final ServerFiles files;
  private final FinishedFiles finished;
  private final Duration quiet;
  private final Clock clock;
  private final Set<String> troubles = new HashSet<>();
  private final AtomicBoolean tending = new AtomicBoolean();
  private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("server-recordings"));
  private volatile Instant begun;

  /** The recordings' flow. */
  public interface Recordings {
    /**
     * Orders the transfer of a file; once, however often it is told.
     *
     * @throws org.reelway.failure.InputFailure where the file lies in no recordings folder, or is not there
     */
    void finished(Path file, String stream);

    /** @throws org.reelway.failure.InputFailure that says which folders are, where the file lies in none of them */
    void requireInside(Path file);
  }

  /**
   * Who records a stream.
   *
   * @param recorder null for Reelway itself
   * @param why its media server does not, for people; empty where it does, or was never asked to
   */
  record Choice(ServerRecorder recorder, String why) {
    static final Choice REELWAY = new Choice(null, "");
  }

  private ServersThatRecord(
      List<ServerRecorder> recorders, ServerFiles files, FinishedFiles finished, Duration quiet,
      Clock clock) {
    this.recorders = List.copyOf(recorders);
    this.files = files;
    this.finished = finished;
    this.quiet = quiet;
    this.clock = clock;
  }

  /**
   * @param instance id of this installation, by which a server's recordings are known for ours
   * @param own folder for notes of what servers record
   * @param quiet time from the beginning in which no recording is taken for unwanted: streams have to be heard of first
   */
  public static ServersThatRecord make(
      List<ServerApi> apis, String instance, Path own, Recordings recordings, RecordingListener listener,
      Duration quiet, Clock clock) {
    FinishedFiles finished = new FinishedFiles(recordings, clock);
    ServerFiles files = new ServerFiles(own, listener);
    ServerNotes notes = new ServerNotes(own);
    List<ServerRecorder> recorders = new ArrayList<>();
    for (ServerApi api : apis) {
      switch (api.kind()) {
        case EMS -> recorders.add(new EmsRecorder(new EmsCli(api), instance, files, finished, clock));
        case WCS -> recorders.add(new WcsRecorder(new WcsApi(api), api.name(), notes, files));
        case NGINX_RTMP_CONTROL ->
            recorders.add(new NginxRecorder(new NginxControl(api), api.name(), notes, files, finished, clock));
        default -> { }
      }
    }
    return new ServersThatRecord(recorders, files, finished, quiet, clock);
  }

  /** What recordings are made by: {@code ffmpeg} first, then the sources of media servers. */
  public List<String> all() {
    return Stream.concat(Stream.of(Recorders.BY_REELWAY), recorders.stream().map(ServerRecorder::by)).distinct().toList();
  }

  /** Groups of tasks that are made so. */
  public List<String> groups(String by) {
    return Stream.concat(
            by.equals(Recorders.BY_REELWAY) ? Stream.of(Recorders.group()) : Stream.empty(),
            recorders.stream().filter(each -> each.by().equals(by)).map(ServersThatRecord::group))
        .toList();
  }

  static String group(ServerRecorder recorder) {
    return recorder.by() + " " + recorder.server();
  }

  Choice choose(RecordingOrder order) {
    if (!order.terms().byServer()) {
      return Choice.REELWAY;
    }
    StreamId id = order.stream().id();
    Optional<ServerRecorder> recorder =
        recorders.stream()
            .filter(each -> each.by().equals(id.source()) && each.server().equals(id.server()))
            .findFirst();
    if (recorder.isEmpty()) {
      return recorders.stream().anyMatch(each -> each.by().equals(id.source()))
          ? new Choice(null, "reelway.servers.api names no API that records of the " + id.source() + " called " + id.server())
          : Choice.REELWAY;
    }
    return recorder.get().unable(order)
        .map(why -> new Choice(null, why))
        .orElseGet(() -> new Choice(recorder.get(), ""));
  }

  /** Where servers are waited for. */
  Executor threads() {
    return threads;
  }

  void begin() {
    begun = clock.instant();
  }

  /** Ends recordings that nobody wants any more, and looks for finished files; returns at once. */
  public void tend() {
    if (begun != null && tending.compareAndSet(false, true)) {
      threads.execute(this::tendNow);
    }
  }

  private void tendNow() {
    try {
      finished.tend();
      if (Duration.between(begun, clock.instant()).compareTo(quiet) >= 0) {
        recorders.forEach(this::endUnwanted);
        files.endThose(this::isOfNoServer).forEach(each -> finished.finished(each.file(), each.stream()));
      }
    } finally {
      tending.set(false);
    }
  }

  /** The settings name its server no more. */
  private boolean isOfNoServer(ServerFiles.Recording recording) {
    return recorders.stream()
        .noneMatch(each -> each.by().equals(recording.by()) && each.server().equals(recording.server()));
  }

  private void endUnwanted(ServerRecorder recorder) {
    String name = group(recorder);
    try {
      recorder.endUnwanted();
      troubles.remove(name);
    } catch (RuntimeException e) {
      if (troubles.add(name)) {
        LOG.warn("{} cannot be asked for recordings that nobody wants any more: {}; it is asked again and again",
            name, e instanceof Failure ? e.getMessage() : e.toString());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
