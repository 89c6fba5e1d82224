package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.settings.ServerApi;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.ServerAway;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.servers.WcsApi;
import org.reelway.testkit.WcsStandIn;

/** With a stand-in of Flashphoner WCS. */
class WcsRecorderTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path temp;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TakenRecordings taken;
  private WcsStandIn wcs;
  private final ToldRecordings told = new ToldRecordings();

  @BeforeEach
  void startServer() throws Exception {
    taken = new TakenRecordings(temp.resolve("recordings"));
    wcs = WcsStandIn.start();
    open.add(wcs);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ServerApi api() {
    return new ServerApi(ServerApi.Kind.WCS, "node@192.0.2.1", wcs.base());
  }

  /** @param name any at all: WCS is told the session */
  private static SourceStream stream(String name, String session) {
    return new SourceStream(new StreamId("wcs", "node@192.0.2.1", "defaultApp", name, "in"), session, "", StreamTrail.NOBODY);
  }

  private WcsRecorder recorder() {
    return new WcsRecorder(
        new WcsApi(api()), "node@192.0.2.1", new ServerNotes(temp.resolve("own/servers")),
        new ServerFiles(temp.resolve("own/servers"), told));
  }

  private ServerRecording recording(WcsRecorder recorder, String session, String template, Rotation rotation) {
    RecordingNameTemplate name = RecordingNameTemplate.parse(template);
    return recorder.recording(new RecordingOrder(stream("a cam", session), new Recorders.Terms(taken.root(), name, rotation, true), true));
  }

  @Test
  void aStreamIsRecordedWithWcssOwnNamesAndRotation() {
    wcs.publish("s-1");
    WcsRecorder recorder = recorder();
    ServerRecording recording = recording(recorder, "s-1", "{streamName}-{endTime}", new Rotation(0, 20_000_000));
    recording.begin();
    assertThat(recording.ask().there()).isTrue();
    assertThat(recording.file()).hasToString("{streamName}-{endTime}.mp4");
    recording.end();
    assertThat(recording.ask().there()).isFalse();

    recording(recorder, "s-1", "{streamName}", new Rotation(60, 0)).begin();
    recording(recorder, "s-1", "{streamName}", Rotation.NONE).begin();
    assertThat(wcs.taken()).containsExactly(
        "startRecording {\"mediaSessionId\":\"s-1\",\"config\":{\"fileTemplate\":\"{streamName}-{endTime}\",\"rotation\":\"20M\"}}",
        "stopRecording {\"mediaSessionId\":\"s-1\"}",
        "startRecording {\"mediaSessionId\":\"s-1\",\"config\":{\"fileTemplate\":\"{streamName}\",\"rotation\":\"60\"}}",
        "startRecording {\"mediaSessionId\":\"s-1\",\"config\":{\"fileTemplate\":\"{streamName}\"}}");
    assertThat(told.all()).containsExactly(
        "began {streamName}-{endTime}.mp4 of a cam", "ended {streamName}-{endTime}.mp4 of a cam",
        "began {streamName}.mp4 of a cam", "ended {streamName}.mp4 of a cam", "began {streamName}.mp4 of a cam");
  }

  @Test
  void theEndOfWhatAnotherRecordingTookTheSessionOfEndsNothing() {
    wcs.publish("s-1");
    WcsRecorder recorder = recorder();
    ServerRecording before = recording(recorder, "s-1", "{streamName}", Rotation.NONE);
    before.begin();
    ServerRecording after = recording(recorder, "s-1", "other", Rotation.NONE);
    after.begin();

    before.unwanted();
    before.end();
    recorder.endUnwanted();

    assertThat(wcs.recorded()).containsEntry("s-1", "other.mp4");
    assertThat(before.ask().there()).isFalse();
    assertThat(after.ask().there()).isTrue();
    assertThatThrownBy(before::begin).as("late").hasMessageContaining("nobody wants");
  }

  @Test
  void refusalsSayWhatIsWrong() {
    ServerRecording recording = recording(recorder(), "nobody", "{streamName}", Rotation.NONE);
    assertThatThrownBy(recording::begin)
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("WCS has no such stream that is published").hasMessageContaining("status 404");
    wcs.fail(true);
    assertThatThrownBy(recording::begin).hasMessageContaining("find_all answers with status 500");
    wcs.away();
    assertThatThrownBy(recording::begin).isInstanceOf(ServerAway.class);
  }

  @Test
  void aRecordingOfAReelwayThatWasKilledGoesOnOrEndsAndNobodyElsesDoes() {
    Set.of("kept", "gone", "changed", "others").forEach(wcs::publish);
    for (String session : List.of("kept", "gone", "changed")) {
      recording(recorder(), session, "{streamName}", Rotation.NONE).begin();
    }
    wcs.record("others");

    WcsRecorder again = recorder();
    recording(again, "kept", "{streamName}", Rotation.NONE).begin();
    recording(again, "changed", "{streamName}-2", Rotation.NONE).begin();
    assertThatThrownBy(() -> recording(again, "others", "{streamName}", Rotation.NONE).begin())
        .hasMessageContaining("WCS records the stream already, and not for Reelway");
    again.endUnwanted();

    assertThat(wcs.recorded()).containsOnlyKeys("kept", "changed", "others").containsEntry("changed", "{streamName}-2.mp4");
    assertThat(wcs.taken()).filteredOn(call -> call.startsWith("startRecording")).hasSize(4);
    assertThat(wcs.taken()).filteredOn(call -> call.startsWith("stopRecording"))
        .containsExactly("stopRecording {\"mediaSessionId\":\"gone\"}");
    assertThat(told.all()).as("of three, the one that is gone, and the one that was changed")
        .filteredOn(each -> each.startsWith("ended")).hasSize(2);
    assertThat(told.all()).filteredOn(each -> each.startsWith("began")).hasSize(4);
  }

  @Test
  void everyStreamIsRecordedAndAgainAfterARestartOfWcs() {
    RecordersRig rig =
        new RecordersRig(
            temp.resolve("own"), taken, List.of(api()), true, "rtmp://127.0.0.1:9/{app}/{stream}", Rotation.NONE);
    open.add(rig);
    Recorders recorders = rig.recorders();
    wcs.publish("s-1");
    rig.started(stream("a \"cam\"\n../x", "s-1"));
    await().atMost(LONG).until(() -> rig.status("a \"cam\"\n../x").state().equals("running"));

    wcs.restart();
    await().atMost(LONG).until(() -> wcs.taken().size() == 2);
    await().atMost(LONG).until(() -> rig.status("a \"cam\"\n../x").state().equals("running"));
    rig.ended(stream("a \"cam\"\n../x", "s-1"));
    await().atMost(LONG).until(() -> wcs.recorded().isEmpty() && rig.isIdle());
  }
}
