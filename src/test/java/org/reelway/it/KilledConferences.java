package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.Track;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Two streams of a real media server, a Reelway that records conferences of them, the backend that it tells and the store
 * that it sends to; and what has to be so in the end, whatever was killed meanwhile.
 */
final class KilledConferences implements AutoCloseable {
  static final List<String> STREAMS = List.of("left", "right");
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));
  private static final JsonMapper JSON = JsonMapper.builder().build();
  /** The fragment that was not whole, a look at the frames that came late, and pictures until the next key picture. */
  private static final long TOLERATED_MILLIS = 2500;
  private static final String HIDDEN = ".reelway-multirecorder";

  private final Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final TestStore store;
  private final FaultyStore wire;
  private final NginxRtmp origin;
  private final CallbackReceiver backend;
  private final ChildReelway.CommandLine line;
  private final Map<String, Conference> all = new LinkedHashMap<>();
  private volatile Predicate<StoreRequest> held = request -> false;
  private volatile boolean callbacksHeld;
  private volatile CountDownLatch letGo = new CountDownLatch(1);
  private final AtomicInteger holding = new AtomicInteger();
  private List<String> left = List.of();
  private ChildReelway child;

  /** One of them, and what is known of it from outside. */
  final class Conference {
    final String uri;
    private final Map<String, Long> recordedFrom = new HashMap<>();
    private final Map<String, Long> recordedUntil = new HashMap<>();
    private final Map<String, Long> interrupted = new HashMap<>();
    final List<String> answered = new ArrayList<>();
    private Path work;

    private Conference(String uri) {
      this.uri = uri;
    }

    private String stem() {
      return uri.replaceAll("[:/]", "_") + "--1-";
    }

    boolean call(String call, String stream) {
      String body = "{\"uri\":\"" + uri + "\"" + (stream == null ? "" : ",\"mediaSessionId\":\"" + stream + "\"") + "}";
      boolean ok = child.http().post("/rest-api/multipleRecorder/" + call, "application/json", body).status() == 200;
      if (ok) {
        answered.add(stream == null ? call : call + " " + stream);
      }
      return ok;
    }

    /** Its streams' media is on the disk from now on. */
    void awaitMedia() {
      for (String stream : STREAMS) {
        long before = frames(stream);
        child.await(stream + " is recorded", () -> frames(stream) >= Math.max(26, before + 1));
        recordedFrom.putIfAbsent(stream, System.nanoTime());
      }
    }

    /** Nothing could record meanwhile. */
    void interruptedFor(Runnable what) {
      long from = System.nanoTime();
      what.run();
      awaitMedia();
      STREAMS.forEach(stream -> interrupted.merge(stream, System.nanoTime() - from, Long::sum));
    }

    private long frames(String stream) {
      JsonNode found = child.http().get("/multirecorders").json().path("multirecorders");
      for (JsonNode each : found) {
        for (JsonNode member : each.path("streams")) {
          if (each.path("uri").asText().equals(uri) && member.path("mediaSessionId").asText().equals(stream)) {
            return member.path("frames").asLong();
          }
        }
      }
      return 0;
    }

    /** From now on nothing more of the stream is wanted, or can be. */
    void mediaEnds(String stream) {
      if (recordedFrom.containsKey(stream)) {
        recordedUntil.putIfAbsent(stream, System.nanoTime());
      }
    }

    /** The folder in which it is recorded; empty before there is one, and when it is done. */
    Optional<Path> work() {
      if (work == null) {
        work = in(hidden()).stream().filter(each -> text(each.resolve("session.json")).contains('"' + uri + '"')).findFirst()
            .orElse(null);
      }
      return Optional.ofNullable(work).filter(Files::isDirectory);
    }

    String note() {
      return work().map(each -> text(each.resolve("session.json"))).orElse("");
    }

    boolean hasInWork(String end) {
      return work().stream().flatMap(each -> in(each).stream())
          .anyMatch(each -> each.getFileName().toString().matches(end));
    }

    /** Of its mix. */
    Optional<Path> job() {
      return in(hidden().resolve("mixes")).stream()
          .filter(each -> in(each).stream().anyMatch(file -> file.getFileName().toString().startsWith(stem()))).findFirst();
    }

    boolean hasInJob(String end) {
      return job().stream().flatMap(each -> in(each).stream())
          .flatMap(each -> Stream.concat(Stream.of(each), in(each).stream()))
          .anyMatch(each -> each.getFileName().toString().matches(end));
    }

    String jobNote() {
      return job().map(each -> text(each.resolve("job.json"))).orElse("");
    }

    /** Files of it in the recordings folder. @param end of their names, a pattern */
    boolean has(String end) {
      return !files(end).isEmpty();
    }

    private List<Path> files(String end) {
      return in(recordings()).stream()
          .filter(each -> each.getFileName().toString().matches("\\Q" + stem() + "\\E.*" + end)).sorted().toList();
    }

    /** As a kill left it: of what there is, the last. Empty where all is done. */
    private String state() {
      List<String> seen = new ArrayList<>();
      work().ifPresent(folder -> seen.add("work"));
      if (hasInWork(".*\\.piece")) {
        seen.add("pieces");
      }
      if (note().contains("\"target\":\"/")) {
        seen.add(note().contains("\"done\":true") ? "done" : "target");
      }
      if (hasInWork("tables-.*")) {
        seen.add("tables");
      }
      job().ifPresent(folder -> seen.add(jobNote().isEmpty() ? "job without note" : "job"));
      for (String name : List.of(".*\\.partial", "finished\\.mp4", ".*_mixed\\.mp4")) {
        if (hasInJob(name)) {
          seen.add("in the job " + name);
        }
      }
      files(job().isPresent() ? ".*(tmp|upload|_mixed\\.mp4)" : ".*(tmp|upload)")
          .forEach(each -> seen.add(each.getFileName().toString().substring(stem().length())));
      return seen.isEmpty() ? "" : uri.replaceAll(".*/", "") + seen;
    }

    boolean isDone() {
      boolean recorded = files("\\.mp4").stream().anyMatch(each -> !isMixed(each));
      boolean mixed = has("_mixed\\.mp4");
      return work().isEmpty() && job().filter(each -> !isBeingMade(each)).isEmpty() && recorded == mixed && (recorded || recordedFrom.isEmpty())
          && files("\\.mp4").stream().allMatch(each -> store.has(each.getFileName().toString()))
          && !has("\\.upload");
    }

    private void check() throws Exception {
      List<Path> files = files(".*");
      List<Path> recorded = files.stream().filter(each -> !isMixed(each)).toList();
      boolean expected = recordedFrom.keySet().containsAll(STREAMS);
      assertThat(recorded).as("%s: one file", uri).hasSizeBetween(expected ? 1 : 0, 1);
      assertThat(files.stream().filter(KilledConferences::isMixed)).as("%s: one mix", uri).hasSameSizeAs(recorded);
      List<String> keys = store.keys().stream().filter(key -> key.startsWith(stem())).sorted().toList();
      assertThat(keys).as("%s: its objects", uri)
          .containsExactlyElementsOf(files.stream().map(each -> each.getFileName().toString()).toList());
      for (Path file : files) {
        String key = file.getFileName().toString();
        assertThat(store.bytes(key)).as(key).isEqualTo(Files.readAllBytes(file));
        assertThat(FFMPEG.run(List.of("-i", file.toString(), "-map", "0", "-f", "null", "-"))).as(key).isEmpty();
      }
      for (Path file : recorded) {
        checkTracks(file);
        checkCallback(file);
      }
      checkEvents();
    }

    private void checkTracks(Path file) throws IOException {
      for (String stream : STREAMS) {
        for (Track.Kind kind : Track.Kind.values()) {
          long millis = MovieTracks.of(file).stream()
              .filter(track -> track.kind() == kind && track.metadata().streamName().equals(stream))
              .flatMap(track -> track.edits().stream()).filter(edit -> edit.isMedia())
              .mapToLong(edit -> edit.endMillis() - edit.startMillis()).sum();
          assertThat(millis).as("%s: %s of %s in ms; %s", uri, kind, stream, answered)
              .isGreaterThanOrEqualTo(expected(stream));
        }
      }
    }

    private long expected(String stream) {
      long from = recordedFrom.getOrDefault(stream, 0L);
      long until = recordedUntil.getOrDefault(stream, from);
      return (until - from - interrupted.getOrDefault(stream, 0L)) / 1_000_000 - TOLERATED_MILLIS;
    }

    private void checkCallback(Path file) {
      List<Received> told = received("/callback").stream()
          .filter(each -> json(each).path("multiRecorderFilePath").asText().equals(file.toString())).toList();
      assertThat(told).as("%s: told", uri).isNotEmpty();
      assertThat(told.stream().map(Received::id).distinct()).as("%s: one callback", uri).hasSize(1);
      assertThat(json(told.get(0)).at("/mixerParams/0/path").asText()).isEqualTo(
          file.toString().replace(".mp4", "_mixed.mp4"));
    }

    private void checkEvents() {
      for (String stream : STREAMS) {
        Map<String, String> told = new LinkedHashMap<>();
        received("/app/StreamEvent").stream()
            .filter(each -> json(each).at("/payload/uri").asText().equals(uri))
            .filter(each -> json(each).path("mediaSessionId").asText().equals(stream))
            .forEach(each -> told.putIfAbsent(each.id(), json(each).path("type").asText()));
        List<String> pair = List.of("addedToMultiRecording", "removedFromMultiRecording");
        if (answered.contains("add " + stream)) {
          assertThat(told.values()).as("%s: told of %s; %s", uri, stream, answered).containsExactlyElementsOf(pair);
        } else {
          assertThat(List.copyOf(told.values())).as("%s: told of %s; %s", uri, stream, answered).isIn(List.of(), pair);
        }
      }
    }
  }

  KilledConferences(Path folder) throws Exception {
    this.folder = folder;
    store = opened(TestStore.start(folder.resolve("store")));
    wire = opened(FaultyStore.before(store.endpoint()));
    wire.onRequest(this::hold);
    origin = opened(NginxRtmp.at(folder.resolve("origin")));
    backend = opened(new CallbackReceiver());
    backend.behave((request, client) -> {
      if (callbacksHeld && request.path().equals("/callback")) {
        Thread.sleep(600_000);
      }
      CallbackReceiver.answering(200).answer(request, client);
    });
    Files.createDirectories(folder.resolve("state"));
    Files.createDirectories(recordings());
    // Unpacked already: 90 MB would be the longest part of the test.
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    Path mixer = Files.writeString(
        folder.resolve("offline_mixer.json"),
        "{\"callbackUrl\":\"" + backend.uri("/callback") + "\",\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":\"320\","
            + "\"mixerVideoHeight\":\"180\",\"mixerVideoFps\":25}");
    line =
        ChildReelway.sidecar(folder, wire.endpoint())
            .set("reelway.routing.source", "rtmp://" + origin.address() + "/{app}/{stream}")
            .set("reelway.relay.retry-max", "500ms")
            .set("reelway.mixer.settings", mixer)
            .set("reelway.callbacks.events-url", backend.uri("/app"))
            .set("reelway.callbacks.allow-private", "127.0.0.1")
            .set("reelway.callbacks.retry-first", "100ms")
            .set("reelway.callbacks.retry-max", "500ms");
    child = line.startReady();
    line.set("reelway.http.port", child.http().server().getPort());
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    origin.start("on_publish " + hook + ";", "on_publish_done " + hook + ";");
    String url = "rtmp://" + origin.address() + "/";
    opened(
        RtmpPublisher.publish(
            folder, url, "-rtmp_app", "live", "-rtmp_playpath", "left", "-f", "flv", url, "-c", "copy", "-rtmp_app", "live",
            "-rtmp_playpath", "right"));
    awaitStreams();
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  private void hold(StoreRequest request) {
    if (!held.test(request)) {
      return;
    }
    CountDownLatch until = letGo;
    holding.incrementAndGet();
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Conference conference(int number) {
    Conference conference = new Conference("multi-recorder://room-" + number);
    all.put(conference.uri, conference);
    return conference;
  }

  /** From now on what is sent of the conference waits. */
  void holdUploads(Conference conference, boolean ofMix) {
    holding.set(0);
    held = request -> request.operation() == StoreRequest.Operation.PUT && request.key().startsWith(conference.stem())
        && request.key().contains("_mixed") == ofMix;
  }

  boolean isHeld() {
    return holding.get() > 0;
  }

  void holdCallbacks() {
    callbacksHeld = true;
  }

  boolean hasCallback(Conference conference) {
    return received("/callback").stream().anyMatch(each -> json(each).path("recorderUri").asText().equals(conference.uri));
  }

  /** kill -9 of Reelway, which is then started again. */
  void killReelway() {
    all.values().forEach(each -> STREAMS.forEach(each::mediaEnds));
    child.kill();
    left = all.values().stream().map(Conference::state).filter(each -> !each.isEmpty()).toList();
    held = request -> false;
    callbacksHeld = false;
    letGo.countDown();
    letGo = new CountDownLatch(1);
    child = line.startReady();
    awaitStreams();
  }

  /** How far those were that the last kill hit. */
  List<String> left() {
    return left;
  }

  private void awaitStreams() {
    child.await("the streams are known", () -> {
      String known = child.http().get("/streams/registry").body();
      return STREAMS.stream().allMatch(stream -> known.contains('"' + stream + '"'));
    });
  }

  /** kill -9 of Reelway's ffmpegs that do this. @return how many there were */
  int killFfmpeg(String argument) {
    List<ProcessHandle> found = ffmpegs().stream()
        .filter(each -> each.info().commandLine().orElse("").contains(argument)).toList();
    found.forEach(ProcessHandle::destroyForcibly);
    return found.size();
  }

  private List<ProcessHandle> ffmpegs() {
    return ProcessHandle.of(child.pid()).stream().flatMap(ProcessHandle::descendants)
        .filter(each -> each.info().command().orElse("").endsWith("/ffmpeg")).toList();
  }

  ChildReelway child() {
    return child;
  }

  /** Waits until nothing goes on any more, and looks at everything that is left. */
  void check() throws Exception {
    child.await("all is done", () -> all.values().stream().allMatch(Conference::isDone));
    child.await("all is told", () -> {
      JsonNode callbacks = child.http().get("/callbacks").json();
      return callbacks.path("waiting").asInt() == 0 && callbacks.path("dead").asInt() == 0;
    });
    assertThat(child.http().get("/mixes").json().path("mixes")).isEmpty();
    assertThat(child.http().get("/multirecorders").json().path("ending")).isEmpty();
    assertThat(in(hidden())).extracting(Path::getFileName).asString().matches("\\[(mixes)?]");
    assertThat(in(hidden().resolve("mixes"))).as("that they were done")
        .allMatch(each -> each.getFileName().toString().startsWith("done-") || isBeingMade(each));
    // What a kill leaves of a marker that was being written is removed after ten minutes.
    assertThat(in(recordings())).as("nothing but recordings")
        .allMatch(each -> each.equals(hidden()) || each.toString().matches(".*(\\.mp4|/\\.reelway\\.lock|\\.reelway\\.tmp)"));
    child.await("no ffmpeg is left", () -> ffmpegs().isEmpty());
    assertThat(ProcessHandle.allProcesses().filter(each -> each.info().commandLine().orElse("").contains(hidden().toString())))
        .as("processes of killed ones").isEmpty();
    // A probe that was killed is the janitor's.
    assertThat(store.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads())
        .extracting(MultipartUpload::key).allMatch(key -> key.startsWith(".reelway-probe/"));
    backend.received().stream().map(Received::id).distinct().forEach(
        id -> assertThat(backend.received().stream().filter(each -> each.id().equals(id)).map(Received::body).distinct())
            .as("bodies of %s", id).hasSize(1));
    for (Conference each : all.values()) {
      each.check();
    }
    all.clear();
  }

  private List<Received> received(String path) {
    return backend.received().stream().filter(each -> each.path().equals(path)).toList();
  }

  private static JsonNode json(Received received) {
    try {
      return JSON.readTree(received.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Half a job, which a kill left: another program might still make it, so that it stays for an hour. */
  private static boolean isBeingMade(Path job) {
    return job.getFileName().toString().startsWith("making-");
  }

  private static boolean isMixed(Path file) {
    return file.getFileName().toString().contains("_mixed");
  }

  private Path recordings() {
    return folder.resolve("recordings");
  }

  private Path hidden() {
    return recordings().resolve(HIDDEN);
  }

  /** What is in the folder; nothing where it goes away meanwhile. */
  private static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException | UncheckedIOException gone) {
      return List.of();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() throws Exception {
    letGo.countDown();
    child.close();
    Collections.reverse(open);
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
