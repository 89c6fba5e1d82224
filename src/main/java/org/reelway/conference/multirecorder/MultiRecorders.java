package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reelway.failure.Conflict;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.ListBound;
import org.reelway.failure.ListFull;
import org.reelway.failure.NotFound;
import org.reelway.media.process.Orphans;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.recorder.RecorderOrder;
import org.reelway.stream.recorder.RecorderRun;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamSource;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multi-recordings: streams that somebody adds are recorded, each by itself, and at the end become one file with a track for
 * each, on the true timeline. Safe for several threads.
 */
public final class MultiRecorders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MultiRecorders.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);
  /** Without latency: an encoder that looks ahead would have the stream come later than those that are copied. */
  private static final List<String> TRANSCODED =
      List.of(
          "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "60", "-c:a", "aac");
  private static final String TARGET = "multi-recording";
  private static final int MOST_RECORDINGS = 500;
  private static final int MOST_MEMBERS = 2000;

  private final Plan plan;
  private final Supervisor supervisor;
  private final Supplier<Path> ffmpeg;
  private final Orphans orphans;
  private final Path works;
  private final Listener listener;
  private final Clock clock;
  private final MultiRecordingEnd end;
  private final EndedRecordings endings;
  private final Map<String, SourceStream> streams = new LinkedHashMap<>();
  private final Map<String, MultiRecording> running = new LinkedHashMap<>();
  private final ExecutorService teller = Executors.newSingleThreadExecutor(DaemonThreads.named("multi-recording events"));
  private final ListBound recordings =
      new ListBound("multi-recordings", "that go on or are made one file", MOST_RECORDINGS, this::recordings,
          "terminate those that are over; GET /multirecorders tells why one does not become a file");
  private final ListBound members =
      new ListBound("streams in multi-recordings", "that were added", MOST_MEMBERS, this::members,
          "terminate multi-recordings that are over: each time that a stream is added counts until then");
  private int begun;

  /**
   * How it is done.
   *
   * @param folder for finished files
   * @param source URI with {@code {app}} and {@code {stream}} by which a stream that is known is read
   * @param pull URI with {@code {stream}}, by which one that is not known is read by its media session's id; null for none
   * @param transcode whether codecs other than H.264 and AAC are encoded anew
   */
  public record Plan(
      Path folder, RecordingNameTemplate name, String source, String pull, Duration silence, boolean transcode) {}

  /** A file that is whole; it may be told of twice, after a crash. When it began is in its head. */
  public record Finished(Path file, String uri) {}

  /**
   * A stream's part in a multi-recording, from when it comes until it goes.
   *
   * @param fileName as it is known while it goes on
   * @param app of the stream; empty where nobody told
   * @param occasion no other part's; the same whenever this one is told
   */
  public record Membership(
      String uri, String fileName, String app, String mediaSessionId, String stream, String occasion) {}

  /**
   * Who is told, of one stream in the order in which it happened. All of it comes again when a multi-recording ends: what a
   * crash or a failure left untold is told then.
   */
  public interface Listener {
    void added(Membership membership);

    void removed(Membership membership);

    /** The file is to be taken care of before this returns: what it was made of is deleted then. */
    void finished(Finished file);
  }

  /** A multi-recording that goes on. @param fileName as far as it is known, as WCS tells it */
  public record Running(String uri, String fileName, Instant began, List<Joined> streams) {}

  /** @param task of the supervisor; empty while the stream is away */
  public record Joined(String mediaSessionId, String stream, String task) {}

  /** @param trouble why it could not be done yet; empty for none */
  public record Ending(String work, String trouble) {}

  /**
   * @param works folder of our own for what is being recorded, on the file system of the recordings
   */
  public MultiRecorders(
      Plan plan, Supervisor supervisor, Supplier<Path> ffmpeg, Orphans orphans, Path works, Listener listener, Clock clock) {
    this(plan, supervisor, ffmpeg, orphans, works, listener, AGAIN, clock);
  }

  /** @param again after which one is tried again that could not be made one file */
  MultiRecorders(
      Plan plan, Supervisor supervisor, Supplier<Path> ffmpeg, Orphans orphans, Path works, Listener listener,
      Duration again, Clock clock) {
    this.plan = plan;
    this.supervisor = supervisor;
    this.ffmpeg = ffmpeg;
    this.orphans = orphans;
    this.works = works;
    this.listener = listener;
    this.clock = clock;
    this.end = new MultiRecordingEnd(plan.folder(), plan.name());
    this.endings = new EndedRecordings(end, listener, again);
  }

  /** Ends what a Reelway before this one was recording. To be called before any other is begun. */
  public void recover() {
    if (!Files.isDirectory(works)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(works)) {
      left.forEach(this::recover);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.error("multi-recordings of a Reelway that was killed cannot be looked for in {}: {}", works, e.toString());
    }
  }

  /** One that cannot be looked at keeps none of the others waiting. */
  private void recover(Path work) {
    if (SessionNotes.isIn(work)) {
      LOG.info("ending the multi-recording in {}, which went on when Reelway ended", work);
      endings.end(work, () -> false);
      return;
    }
    try {
      MultiRecordingEnd.forgetUnbegun(work);
    } catch (IOException e) {
      LOG.warn("{}, which a Reelway that was killed left empty, cannot be deleted: {}", work, e.toString());
    }
  }

  /** The stream is on. */
  public synchronized void started(SourceStream stream) {
    if (!stream.isInbound()) {
      return;
    }
    streams.put(key(stream), stream);
    for (MultiRecording recording : running.values()) {
      recording.on().stream().filter(member -> isMeant(stream, member.session()) && member.task().isEmpty())
          .forEach(member -> {
            comes(recording, member);
            record(recording, member);
          });
    }
  }

  /** The stream is over; whoever it is a member of goes on without it until it is back. */
  public synchronized void ended(SourceStream stream) {
    streams.remove(key(stream));
    for (MultiRecording recording : running.values()) {
      recording.on().stream().filter(member -> isMeant(stream, member.session())).forEach(member -> {
        stop(member);
        goes(recording, member);
      });
    }
  }

  private void comes(MultiRecording recording, MultiRecording.Member member) {
    if (recording.comes(member)) {
      tell(listener::added, recording, member);
    }
  }

  private void goes(MultiRecording recording, MultiRecording.Member member) {
    if (recording.goes(member)) {
      tell(listener::removed, recording, member);
    }
  }

  /** In their order, and without holding up who waits for an answer: it is noted already. */
  private void tell(Consumer<Membership> what, MultiRecording recording, MultiRecording.Member member) {
    Membership membership = recording.membership(member, fileName(recording));
    try {
      teller.execute(() -> tell(what, membership));
    } catch (RejectedExecutionException closed) {
      LOG.debug("stream {} in {} is told of by the next start", membership.stream(), membership.uri());
    }
  }

  private static void tell(Consumer<Membership> what, Membership membership) {
    try {
      what.accept(membership);
    } catch (RuntimeException e) {
      LOG.error(
          "an event of stream {} in {} is told when that has ended: {}", membership.stream(), membership.uri(), e.toString());
    }
  }

  private static String key(SourceStream stream) {
    return stream.id().toString();
  }

  private static boolean isMeant(SourceStream stream, String session) {
    return stream.session().equals(session) || stream.name().equals(session);
  }

  /**
   * Begins one.
   *
   * @throws Conflict when one goes on
   * @throws ListFull when there are too many
   */
  public synchronized void startup(String uri) {
    if (running.containsKey(uri)) {
      throw new Conflict("a multi-recording of " + uri + " goes on already");
    }
    recordings.require(1);
    Path work = works.resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(work);
      running.put(uri, new MultiRecording(uri, work, clock.millis()));
    } catch (IOException e) {
      throw new UncheckedIOException("a multi-recording cannot be begun in " + work + ": " + e, e);
    }
    LOG.info("multi-recording {} begins", uri);
  }

  /**
   * Has a stream recorded from now on.
   *
   * @param session the media server's id of the stream's run, or its name
   * @param source URI where it is read from; null where the media server's events tell
   * @throws NotFound when there is no such multi-recording or stream
   * @throws Conflict when it has been added
   * @throws ListFull when there are too many
   */
  public synchronized void add(String uri, String session, String source) {
    MultiRecording recording = require(uri);
    members.require(1);
    Optional<SourceStream> known =
        streams.values().stream().filter(stream -> stream.session().equals(session)).findFirst()
            .or(() -> streams.values().stream().filter(stream -> stream.name().equals(session)).findFirst());
    String name = known.map(SourceStream::name).orElse(session);
    String app = known.map(stream -> stream.id().app()).orElse("");
    if (!recording.add(name, session, app, source(session, source, known))) {
      throw new Conflict("the stream " + session + " has been added to " + uri);
    }
    recording.on().stream().filter(member -> member.session().equals(session)).forEach(member -> {
      tell(listener::added, recording, member);
      record(recording, member);
    });
  }

  private StreamSource source(String session, String source, Optional<SourceStream> known) {
    if (source != null) {
      return StreamSource.of(source, "", session, plan.silence());
    }
    if (known.isPresent()) {
      return known.get().source(plan.source(), plan.silence());
    }
    if (plan.pull() != null) {
      return StreamSource.of(plan.pull(), "", session, plan.silence());
    }
    throw new NotFound(
        "no stream with the mediaSessionId or the name \"" + session.replaceAll("\\p{Cntrl}", "?")
            + "\" is on, as far as media servers told (GET /streams/registry lists them); name its \"source\", or set"
            + " reelway.multirecorder.source");
  }

  private MultiRecording require(String uri) {
    MultiRecording recording = running.get(uri);
    if (recording == null) {
      throw new NotFound("no multi-recording has the uri \"" + uri.replaceAll("\\p{Cntrl}", "?") + "\"");
    }
    return recording;
  }

  private void record(MultiRecording recording, MultiRecording.Member member) {
    String id = "multi-" + ++begun;
    member.runs(id);
    member.source().tracks().forget();
    RecorderOrder order =
        new RecorderOrder(
            id, member.streamName(), member.source(), member.session(), recording.work(), plan.name(), Rotation.NONE);
    supervisor.start(
        new Task(
            id, member.streamName(), recording.uri(), TARGET,
            now -> RecorderRun.start(
                order, plan.transcode() && member.hasOtherCodecs() ? TRANSCODED : RecorderRun.COPIED, ffmpeg.get(),
                orphans.environment(), new MemberPieces(member, member::nextPiece, clock), now)));
  }

  private void stop(MultiRecording.Member member) {
    if (!member.task().isEmpty()) {
      supervisor.stop(member.task());
      member.runs("");
    }
  }

  /**
   * Ends a stream's part in it; what was recorded of it stays.
   *
   * @throws NotFound when there is no such multi-recording, or it was not added
   */
  public synchronized void remove(String uri, String session) {
    MultiRecording recording = require(uri);
    MultiRecording.Member member = recording.remove(session);
    if (member == null) {
      throw new NotFound("the stream " + session + " has not been added to " + uri);
    }
    stop(member);
    goes(recording, member);
  }

  /**
   * Ends it: its file is made, and handed over, in a while.
   *
   * @throws NotFound when there is none
   */
  public synchronized void terminate(String uri) {
    MultiRecording recording = require(uri);
    running.remove(uri);
    List<String> tasks = recording.tasks();
    recording.on().forEach(member -> {
      stop(member);
      goes(recording, member);
    });
    try {
      recording.ends(clock.millis());
    } catch (IOException e) {
      LOG.warn("when {} ended cannot be noted: {}; the end of its media counts", uri, e.toString());
    }
    LOG.info("multi-recording {} ends", uri);
    endings.end(recording.work(), () -> tasks.stream().anyMatch(task -> supervisor.status(task).isPresent()));
  }

  private synchronized long recordings() {
    return running.size() + (long) endings.all().size();
  }

  private synchronized long members() {
    return running.values().stream().mapToLong(MultiRecording::added).sum();
  }

  /** What may be full. */
  public List<ListBound> bounds() {
    return List.of(recordings, members);
  }

  private String fileName(MultiRecording recording) {
    return end.nameSoFar(recording.uri(), recording.began());
  }

  /** Those that go on. */
  public synchronized List<Running> running() {
    return running.values().stream()
        .map(each -> new Running(
            each.uri(), fileName(each), Instant.ofEpochMilli(each.began()),
            each.on().stream().map(member -> new Joined(member.session(), member.streamName(), member.task())).toList()))
        .toList();
  }

  /** Those that have ended and whose files are being made. */
  public List<Ending> ending() {
    return endings.all();
  }

  /** What goes on is ended by the next start, from what is on the disk then. */
  @Override
  public void close() {
    endings.close();
    teller.shutdown();
    try {
      teller.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
