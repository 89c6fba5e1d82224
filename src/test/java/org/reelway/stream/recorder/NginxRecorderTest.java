package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.NginxControl;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.VideoPackets;

/** With a real nginx-rtmp, its rtmp_control and real publishers. */
@Execution(ExecutionMode.CONCURRENT)
class NginxRecorderTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  /** Pictures from one that needs none before it to the next. */
  private static final int GROUP = 25;

  @TempDir Path temp;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TakenRecordings taken;
  private NginxRtmp nginx;
  private RecordersRig rig;
  private final ToldRecordings told = new ToldRecordings();

  @BeforeEach
  void startServer() throws Exception {
    NginxRtmp.assumeInstalled();
    taken = new TakenRecordings(temp.resolve("recordings"));
    nginx = opened(NginxRtmp.start(temp.resolve("nginx"), recorder(taken.root())));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private static String recorder(Path folder) {
    return "recorder reelway { record all manual; record_path " + folder + "; record_unique on; record_suffix .flv; }";
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  private ServerApi api() {
    return new ServerApi(ServerApi.Kind.NGINX_RTMP_CONTROL, "127.0.0.1", nginx.http().resolve("/control"));
  }

  private static SourceStream stream(String name) {
    return new SourceStream(new StreamId("nginx-rtmp", "127.0.0.1", "live", name, "in"), "7", "", StreamTrail.NOBODY);
  }

  private RtmpPublisher publish(String stream) {
    RtmpPublisher publisher = opened(RtmpPublisher.publish(temp, nginx, stream));
    await().atMost(LONG).until(() -> nginx.published().containsKey(stream));
    return publisher;
  }

  private Recorders recorders(Rotation rotation) {
    rig =
        opened(
            new RecordersRig(
                temp.resolve("own"), taken, List.of(api()), true, "rtmp://" + nginx.address() + "/{app}/{stream}", rotation));
    return rig.recorders();
  }

  /** As a Reelway has one after its start: the notes are those of the one before. */
  private NginxRecorder recorder() {
    return new NginxRecorder(
        new NginxControl(api()), "127.0.0.1", new ServerNotes(temp.resolve("own/servers")),
        new ServerFiles(temp.resolve("own/servers"), told),
        new FinishedFiles(taken, Clock.systemUTC()), Clock.systemUTC());
  }

  private ServerRecording recording(NginxRecorder recorder, String stream) {
    return recorder.recording(new RecordingOrder(stream(stream), RecordersRig.terms(taken.root(), Rotation.NONE, true), false));
  }

  private String control(String call, String stream) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(nginx.http().resolve("/control/record/" + call + "?rec=reelway&app=live&name=" + stream)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** nginx begins each file with the next picture that needs none before it: only those until then are lost. */
  @Test
  void everyStreamIsRecordedAndCutAndNoPictureIsLostButAtTheCut() throws Exception {
    VideoPackets packets = VideoPackets.of(RtmpPublisher.media(temp));
    RtmpPublisher one = publish("cam-1");
    RtmpPublisher two = publish("cam_2.x");
    Recorders recorders = recorders(new Rotation(3, 0));
    rig.started(stream("cam-1"));
    rig.started(stream("cam_2.x"));

    await().atMost(LONG).until(() -> taken.all().stream().filter(each -> each.endsWith(" of cam-1")).count() >= 3);
    await().atMost(LONG).until(() -> taken.all().stream().filter(each -> each.endsWith(" of cam_2.x")).count() >= 3);
    assertThat(recorders.running()).extracting(Recorders.Running::by).containsOnly("nginx-rtmp");
    assertThat(recorders.running()).extracting(Recorders.Running::file).doesNotContainNull();
    one.end();
    two.end();
    rig.ended(stream("cam-1"));
    rig.ended(stream("cam_2.x"));
    await().atMost(LONG).until(() -> flv().size() == taken.all().size());

    assertThat(taken.all()).doesNotHaveDuplicates().allMatch(each -> each.matches("(.+)-\\d+\\.flv of \\1"));
    for (String stream : List.of("cam-1", "cam_2.x")) {
      assertThat(rig.told().isInPairs(stream)).as("%s", rig.told().all()).isTrue();
      assertThat(rig.told().of(stream)).hasSize(2 * (int) taken.files().stream().filter(file -> isOf(file, stream)).count());
      List<Integer> lost = lostBetween(packets, taken.files().stream().filter(file -> isOf(file, stream)).toList());
      assertThat(lost).as("lost at the cuts of %s", stream).hasSizeGreaterThanOrEqualTo(2).allMatch(count -> count <= GROUP);
    }
  }

  private static boolean isOf(Path file, String stream) {
    return file.getFileName().toString().startsWith(stream + "-");
  }

  private static List<Integer> lostBetween(VideoPackets packets, List<Path> files) {
    List<Integer> lost = new ArrayList<>();
    int last = -1;
    for (Path file : files.stream().sorted().toList()) {
      List<Integer> found = packets.in(file);
      if (found.isEmpty()) {
        continue;
      }
      assertThat(found.get(0) % GROUP).as("first picture of %s", file).isZero();
      for (int i = 1; i < found.size(); i++) {
        assertThat(found.get(i)).as("picture %s of %s", i, file).isEqualTo((found.get(i - 1) + 1) % packets.count());
      }
      if (last >= 0) {
        lost.add(Math.floorMod(found.get(0) - last - 1, packets.count()));
      }
      last = found.get(found.size() - 1);
    }
    return lost;
  }

  private List<Path> flv() throws Exception {
    try (var files = Files.list(taken.root())) {
      return files.filter(file -> file.toString().endsWith(".flv")).toList();
    }
  }

  @Test
  void aStreamIsRecordedAgainWhenItsServerIsBack() throws Exception {
    publish("cam");
    Recorders recorders = recorders(Rotation.NONE);
    rig.started(stream("cam"));
    await().atMost(LONG).until(() -> flv().size() == 1 && Files.size(flv().get(0)) > 10_000);

    nginx.kill();
    nginx.startAgain();
    publish("cam");

    await().atMost(LONG).until(() -> flv().size() == 2 && taken.all().size() == 1);
    Path second = flv().stream().filter(file -> !taken.files().contains(file)).findFirst().orElseThrow();
    await().atMost(LONG).until(() -> Files.size(second) > 10_000);
    rig.ended(stream("cam"));
    await().atMost(LONG).until(() -> taken.files().contains(second));
    assertThat(taken.all()).hasSize(2);
  }

  @Test
  void whatAKilledReelwayHadRecordedIsTakenOnceAndTheStreamGoesOnInAnotherFile() throws Exception {
    publish("cam");
    publish("other");
    recording(recorder(), "cam").begin();
    ServerRecording nobodys = recording(recorder(), "other");
    nobodys.begin();
    Path first = flv().stream().filter(file -> isOf(file, "cam")).findFirst().orElseThrow();
    await().atMost(LONG).until(() -> Files.size(first) > 10_000);

    NginxRecorder again = recorder();
    ServerRecording recording = recording(again, "cam");
    recording.begin();
    again.endUnwanted();
    again.endUnwanted();

    assertThat(recording.file()).isNotEqualTo(first).exists();
    assertThat(taken.files()).containsExactlyInAnyOrder(first, nobodys.file());
    assertThat(told.of("other")).containsExactly(
        "began " + name(nobodys.file()) + " of other", "ended " + name(nobodys.file()) + " of other");
    assertThat(told.of("cam")).containsExactly(
        "began " + name(first) + " of cam", "ended " + name(first) + " of cam", "began " + name(recording.file()) + " of cam");
    assertThat(control("stop", "other")).as("it has ended").isEmpty();
    assertThat(again.recording(order("cam")).file()).isNull();
    assertThat(control("stop", "cam")).as("it goes on").startsWith(recording.file().toString());
    recording.end();
    assertThat(taken.files()).containsExactlyInAnyOrder(first, nobodys.file(), recording.file());
  }

  private static Path name(Path file) {
    return file.getFileName();
  }

  private RecordingOrder order(String stream) {
    return new RecordingOrder(stream(stream), RecordersRig.terms(taken.root(), Rotation.NONE, true), false);
  }

  @Test
  void whatSomebodyElseHasRecordedIsNotTouched() throws Exception {
    publish("cam");
    Path others = Path.of(control("start", "cam"));
    NginxRecorder recorder = recorder();

    assertThatThrownBy(() -> recording(recorder, "cam").begin())
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("nginx-rtmp begins no recording").hasMessageContaining("by somebody else's request");
    recorder.endUnwanted();

    assertThat(Path.of(control("stop", "cam"))).isEqualTo(others);
    assertThat(taken.all()).isEmpty();
  }

  @Test
  void whatIsWrongWithTheServersConfigurationIsSaid() throws Exception {
    publish("cam");
    Path outside = Files.createDirectories(temp.resolve("outside"));
    nginx.kill();
    nginx.start(recorder(outside));
    publish("cam");
    assertThatThrownBy(() -> recording(recorder(), "cam").begin())
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining(outside.toString()).hasMessageContaining("is in none of the recording folders [" + taken.root())
        .hasMessageContaining("record_path of nginx-rtmp");
    assertThat(control("stop", "cam")).as("it records no more").isEmpty();

    nginx.kill();
    nginx.start();
    publish("cam");
    assertThatThrownBy(() -> recording(recorder(), "cam").begin())
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("the application live of nginx-rtmp has no recorder \"reelway\"");
  }
}
