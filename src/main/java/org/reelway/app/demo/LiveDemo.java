package org.reelway.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.app.demo.StreamCalls.Answer;
import org.reelway.camel.Sidecar;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.PublishedTestStream;
import org.reelway.settings.Settings;
import org.reelway.transfer.store.ListedObject;

/**
 * The life of a stream, start to end, on one machine: made, started, published to, put on the live address, split, stopped; all
 * of it by the API of the same sidecar as always, with a store in this process.
 */
public final class LiveDemo {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String INDEX = "index.m3u8";
  private static final int SEGMENT_SECONDS = 4;
  private static final int SECTION_FROM = 2;
  private static final int SECTION_TO = 12;
  /** The section, and the segment that its end lies in. */
  private static final int LEAST_SECONDS = SECTION_TO + SEGMENT_SECONDS;
  private static final int MOST_SECONDS = 3600;
  private static final Pattern SEGMENT = Pattern.compile("(?m)^#EXTINF:([0-9.]+),.*\n(?:#.*\n)*([^#\n].*)$");

  private final Path folder;
  private final Path home;
  private final int seconds;
  private final DemoScreen screen;
  private final AtomicReference<PublishedTestStream> publisher = new AtomicReference<>();
  private boolean ended;

  /**
   * @param folder everything is written here
   * @param home where the shipped routes are
   * @param seconds how long the stream is on
   */
  public LiveDemo(Path folder, Path home, int seconds, DemoScreen screen) {
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
      throw new InputFailure("--seconds is " + seconds + "; allowed are " + LEAST_SECONDS + " to " + MOST_SECONDS);
    }
    this.folder = folder.toAbsolutePath().normalize();
    this.home = home;
    this.seconds = seconds;
    this.screen = screen;
  }

  /**
   * @param keep stays live until the program is interrupted
   * @return whether all of it was seen to be as it should
   */
  public boolean run(boolean keep) throws IOException, InterruptedException {
    String secretKey = HexFormat.of().formatHex(SecureRandom.getSeed(16));
    Files.createDirectories(folder.resolve("recordings"));
    screen.title("Reelway demo: a live stream from its ingest to viewers and an archive");
    try (EmbeddedStore store = EmbeddedStore.start(folder.resolve("store"), 0, DemoSettings.ACCESS_KEY, secretKey)) {
      store.createBucket(DemoSettings.BUCKET);
      screen.fact("store", store.endpoint() + "  (embedded, objects in " + folder.resolve("store") + ")");
      Settings settings = DemoSettings.of(
          folder, store.endpoint(), secretKey,
          Map.of("reelway.workflow.listen-port", String.valueOf(freePort()), "reelway.workflow.segment", "1s"));
      Sidecar sidecar = new Sidecar(settings, home);
      Thread interrupted = new Thread(() -> end(sidecar), "stop");
      Runtime.getRuntime().addShutdownHook(interrupted);
      try {
        sidecar.start();
        return live(sidecar, keep);
      } finally {
        end(sidecar);
        forget(interrupted);
      }
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // It runs.
    }
  }

  private synchronized void end(Sidecar sidecar) {
    if (!ended) {
      ended = true;
      endPublisher();
      sidecar.close();
    }
  }

  private void endPublisher() {
    PublishedTestStream running = publisher.getAndSet(null);
    if (running != null) {
      running.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private boolean live(Sidecar sidecar, boolean keep) throws IOException, InterruptedException {
    StreamCalls api = new StreamCalls(sidecar.http());
    String stream = "/" + api.call("POST", "", StreamCalls.json().objectNode()
        .put("name", "Demo").put("description", "A test picture, from ./reelway demo live.")
        .put("segment_length", SEGMENT_SECONDS)).path("id").asText();
    screen.fact("API", sidecar.http() + "/streams" + stream);
    awaitState(api, stream, "stopped");
    api.call("POST", stream + "/start", null);
    JsonNode record = awaitState(api, stream, "started");
    Instant begun = Instant.now();
    FfmpegPrograms programs = FfmpegPrograms.shipped(home.resolve("ffmpeg"), folder.resolve("ffmpeg"));
    URI ingest = URI.create(record.path("rtmp1").asText());
    publisher.set(PublishedTestStream.start(programs, ingest, folder));
    screen.fact("ingest", "rtmp://" + ingest.getAuthority() + ", a picture of 720p and a tone");
    api.call("POST", stream + "/live", null);
    List<String> wrong = new ArrayList<>();
    watch(api, URI.create(record.path("viewer_endpoint_cloudfront").asText()), wrong);
    screen.fact("plays at", sidecar.http() + "/player?stream=" + stream.substring(1));
    awaitArchive(sidecar, archive(record));
    check(sidecar, split(api, stream, record.path("current_session_id").asText()), wrong);
    if (keep) {
      stay(sidecar, stream);
    }
    wait(Duration.between(Instant.now(), begun.plusSeconds(seconds)));
    return stop(sidecar, api, stream, wrong);
  }

  private JsonNode awaitState(StreamCalls api, String stream, String state) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      JsonNode record = api.call("GET", stream, null);
      if (record.path("state").asText().equals(state)) {
        return record;
      }
      if (Instant.now().isAfter(deadline) || record.path("state").asText().equals("failed")) {
        throw new OurFailure("the stream does not become " + state + ": it is " + record.path("state").asText() + ", "
            + record.path("trouble").asText());
      }
      Thread.sleep(100);
    }
  }

  private void requireOn() {
    PublishedTestStream running = publisher.get();
    if (running != null) {
      running.requireOn();
    }
  }

  /** As a player does: the playlist, and what it names last. */
  private void watch(StreamCalls api, URI playlist, List<String> wrong) throws IOException, InterruptedException {
    Instant begun = Instant.now();
    while (true) {
      requireOn();
      Answer answer = api.get(playlist);
      List<Segment> segments = segments(answer.body());
      if (answer.isGood() && segments.size() > 1) {
        URI newest = playlist.resolve(segments.get(segments.size() - 1).name());
        screen.fact("live", String.format(
            Locale.ROOT, "%s, %.1f s after the publisher began", playlist, Duration.between(begun, Instant.now()).toMillis() / 1000.0));
        if (!api.get(newest).isGood()) {
          wrong.add("the live playlist names " + newest + ", which is not there");
        }
        return;
      }
      if (Instant.now().isAfter(begun.plus(PATIENCE))) {
        throw new OurFailure("nothing plays at " + playlist + ": " + answer.status() + " " + answer.body());
      }
      Thread.sleep(100);
    }
  }

  private record Segment(double seconds, String name) {}

  private static double seconds(List<Segment> segments) {
    return segments.stream().mapToDouble(Segment::seconds).sum();
  }

  private static List<Segment> segments(String playlist) {
    List<Segment> all = new ArrayList<>();
    for (Matcher found = SEGMENT.matcher(playlist); found.find(); ) {
      all.add(new Segment(Double.parseDouble(found.group(1)), found.group(2)));
    }
    return all;
  }

  private void awaitArchive(Sidecar sidecar, String archive) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    for (double length = 0; length < SECTION_TO; length = archived(sidecar, archive)) {
      requireOn();
      if (Instant.now().isAfter(deadline)) {
        throw new OurFailure("the archive has " + length + " s after " + PATIENCE.toSeconds() + " s");
      }
      screen.share("archived", length / SECTION_TO);
      Thread.sleep(250);
    }
    screen.share("archived", 1);
    screen.endBar();
  }

  private static double archived(Sidecar sidecar, String archive) {
    String index = archive + INDEX;
    return keys(sidecar, index).contains(index) ? seconds(segments(text(sidecar, index))) : 0;
  }

  /** @return key of the section's playlist */
  private static String split(StreamCalls api, String stream, String session) throws IOException {
    JsonNode wanted = StreamCalls.json().objectNode()
        .put("session_id", session)
        .put("name_modifier", "demo")
        .set("timestamp_list", StreamCalls.json().arrayNode()
            .add(StreamCalls.json().objectNode().put("start", SECTION_FROM).put("end", SECTION_TO)));
    return api.call("POST", stream + "/split", wanted).path("indexes").path(0).asText();
  }

  private void check(Sidecar sidecar, String section, List<String> wrong) {
    List<Segment> segments = segments(text(sidecar, section));
    double length = seconds(segments);
    screen.fact("split", String.format(
        Locale.ROOT, "seconds %d to %d while it is live: %s, %d segments, %.1f s", SECTION_FROM, SECTION_TO, section,
        segments.size(), length));
    if (length < SECTION_TO - SECTION_FROM || length > SECTION_TO - SECTION_FROM + 2 * SEGMENT_SECONDS) {
      wrong.add(String.format(Locale.ROOT, "the section has %.1f s", length));
    }
    String archive = section.substring(0, section.lastIndexOf('/') + 1);
    List<String> keys = keys(sidecar, archive);
    segments.stream().map(segment -> archive + segment.name()).filter(key -> !keys.contains(key))
        .forEach(key -> wrong.add("the section names " + key + ", which is not there"));
  }

  private static String text(Sidecar sidecar, String key) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sidecar.store().get(DemoSettings.BUCKET, key, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<String> keys(Sidecar sidecar, String prefix) {
    return objects(sidecar, prefix).stream().map(ListedObject::key).toList();
  }

  private static List<ListedObject> objects(Sidecar sidecar, String prefix) {
    List<ListedObject> all = new ArrayList<>();
    sidecar.store().list(DemoSettings.BUCKET, prefix, all::add);
    return all;
  }

  private void wait(Duration left) throws InterruptedException {
    Instant deadline = Instant.now().plus(left);
    Duration whole = left.isNegative() ? Duration.ZERO : left;
    while (Instant.now().isBefore(deadline)) {
      requireOn();
      screen.share("on air", 1 - (double) Duration.between(Instant.now(), deadline).toMillis() / whole.toMillis());
      Thread.sleep(500);
    }
    screen.share("on air", 1);
    screen.endBar();
  }

  /** What the keys of the session's archive start with. */
  private static String archive(JsonNode record) {
    String root = record.path("archives_path").path(record.path("current_session_id").asText()).asText();
    return root.substring(("s3://" + DemoSettings.BUCKET + "/").length());
  }

  private boolean stop(Sidecar sidecar, StreamCalls api, String stream, List<String> wrong)
      throws IOException, InterruptedException {
    endPublisher();
    api.call("POST", stream + "/stop", null);
    JsonNode record = awaitState(api, stream, "stopped");
    String archive = archive(record);
    screen.fact("archive", "s3://" + DemoSettings.BUCKET + "/" + archive);
    objects(sidecar, archive).forEach(object ->
        screen.fact("", String.format(Locale.ROOT, "%,10d  %s", object.size(), object.key().substring(archive.length()))));
    String index = text(sidecar, archive + INDEX);
    List<Segment> segments = segments(index);
    double length = seconds(segments);
    if (!index.contains("#EXT-X-ENDLIST")) {
      wrong.add("the archive's playlist has no end");
    }
    if (length < SECTION_TO) {
      wrong.add(String.format(Locale.ROOT, "the archive has %.1f s only", length));
    }
    wrong.forEach(each -> screen.fact("wrong", each));
    screen.fact("left", folder + "; delete it when you are done");
    screen.verdict(
        wrong.isEmpty(),
        wrong.isEmpty()
            ? String.format(Locale.ROOT, "the stream was live, was split, and is archived: %.1f s in %d segments", length, segments.size())
            : "not all of it is as it should be");
    return wrong.isEmpty();
  }

  private void stay(Sidecar sidecar, String stream) throws InterruptedException {
    screen.title("\nIt stays live until Ctrl-C. Meanwhile: ");
    screen.fact("look", "curl " + sidecar.http() + "/streams" + stream);
    screen.fact("take off", "curl -X DELETE " + sidecar.http() + "/streams" + stream + "/live");
    screen.fact("publish", "to the address in its \"rtmp2\", with OBS or ffmpeg");
    Object forever = new Object();
    synchronized (forever) {
      while (true) {
        forever.wait();
      }
    }
  }
}
