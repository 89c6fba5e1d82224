package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.EmsCli;
import org.reelway.testkit.ems.EmsNet;
import org.reelway.testkit.ems.EmsStandIn;

/** With a stand-in of EvoStream that writes files and numbers them. */
@Execution(ExecutionMode.CONCURRENT)
class EmsRecorderTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path temp;
  private final EmsNet net = new EmsNet();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(net));
  private TakenRecordings taken;
  private EmsStandIn ems;
  private RecordersRig rig;
  private final ToldRecordings told = new ToldRecordings();

  @BeforeEach
  void startServer() throws Exception {
    taken = new TakenRecordings(temp.resolve("recordings"));
    ems = EmsStandIn.start(net, "a:1935", "10.0.0.1");
    open.add(ems);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Recorders recorders(Rotation rotation) {
    rig = new RecordersRig(temp.resolve("own"), taken, List.of(api()), true, "rtmp://127.0.0.1:9/{app}/{stream}", rotation);
    open.add(rig);
    return rig.recorders();
  }

  private ServerApi api() {
    return new ServerApi(ServerApi.Kind.EMS, "127.0.0.1", ems.api());
  }

  private static SourceStream stream(String name) {
    return new SourceStream(new StreamId("ems", "127.0.0.1", "live", name, "in"), "7", "", StreamTrail.NOBODY);
  }

  private SourceStream publish(String name) {
    ems.publish(name, "10.0.0.9");
    return stream(name);
  }

  /** As a Reelway has one after its start. */
  private EmsRecorder recorder(String instance) {
    return new EmsRecorder(
        new EmsCli(api()), instance, new ServerFiles(temp.resolve("own/servers"), told), new FinishedFiles(taken, Clock.systemUTC()), Clock.systemUTC());
  }

  private ServerRecording recording(EmsRecorder recorder, String stream, Rotation rotation) {
    return recorder.recording(new RecordingOrder(stream(stream), RecordersRig.terms(taken.root(), rotation, true), false));
  }

  private List<String> records() {
    return ems.configs().stream().filter(each -> each.startsWith("record ")).toList();
  }

  private long takenOf(String stream) {
    return taken.all().stream().filter(each -> each.endsWith(" of " + stream)).count();
  }

  @Test
  void streamsAreCutEachByItselfAndNobodyElsesRecordingIs() {
    ems.command("record", Map.of("localStreamName", "one", "pathToFile", temp.resolve("others").toString()));
    Recorders recorders = recorders(new Rotation(2, 0));
    rig.started(publish("one"));
    rig.started(publish("two"));

    await().atMost(LONG).until(() -> takenOf("one") >= 2 && takenOf("two") >= 2);
    assertThat(recorders.running()).extracting(Recorders.Running::by).containsOnly("ems");
    assertThat(rig.status("one").state()).isEqualTo("running");
    assertThat(rig.status("one").runs()).isEqualTo(1);
    assertThat(rig.status("one").frames()).isGreaterThan(150);
    ems.unpublish("one");
    rig.ended(stream("one"));
    await().atMost(LONG).until(() -> records().equals(List.of("record one", "record two")));

    assertThat(ems.taken().stream().filter(each -> each.startsWith("shutdownStream")))
        .isNotEmpty().allMatch(each -> each.contains("permanently=0") && each.contains("id="));
    assertThat(ems.count("record")).isEqualTo(2);
    assertThat(ems.count("setTimer")).isZero();
    assertThat(ems.refused()).isEmpty();
    await().atMost(LONG).until(() -> takenOf("one") >= 3);
    assertThat(taken.all()).doesNotHaveDuplicates()
        .allMatch(each -> each.matches("(one|two)-\\d+(_part\\d{4})?\\.mp4 of \\1"));
    assertThat(rig.told().isInPairs("one")).as("%s", rig.told().all()).isTrue();
    assertThat(rig.told().of("one")).filteredOn(each -> each.startsWith("ended")).map(each -> each.substring(6))
        .containsExactlyElementsOf(taken.all().stream().filter(each -> each.endsWith(" of one")).toList());
    assertThat(temp.resolve("others_part0002.mp4")).as("somebody else's was not cut").doesNotExist();
  }

  @Test
  void theRecordingGoesOnWhileEmsCannotBeAskedAndIsBegunOnce() {
    Recorders recorders = recorders(Rotation.NONE);
    rig.started(publish("cam"));
    await().atMost(LONG).until(() -> rig.status("cam").state().equals("running"));

    ems.away();
    AtomicLong asked = new AtomicLong();
    await().atMost(LONG).until(() -> rig.status("cam").runs() > 1 || asked.incrementAndGet() > 60);
    ems.back();
    long before = rig.status("cam").bytes();
    await().atMost(LONG).until(() -> rig.status("cam").state().equals("running") && rig.status("cam").bytes() > before);

    assertThat(ems.count("record")).isEqualTo(1);
    assertThat(records()).containsExactly("record cam");
    assertThat(taken.all()).isEmpty();
  }

  @Test
  void whatIsLeftWhenEmsCannotBeToldOfAnEndEndsLater() {
    Recorders recorders = recorders(Rotation.NONE);
    rig.started(publish("cam"));
    await().atMost(LONG).until(() -> rig.status("cam").state().equals("running"));
    ems.away();
    rig.ended(stream("cam"));
    await().atMost(LONG).until(() -> rig.isIdle());
    assertThat(records()).containsExactly("record cam");

    ems.back();
    await().atMost(LONG).until(() -> {
      rig.tend();
      return records().isEmpty() && takenOf("cam") == 1;
    });
    assertThat(rig.told().of("cam")).containsExactly("began " + taken.all().get(0), "ended " + taken.all().get(0));
  }

  @Test
  void aStreamIsRecordedOnceWhenEmsIsBackAfterItsOwnRestart() {
    Recorders recorders = recorders(new Rotation(2, 0));
    rig.started(publish("cam"));
    await().atMost(LONG).until(() -> takenOf("cam") >= 1);

    ems.kill();
    ems.startAgain();
    publish("cam");

    long before = takenOf("cam");
    await().atMost(LONG).until(() -> takenOf("cam") >= before + 2);
    assertThat(records()).containsExactly("record cam");
    assertThat(taken.all()).doesNotHaveDuplicates();
  }

  @Test
  void aRecordingOfAReelwayThatWasKilledGoesOnOrEndsAndNobodyElsesDoes() {
    publish("cam");
    publish("gone");
    recording(recorder("me"), "cam", Rotation.NONE).begin();
    recording(recorder("me"), "gone", Rotation.NONE).begin();
    recording(recorder("neighbour"), "cam", Rotation.NONE).begin();
    ems.command("record", Map.of("localStreamName", "cam", "pathToFile", temp.resolve("others").toString()));
    await().atMost(LONG).until(() -> ems.outbound().size() == 4);

    EmsRecorder again = recorder("me");
    ServerRecording cam = recording(again, "cam", Rotation.NONE);
    cam.begin();
    again.endUnwanted();

    assertThat(ems.count("record")).as("it goes on").isEqualTo(3);
    assertThat(records()).containsExactly("record cam", "record cam", "record cam");
    await().atMost(LONG).until(() -> cam.ask().bytes() > 0);
    cam.unwanted();
    cam.end();
    assertThat(records()).as("the neighbour's and the other").containsExactly("record cam", "record cam");
    again.endUnwanted();
    assertThat(records()).hasSize(2);
  }

  @Test
  void theFileOfAReelwayThatWasKilledIsToldAndTakenByTheNextOne() {
    publish("cam");
    publish("gone");
    for (String stream : List.of("cam", "gone")) {
      ServerRecording recording = recording(recorder("me"), stream, Rotation.NONE);
      recording.begin();
      await().atMost(LONG).until(() -> recording.ask().there());
    }
    assertThat(told.all()).hasSize(2);

    EmsRecorder again = recorder("me");
    ServerRecording cam = recording(again, "cam", Rotation.NONE);
    cam.begin();
    await().atMost(LONG).until(() -> cam.ask().there());
    again.endUnwanted();

    assertThat(told.of("cam")).as("it goes on").hasSize(1);
    assertThat(told.isInPairs("gone")).as("%s", told.all()).isTrue();
    assertThat(taken.all()).singleElement().asString().endsWith(" of gone");
    cam.end();
    assertThat(told.isInPairs("cam")).as("%s", told.all()).isTrue();
  }

  @Test
  void aRecordingThatWasToBeAnotherIsBegunAnew() {
    publish("cam");
    recording(recorder("me"), "cam", Rotation.NONE).begin();
    recording(recorder("me"), "cam", new Rotation(60, 0)).begin();
    assertThat(ems.count("record")).isEqualTo(2);
    assertThat(records()).containsExactly("record cam");

    EmsRecorder same = recorder("me");
    recording(same, "cam", new Rotation(60, 0)).begin();
    ServerRecording asked = recording(same, "cam", new Rotation(60, 0));
    asked.begin();
    assertThat(ems.count("record")).as("asked for again by the same Reelway").isEqualTo(3);
    assertThat(records()).containsExactly("record cam");
  }

  @Test
  void aFolderThatIsNoRecordingsFolderIsSaid() {
    publish("cam");
    ServerRecording recording =
        recorder("me").recording(
            new RecordingOrder(stream("cam"), RecordersRig.terms(temp.resolve("elsewhere"), Rotation.NONE, true), false));
    recording.begin();
    await().atMost(LONG).until(() -> ems.outbound().contains("cam"));
    assertThatThrownBy(recording::ask)
        .isInstanceOf(InputFailure.class)
        .hasMessageStartingWith("EMS records to " + temp.resolve("elsewhere/cam-"))
        .hasMessageContaining("is in none of the recording folders [" + taken.root());
  }

  @Test
  void bytesCutToo() {
    Recorders recorders = recorders(new Rotation(0, 300_000));
    rig.started(publish("cam"));
    await().atMost(LONG).until(() -> takenOf("cam") >= 2);
    assertThat(rig.status("cam").bytes()).isGreaterThan(300_000);
  }
}
