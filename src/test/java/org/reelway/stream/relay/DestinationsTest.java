package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.testkit.FfmpegReceiver;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.HlsReceiver;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TlsFront;
import org.reelway.transfer.Backoff;

/** One stream to real receivers of every kind at the same time: all of it arrives, and what fails is told. */
@Execution(ExecutionMode.CONCURRENT)
class DestinationsTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final String STALLED = "nothing went through for 5 s";
  private static final int FRAMES = 60;

  @TempDir static Path shared;
  private static NginxRtmp origin;
  private static NginxRtmp far;
  private static RtmpPublisher publisher;
  private static TestCa ca;
  private static TlsFront tls;
  private static HlsReceiver hls;
  private static TlsFront https;
  private static TlsFront misnamed;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, String> ids = new LinkedHashMap<>();
  private Supervisor supervisor;
  private Relays relays;

  @BeforeAll
  static void startServers() {
    origin = NginxRtmp.start(shared.resolve("origin"));
    publisher = RtmpPublisher.publish(shared, origin.rtmp("cam"));
    far = NginxRtmp.start(shared.resolve("far"));
    ca = TestCa.make(shared, "own");
    var certificate = ca.issue("dns:localhost");
    tls = TlsFront.before(URI.create("rtmp://" + far.address()), certificate);
    hls = HlsReceiver.start("encoder", "topsecret-password");
    https = TlsFront.before(URI.create("http://127.0.0.1:" + hls.port()), certificate);
    misnamed = TlsFront.before(URI.create("rtmp://" + far.address()), ca.issue("dns:other.example"));
    await().atMost(LONG).until(() -> origin.published().containsKey("cam"));
  }

  @AfterAll
  static void stopServers() {
    publisher.close();
    origin.close();
    far.close();
    tls.close();
    https.close();
    misnamed.close();
    hls.close();
  }

  @BeforeEach
  void beginRelays() {
    relays = relays(ca.certificate());
    supervisor.begin();
  }

  /** @param authorities of the operator's own; null for none */
  private Relays relays(Path authorities) {
    Orphans orphans = new Orphans("test-" + folder.getFileName());
    Limits limits =
        new Limits(
            50, Duration.ofSeconds(5), Duration.ofSeconds(1), new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
            Duration.ofSeconds(30));
    supervisor = supervisor == null ? new Supervisor("relays", orphans, limits, Clock.systemUTC()) : supervisor;
    Path own = folder.resolve(authorities == null ? "strangers" : "relays");
    return new Relays(
        supervisor, LiveEncoder.PROGRAMS::ffmpeg, own, orphans, limits.stallAfter(), Authorities.of(authorities, own));
  }

  @AfterEach
  void endRelays() throws Exception {
    supervisor.close();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  private void send(String name, String to) {
    ids.put(
        name,
        relays.start(
            new RelayOrder(
                "cam",
                StreamSource.of("rtmp://" + origin.address() + "/{app}/{stream}", "live", "cam", Duration.ofSeconds(5)),
                DestinationArguments.of(DestinationUri.parse(to), "cam", StreamTrail.NOBODY), StreamTrail.NOBODY.and(origin.address()).mark())));
  }

  private TaskStatus status(String name) {
    return supervisor.status(ids.get(name)).orElseThrow();
  }

  private void awaitRunning() {
    await().atMost(LONG).untilAsserted(
        () -> assertThat(supervisor.statuses()).allMatch(each -> each.state().equals("running")));
  }

  private FfmpegReceiver srt(int port, String passphrase) {
    return opened(
        FfmpegReceiver.listen(
            folder.resolve("srt-" + port + ".ts"), "-passphrase", passphrase,
            "srt://127.0.0.1:" + port + "?mode=listener"));
  }

  private FfmpegReceiver rtsp(int port) {
    return opened(
        FfmpegReceiver.listen(
            folder.resolve("rtsp-" + port + ".ts"), "-rtsp_flags", "listen", "rtsp://127.0.0.1:" + port + "/cam"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void theStreamArrivesByEveryProtocolAndItsSecretsAreShownNowhere() throws Exception {
    int srtPort = freeUdpPort();
    int rtspPort = freePort();
    int udpPort = freeUdpPort();
    FfmpegReceiver srt = srt(srtPort, "topsecret-passphrase");
    FfmpegReceiver rtsp = rtsp(rtspPort);
    FfmpegReceiver udp =
        opened(FfmpegReceiver.listen(folder.resolve("udp.ts"), "udp://127.0.0.1:" + udpPort));
    PlaylistChecker checker = opened(PlaylistChecker.watch(hls::read, "/in/cam.m3u8"));

    send("rtmps", "rtmps://localhost:" + tls.port() + "/live/topsecret-key?token=topsecret");
    send("srt", "srt://127.0.0.1:" + srtPort + "?passphrase=topsecret-passphrase&streamid=topsecret-id");
    send("rtsp", "rtsp://127.0.0.1:" + rtspPort + "/{stream}");
    send("udp", "udp://127.0.0.1:" + udpPort);
    send("https", "https://encoder:topsecret-password@localhost:" + https.port() + "/in/{stream}.m3u8?cid=topsecret");

    awaitRunning();
    for (long pid : supervisor.processes()) {
      assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline"))).contains("ffmpeg").doesNotContain("topsecret");
    }
    assertThat(supervisor.statuses().toString()).doesNotContain("topsecret");
    try (Stream<Path> left = Files.list(folder.resolve("relays"))) {
      assertThat(left).as("what is secret does not stay on disk").noneMatch(each -> each.toString().endsWith("preset"));
    }
    await().atMost(LONG).until(() -> Stream.of(srt, rtsp, udp).allMatch(each -> each.size() > 100_000));
    await().atMost(LONG).until(() -> checker.segments("/in/cam.m3u8").size() >= 2);
    assertStream(folder.resolve("srt-" + srtPort + ".ts"));
    assertStream(folder.resolve("rtsp-" + rtspPort + ".ts"));
    assertStream(folder.resolve("udp.ts"));
    assertStream(received(checker));
    assertStream(taken(far.rtmp("topsecret-key")));
    assertThat(checker.problems()).isEmpty();
    assertThat(hls.types()).as("nothing that a player refuses").containsEntry("/in/cam.m3u8", "application/vnd.apple.mpegurl");
    assertThat(ids.keySet()).allSatisfy(each -> assertThat(status(each).runs()).as(each).isEqualTo(1));
    assertThat(List.of("rtmps", "srt", "udp", "https")).allSatisfy(each ->
        assertThat(status(each).bytes()).as(each).isPositive());

    ids.values().forEach(relays::stop);
    await().atMost(LONG).until(() -> supervisor.statuses().isEmpty());
    await().atMost(LONG).untilAsserted(() ->
        assertThat(new String(hls.read("/in/cam.m3u8").orElseThrow())).as("the end").contains("#EXT-X-ENDLIST"));
    try (Stream<Path> left = Files.list(folder.resolve("relays"))) {
      assertThat(left).as("what was packed").noneMatch(Files::isDirectory);
    }
  }

  private void assertStream(Path media) {
    JsonNode found = Ffprobe.of(media);
    assertThat(found.at("/streams/0/nb_read_packets").asInt()).as("frames in %s", media).isGreaterThan(FRAMES);
    assertThat(Ffprobe.codecs(media)).as("%s", media).contains("h264", "aac");
  }

  /** What players of the HLS stream have, chunk after chunk. */
  private Path received(PlaylistChecker checker) throws IOException {
    Path file = folder.resolve("hls.ts");
    try (var out = Files.newOutputStream(file)) {
      for (String chunk : checker.segments("/in/cam.m3u8").values()) {
        out.write(hls.read("/in/" + chunk).orElseThrow());
      }
    }
    return file;
  }

  private Path taken(String url) throws Exception {
    Path file = folder.resolve("taken.ts");
    Process process =
        new ProcessBuilder(
                LiveEncoder.PROGRAMS.ffmpeg().toString(), "-loglevel", "error", "-nostdin", "-i", url, "-t", "5",
                "-c", "copy", file.toString())
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(process.waitFor()).isZero();
    return file;
  }

  @Test
  void wrongCertificatesAndSecretsAreToldAndNothingIsSent() throws Exception {
    int srtPort = freeUdpPort();
    srt(srtPort, "the-right-passphrase");

    send("misnamed", "rtmps://localhost:" + misnamed.port() + "/live/misnamed");
    send("srt", "srt://127.0.0.1:" + srtPort + "?passphrase=the-wrong-passphrase");
    send("password", "http://encoder:the-wrong-password@127.0.0.1:" + hls.port() + "/wrong/{stream}.m3u8");
    relays = relays(null);
    send("foreign", "rtmps://localhost:" + tls.port() + "/live/foreign");
    send("rtsps", "rtsps://localhost:" + tls.port() + "/foreign");
    send("https", "https://encoder:topsecret-password@localhost:" + https.port() + "/strange/{stream}.m3u8");

    Map<String, String> troubles = Map.of(
        "foreign", "certificate verify failed", "misnamed", "certificate verify failed",
        "rtsps", "certificate verify failed", "srt", "Incorrect passphrase", "https", "reelway.relay.ca-file",
        "password", "PUT /wrong/");
    troubles.forEach((name, words) ->
        await(name).atMost(LONG).untilAsserted(() -> assertThat(status(name).trouble()).contains(words)));
    assertThat(status("password").trouble()).endsWith("was answered with 401");
    assertThat(supervisor.statuses()).noneMatch(each -> each.state().equals("running"));
    assertThat(supervisor.statuses().toString()).doesNotContain("wrong-pass");
    assertThat(far.published()).doesNotContainKeys("foreign", "misnamed");
    assertThat(hls.files().keySet()).noneMatch(each -> each.startsWith("/strange/") || each.startsWith("/wrong/"));
  }

  @Test
  void receiversThatDieHaveTheStreamAgainWhenTheyComeBack() throws Exception {
    int srtPort = freeUdpPort();
    int rtspPort = freePort();
    FfmpegReceiver srt = srt(srtPort, "a-passphrase");
    FfmpegReceiver rtsp = rtsp(rtspPort);
    HlsReceiver http = opened(HlsReceiver.start("u", "p"));
    PlaylistChecker checker = opened(PlaylistChecker.watch(http::read, "/in/cam.m3u8"));
    send("srt", "srt://127.0.0.1:" + srtPort + "?passphrase=a-passphrase");
    send("rtsp", "rtsp://127.0.0.1:" + rtspPort + "/{stream}");
    send("http", "http://u:p@127.0.0.1:" + http.port() + "/in/{stream}.m3u8");
    awaitRunning();

    srt.kill();
    rtsp.kill();
    http.stop();
    await().atMost(LONG).until(() -> Stream.of("srt", "rtsp", "http").allMatch(each -> status(each).runs() > 1));
    srt.startAgain();
    rtsp.startAgain();
    http.startAgain();

    await().atMost(LONG).untilAsserted(() -> {
      // One whose connection was given up in the meantime is back as any server would be.
      Stream.of(srt, rtsp).filter(receiver -> !receiver.isAlive()).forEach(FfmpegReceiver::startAgain);
      assertThat(supervisor.statuses()).allMatch(each -> each.state().equals("running"));
      assertThat(Math.min(srt.size(), rtsp.size())).isGreaterThan(50_000);
    });
    assertThat(checker.problems()).as("players of HLS see no number twice").isEmpty();
    assertThat(checker.newest("/in/cam.m3u8")).contains("#EXT-X-DISCONTINUITY");
  }

  @Test
  void receiversThatHangAreFound() throws Exception {
    int srtPort = freeUdpPort();
    int rtspPort = freePort();
    FfmpegReceiver srt = srt(srtPort, "a-passphrase");
    rtsp(rtspPort);
    FreezingProxy rtmps = opened(FreezingProxy.before(tls.port()));
    FreezingProxy rtspFront = opened(FreezingProxy.before(rtspPort));
    FreezingProxy http = opened(FreezingProxy.before(hls.port()));
    send("rtmps", "rtmps://localhost:" + rtmps.port() + "/live/hangs");
    send("srt", "srt://127.0.0.1:" + srtPort + "?passphrase=a-passphrase");
    send("rtsp", "rtsp://127.0.0.1:" + rtspFront.port() + "/{stream}");
    send("http", "http://encoder:topsecret-password@127.0.0.1:" + http.port() + "/hangs/{stream}.m3u8");
    awaitRunning();

    rtmps.freeze();
    rtspFront.freeze();
    http.freeze();
    srt.freeze();

    Set<String> stalled = new HashSet<>();
    await().atMost(LONG).until(() -> {
      // The next run has troubles of its own.
      Stream.of("rtmps", "rtsp", "http").filter(each -> status(each).trouble().startsWith(STALLED)).forEach(stalled::add);
      return stalled.size() == 3 && Stream.of("rtmps", "rtsp", "srt", "http").allMatch(each -> status(each).runs() > 1);
    });
    srt.thaw();
  }
}
