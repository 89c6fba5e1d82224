package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.RecordingRoute;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.ManifestRecords;
import org.reelway.testkit.HttpGate;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.audit.ManifestFormat;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.S3Store;

/** Manifests of real recordings by the shipped route in a real store, read back by the AWS SDK's client. */
class ManifestStepTest {
  private static final FfmpegPrograms PROGRAMS = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));
  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FlowFixture parts;
  private HttpGate gate;
  private final Map<String, RecordingRoute> routes = new HashMap<>();
  private final List<String> puts = new CopyOnWriteArrayList<>();
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void join() {
    gate = HttpGate.before(server.endpoint(), this::answer);
    S3Store store = FlowFixture.connect(gate.endpoint(), Duration.ofSeconds(20));
    parts = new FlowFixture(temp, store, new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true));
    RecordingManifests manifests =
        new RecordingManifests(
            name -> new RecordingManifests.Place(
                parts.store,
                new SmallObjects(
                    parts.store, bucket -> new StoreCapabilities(ChecksumKind.CRC32C, true, true, true))),
            new ManifestFormat(Optional.empty()),
            () -> new MediaProbe(PROGRAMS),
            parts.history,
            new ManifestRecords(parts.database.jdbi(), parts.writer, parts.clock),
            new FirstBytes(parts.clock),
            parts.clock);
    for (String choice : List.of("on", "full")) {
      routes.put(
          choice,
          new RecordingRoute(
              parts.flow, manifests, store.client(), parts.history, parts.state, null, List.of(),
              Map.of("reelway.transfer.manifest", choice))
              .start(advice -> advice.weaveById("tidy").replace().to("mock:tidy")));
    }
  }

  @AfterEach
  void part() {
    routes.values().forEach(RecordingRoute::close);
    parts.close();
    gate.close();
  }

  private Optional<String> answer(String head) {
    if (head.startsWith("PUT ") && head.contains(".manifest.json")) {
      puts.add(head);
      return Optional.ofNullable(answers.poll());
    }
    return Optional.empty();
  }

  private static String refusal(int status, String code) {
    return HttpGate.answer(status, "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>");
  }

  /** By the shipped route. */
  private Exchange write(RecordingWork work, String choice) {
    return routes.get(choice).send(work, "recording-manifest");
  }

  private RecordingWork verified(Path file) {
    Recordings.mark(file);
    RecordingWork work = parts.inHand(parts.found(file));
    parts.flow.transfer(work, FlowFixture.target());
    return work;
  }

  /** Eight seconds, with nothing from the second to the fifth. */
  private Path withGap(String name) throws Exception {
    Path file = parts.recordings.folder().resolve(name);
    Process ffmpeg =
        new ProcessBuilder(
                PROGRAMS.ffmpeg().toString(), "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                "testsrc2=size=192x108:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-t", "8",
                "-vf", "select=not(between(t\\,2\\,5))", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast",
                "-bf", "0", "-c:a", "aac", file.toString())
            .inheritIO()
            .start();
    assertThat(ffmpeg.waitFor()).isZero();
    return file;
  }

  private JsonNode manifest(String key) throws Exception {
    return new ObjectMapper().readTree(server.bytes(key + ".manifest.json"));
  }

  @Test
  void aFullManifestTellsChecksumsTracksAndGaps() throws Exception {
    Path file = withGap("gap.mkv");
    RecordingWork work = verified(file);

    assertThat(write(work, "full").getMessage().getHeader("ManifestKey")).isEqualTo("gap.mkv.manifest.json");

    JsonNode json = manifest("gap.mkv");
    assertThat(json.path("reelwayManifest").asInt()).isEqualTo(1);
    assertThat(json.at("/recording/id").asText()).isEqualTo(work.id());
    assertThat(json.at("/recording/path").asText()).isEqualTo("gap.mkv");
    assertThat(json.at("/files/0/bytes").asLong()).isEqualTo(Files.size(file));
    assertThat(json.at("/files/0/places/0/key").asText()).isEqualTo("gap.mkv");
    String etag = server.client().headObject(head -> head.bucket(TestStore.BUCKET).key("gap.mkv")).eTag();
    assertThat(json.at("/files/0/places/0/etag").asText()).isEqualTo(etag.replace("\"", ""));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertThat(json.at("/files/0/checksums/sha256").asText()).isEqualTo(HexFormat.of().formatHex(sha256));
    assertThat("crc64nvme:" + json.at("/files/0/checksums/crc64nvme").asText())
        .isEqualTo(json.at("/files/0/evidence").asText());
    assertThat(json.at("/times/verified").asText()).isEqualTo(FlowFixture.START.toString());
    assertThat(json.at("/media/tracks/0/codec").asText()).isEqualTo("h264");
    assertThat(json.at("/media/tracks/0/width").asInt()).isEqualTo(192);
    assertThat(json.at("/media/tracks/1/sampleRate").asInt()).isEqualTo(44100);
    assertThat(json.at("/media/gaps/count").asInt()).as(json.toPrettyString()).isEqualTo(1);
    assertThat(json.at("/media/gaps/found/0/track").asInt()).isZero();
    assertThat(json.at("/media/gaps/found/0/seconds").asDouble()).isBetween(2.9, 3.2);
    assertThat(json.at("/media/gaps/packets/1").asInt()).isGreaterThan(300);
  }

  @Test
  void aManifestOfWhatIsNoMediaSaysSo() throws Exception {
    RecordingWork work = verified(parts.recordings.random("noise.mp4", 1000, 1));

    write(work, "on");

    assertThat(manifest("noise.mp4").at("/media/error").asText()).contains("cannot be read as media");
    assertThat(manifest("noise.mp4").at("/files/0/bytes").asInt()).isEqualTo(1000);
    assertThat(manifest("noise.mp4").at("/files/0/checksums").has("sha256")).as("not asked for").isFalse();
  }

  @Test
  void oneThatIsThereIsNotWrittenAgain() throws Exception {
    RecordingWork work = verified(parts.recordings.random("once.mp4", 1000, 2));
    write(work, "on");
    write(work, "on");

    assertThat(puts).hasSize(1);
  }

  @Test
  void anotherRecordingAtTheKeyGetsItsOwn() throws Exception {
    Path file = parts.recordings.random("again.mp4", 1000, 3);
    RecordingWork first = verified(file);
    write(first, "on");
    parts.flow.tidy(first, Tidy.KEEP, null);
    parts.recordings.random("again.mp4", 1001, 4);
    RecordingWork second = verified(file);

    write(second, "on");

    assertThat(manifest("again.mp4").at("/files/0/bytes").asInt()).isEqualTo(1001);
    assertThat(manifest("again.mp4").at("/recording/id").asText()).isEqualTo(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void aBusyStoreIsAskedTwiceMoreAndARefusalIsTheDestinationsFault() {
    RecordingWork work = verified(parts.recordings.random("busy.mp4", 1000, 5));
    answers.addAll(List.of(refusal(503, "SlowDown"), refusal(500, "InternalError")));

    assertThat(write(work, "on").getException()).isNull();

    assertThat(puts).hasSize(3);
    assertThat(server.has("busy.mp4.manifest.json")).isTrue();
    assertThat(work.isConcluded()).as("tidy comes next").isFalse();

    Path file = parts.recordings.random("held.mp4", 1000, 6);
    RecordingWork refused = verified(file);
    answers.add(refusal(403, "AccessDenied"));
    routes.get("on").send(refused, "recording-verified");

    assertThat(puts).as("not repeated").hasSize(4);
    assertThat(routes.get("on").mock("tidy").getExchanges()).isEmpty();
    assertThat(refused.isConcluded()).isTrue();
    assertThat(Recordings.isMarked(file)).isTrue();
    assertThat(parts.outlook.error().orElseThrow())
        .contains("/held.mp4.manifest.json: 403 AccessDenied; allow these credentials to write (s3:PutObject)");
  }

  @Test
  void aManifestThatTheStoreDoesNotHoldIsNoManifest() {
    Path file = parts.recordings.random("lost.mp4", 1000, 7);
    RecordingWork work = verified(file);
    answers.add("HTTP/1.1 200 OK\r\nETag: \"abc\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    routes.get("on").send(work, "recording-verified");

    assertThat(routes.get("on").mock("tidy").getExchanges()).isEmpty();
    assertThat(Recordings.isMarked(file)).isTrue();
    assertThat(parts.outlook.error().orElseThrow()).contains("/lost.mp4.manifest.json is not what was sent: nothing is there");
  }

  /** Camel takes a key in a header for an expression: what a stream is called must not be run. */
  @Test
  void aRecordingThatIsCalledLikeAnExpressionHasItsManifestBesideIt() {
    String name = "${sysenv.HOME} ${bean:failures}.mp4";
    RecordingWork work = verified(parts.recordings.random(name, 1000, 8));

    assertThat(write(work, "on").getException()).isNull();

    assertThat(server.keys()).contains(name, name + ".manifest.json");
  }

  @Test
  void whatTheStoreIsSentIsCheckedByItAndTheFileIsTheBodyAgain() {
    Path file = parts.recordings.random("plain.mp4", 1000, 9);
    RecordingWork work = verified(file);

    Exchange after = routes.get("on").send(work, "recording-verified");

    assertThat(puts).singleElement().asString().containsIgnoringCase("\r\nContent-MD5: ")
        .containsIgnoringCase("\r\nContent-Type: application/json\r\n").contains(work.id());
    assertThat(after.getException()).isNull();
    Exchange tidied = routes.get("on").mock("tidy").getExchanges().get(0);
    assertThat(tidied.getMessage().getBody()).isEqualTo(file.toFile());
    assertThat(tidied.getMessage().getHeaders().keySet()).noneMatch(name -> name.startsWith("CamelAws"));
  }

  @Test
  void aFileThatIsGoneHasItsManifestWithoutMedia() throws Exception {
    Path file = parts.recordings.random("gone.mp4", 1000, 6);
    RecordingWork work = verified(file);
    Files.delete(file);

    write(work, "full");

    assertThat(manifest("gone.mp4").at("/media/error").asText()).contains("tidied or replaced");
    assertThat(manifest("gone.mp4").at("/files/0/checksums").has("sha256")).isFalse();
  }

  @Test
  void aRouteThatAsksForItBeforeTheTransferIsTold() {
    RecordingWork work = parts.inHand(parts.marked("early.mp4"));

    try (LogLines log = new LogLines("org.reelway")) {
      write(work, "on");

      assertThat(log.all()).singleElement().asString().contains("place kamelet:store-transfer before it");
    }
    assertThat(Recordings.isMarked(work.recording().file())).isTrue();
  }
}
