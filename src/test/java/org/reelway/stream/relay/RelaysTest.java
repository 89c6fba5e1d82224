package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.testkit.FfmpegReceiver;
import org.reelway.testkit.FlvServer;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.transfer.Backoff;

/** With a real media server, a real publisher and real ffmpeg relays. */
@Execution(ExecutionMode.CONCURRENT)
class RelaysTest {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path folder;
  private NginxRtmp origin;
  private NginxRtmp destination;
  private RtmpPublisher publisher;
  private Supervisor supervisor;
  private int sent;
  private Relays relays;

  @BeforeEach
  void startServers() {
    origin = NginxRtmp.start(folder.resolve("origin"));
    destination = NginxRtmp.start(folder.resolve("destination"));
    publisher = RtmpPublisher.publish(folder, origin.rtmp("cam"));
    await().atMost(LONG).until(() -> origin.published().containsKey("cam"));
    Orphans orphans = new Orphans("test-" + folder.getFileName());
    Limits limits =
        new Limits(
            50, Duration.ofSeconds(4), Duration.ofSeconds(1), new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
            Duration.ofSeconds(30));
    supervisor = new Supervisor("relays", orphans, limits, Clock.systemUTC());
    relays =
        new Relays(supervisor, LiveEncoder.PROGRAMS::ffmpeg, folder.resolve("relays"), orphans, limits.stallAfter(),
            Authorities.of(null, folder.resolve("relays")));
    supervisor.begin();
  }

  @AfterEach
  void stopAll() {
    if (supervisor != null) {
      supervisor.close();
    }
    Stream.of(publisher, origin, destination).filter(each -> each != null).forEach(each -> {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  private String send(String to) {
    return relays.start(
        new RelayOrder(
            "cam", StreamSource.of("rtmp://" + origin.address() + "/{app}/{stream}", "live", "cam", Duration.ofSeconds(4)),
            DestinationArguments.of(DestinationUri.parse(to), "cam", StreamTrail.NOBODY).asTwin(sent++),
            StreamTrail.NOBODY.and(origin.address()).mark()));
  }

  private TaskStatus status(String id) {
    return supervisor.statuses().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  private long frames(String id) {
    return status(id).frames();
  }

  @Test
  void aStreamRunsToItsDestinationUntilNobodyWantsIt() throws Exception {
    String id = send(destination.rtmp("{stream}-copy?key=topsecret"));

    await().atMost(LONG).until(() -> status(id).state().equals("running") && destination.published().containsKey("cam-copy"));
    long before = destination.published().get("cam-copy");
    await().atMost(LONG).until(() -> destination.published().get("cam-copy") > before);
    assertThat(status(id).target()).doesNotContain("topsecret");
    for (long pid : supervisor.processes()) {
      assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline"))).contains("flv").doesNotContain("topsecret");
    }
    try (Stream<Path> left = Files.list(folder.resolve("relays"))) {
      assertThat(left).as("what is secret does not stay on disk").isEmpty();
    }

    List<Long> processes = supervisor.processes();
    relays.stop(id);
    await().atMost(LONG).until(() -> supervisor.statuses().isEmpty());
    assertThat(processes).hasSize(1).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    await().atMost(LONG).until(() -> destination.published().isEmpty());
  }

  @Test
  void deadSilentAndRefusingDestinationsDoNotTouchTheOthers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        NginxRtmp refusing = NginxRtmp.start(folder.resolve("refusing"), "deny publish all;")) {
      List<String> good = IntStream.range(0, 7).mapToObj(i -> send(destination.rtmp("{stream}-" + i))).toList();
      String away = send("rtmp://127.0.0.1:" + freePort() + "/live/{stream}");
      String mute = send("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/{stream}");
      String refused = send(refusing.rtmp("{stream}"));

      assertThat(good).doesNotHaveDuplicates();
      await().atMost(LONG).until(() -> good.stream().allMatch(id -> status(id).state().equals("running")));
      await().atMost(LONG).until(() -> Stream.of(away, mute, refused).allMatch(id -> status(id).runs() >= 2));

      List<Long> before = good.stream().map(this::frames).toList();
      await().atMost(LONG).until(() -> status(mute).runs() >= 3 && frames(good.get(0)) > before.get(0) + 100);
      for (int i = 0; i < good.size(); i++) {
        assertThat(status(good.get(i)).runs()).as("runs of a good one").isEqualTo(1);
        assertThat(frames(good.get(i)) - before.get(i)).as("frames of a good one").isGreaterThan(60);
      }
      assertThat(status(away).trouble()).contains("refused");
      assertThat(List.of(status(away), status(mute), status(refused))).noneMatch(each -> each.state().equals("running"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aDestinationThatComesBackHasTheStreamAgain() {
    String id = send(destination.rtmp("{stream}"));
    await().atMost(LONG).until(() -> status(id).state().equals("running"));

    destination.kill();
    await().atMost(LONG).until(() -> !status(id).state().equals("running"));
    await().atMost(LONG).until(() -> status(id).runs() >= 4);
    destination.startAgain();

    await().atMost(LONG).until(() -> destination.published().containsKey("cam"));
    await().atMost(LONG).until(() -> status(id).state().equals("running") && status(id).trouble().isEmpty());
  }

  @Test
  void aRelayThatIsKilledIsBegunAnewAndOneThatIsAskedForIsToo() {
    String id = send(destination.rtmp("{stream}"));
    await().atMost(LONG).until(() -> status(id).state().equals("running"));
    long first = supervisor.processes().get(0);

    ProcessHandle.of(first).orElseThrow().destroyForcibly();
    await().atMost(LONG).until(() -> status(id).state().equals("running") && status(id).runs() == 2);
    assertThat(supervisor.restart(id)).isTrue();
    await().atMost(LONG).until(() -> status(id).state().equals("running") && status(id).runs() == 3);

    assertThat(supervisor.processes()).hasSize(1).doesNotContain(first);
    assertThat(supervisor.restart("nonsense")).isFalse();
    assertThat(supervisor.totals().values()).singleElement().satisfies(total -> assertThat(total.restarts()).isEqualTo(2));
  }

  @Test
  void aStreamWhoseSizeOrClockChangesIsSentOn() throws Exception {
    List<String> names = List.of("resolution-change", "timestamps-back-1s", "timestamps-forward-26h");
    List<FfmpegReceiver> receivers = new ArrayList<>();
    try (FlvServer server = FlvServer.of(Path.of("src/test/resources/flv"), 2)) {
      for (String name : names) {
        String to = "rtmp://127.0.0.1:" + freePort() + "/live/" + name;
        receivers.add(FfmpegReceiver.listen(folder.resolve(name + ".ts"), "-listen", "1", to));
        relays.start(
            new RelayOrder(
                name, StreamSource.of(server.uri(name + ".flv"), "live", name, Duration.ofSeconds(4)),
                DestinationArguments.of(DestinationUri.parse(to), name, StreamTrail.NOBODY), StreamTrail.NOBODY.mark()));
      }
      await().atMost(LONG).until(() -> receivers.stream().noneMatch(FfmpegReceiver::isAlive));
    } finally {
      receivers.forEach(FfmpegReceiver::close);
    }

    for (FfmpegReceiver receiver : receivers) {
      String file = receiver.file().toString();
      assertThat(FFMPEG.run(List.of("-v", "error", "-i", file, "-f", "null", "-"))).as(file).isEmpty();
      List<Double> times =
          StreamSupport.stream(FFMPEG.probe(receiver.file(), "packet=dts_time", List.of()).path("packets").spliterator(), false)
              .map(packet -> packet.path("dts_time").asDouble()).toList();
      assertThat(times).as(file).hasSizeGreaterThanOrEqualTo(24);
      assertThat(IntStream.range(1, times.size()).mapToDouble(i -> times.get(i) - times.get(i - 1))).as(file)
          .allSatisfy(step -> assertThat(step).isBetween(0.03, 0.15));
    }
  }

  @Test
  void aReceiverThatStopsReadingInMidStreamIsFound() throws Exception {
    try (FreezingProxy proxy = FreezingProxy.before(destination.rtmpPort())) {
      String id = send("rtmp://127.0.0.1:" + proxy.port() + "/live/{stream}");
      await().atMost(LONG).until(() -> status(id).state().equals("running") && frames(id) > 50);

      proxy.freeze();

      await().atMost(LONG).until(() -> !status(id).state().equals("running"));
      assertThat(status(id).trouble()).isEqualTo("nothing went through for 4 s");
      proxy.thaw();
      await().atMost(LONG).until(() -> status(id).state().equals("running"));
    }
  }

  @Test
  void aRelayThatHangsItselfIsKilledAndBegunAnew() throws Exception {
    String id = send(destination.rtmp("{stream}"));
    await().atMost(LONG).until(() -> status(id).state().equals("running"));
    long hanging = supervisor.processes().get(0);

    assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(hanging)).start().waitFor()).isZero();

    await().atMost(LONG).until(() -> status(id).state().equals("running") && status(id).runs() == 2);
    assertThat(ProcessHandle.of(hanging).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void whatIsSecretIsReadableByNobodyElseWhileADestinationIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      send("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/topsecret");
      await().atMost(LONG).until(() -> !presets().isEmpty());

      for (Path preset : presets()) {
        assertThat(Files.getPosixFilePermissions(preset))
            .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(preset)).contains("topsecret");
      }
      supervisor.close();
      assertThat(presets()).as("after the end").isEmpty();
    }
  }

  private List<Path> presets() throws IOException {
    Path of = folder.resolve("relays");
    if (!Files.isDirectory(of)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(of)) {
      return all.filter(each -> each.toString().endsWith(".ffpreset")).toList();
    }
  }

  @Test
  void theOrphansOfAReelwayThatWasKilledAreEndedAndNobodyElses() throws Exception {
    String id = send(destination.rtmp("{stream}"));
    await().atMost(LONG).until(() -> status(id).state().equals("running"));
    long running = supervisor.processes().get(0);

    // To a Reelway of another owner it is nobody's business.
    assertThat(new Orphans("another").end(Duration.ofMillis(100))).isEmpty();
    assertThat(ProcessHandle.of(running)).isPresent();
  }
}
