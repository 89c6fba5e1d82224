package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.WcsForm;

/** What WCS's backends read, member by member. */
class CallbackBodiesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final MultiRecorderCallback EXAMPLE =
      new MultiRecorderCallback(
          Instant.parse("2022-01-14T02:51:16Z"),
          Duration.ofMillis(44061),
          "/opt/wcs/records/multi-recorder___test-record.mp4",
          "multi-recorder://test-record",
          List.of(
              new MultiRecorderCallback.Mixed(
                  "/opt/wcs/records/multi-recorder___test-record_mixed.mp4", Duration.ofMillis(44046),
                  Instant.parse("2022-01-14T02:52:04Z"))),
          MultiRecorderCallback.Step.MIXED,
          Map.of());

  @Test
  void theMultiRecorderCallbackIsTheDocumentedExampleToTheLetter() throws Exception {
    WcsForm.MULTI_RECORDER_CALLBACK.assertIsTheForm(RecordingCallbacks.json(EXAMPLE.payload().body()));
    assertThat(JSON.readTree(RecordingCallbacks.json(EXAMPLE.payload().body()))).isEqualTo(WcsForm.MULTI_RECORDER_CALLBACK.example());
  }

  @Test
  void theTimeIsRightAlsoWhere32BitsEnd() throws Exception {
    MultiRecorderCallback late =
        new MultiRecorderCallback(
            Instant.parse("2045-01-01T00:00:00Z"), Duration.ofHours(1000), "/r/a.mp4", "u", List.of(),
            MultiRecorderCallback.Step.MIXED, Map.of());
    JsonNode json = JSON.readTree(RecordingCallbacks.json(late.payload().body()));
    // date -u -d 2045-01-01 +%s, and the seconds of 66 years with 17 leap days.
    assertThat(json.path("multiRecorderCreationModificationTime").asLong()).isEqualTo(2366841600L + 2082844800L);
    assertThat(json.path("multiRecorderDurationInMS").asLong()).isEqualTo(3_600_000_000L);
  }

  @Test
  void streamEventsHaveTheFormOfWcsAndComeInTheirOrder(@TempDir Path folder) throws Exception {
    try (CallbackReceiver backend = new CallbackReceiver(); OutboxFixture fixture = new OutboxFixture(folder)) {
      fixture.addresses.put(StreamEvents.RECEIVER, backend.uri("/app/StreamEvent"));
      fixture.open();
      Receivers receivers = new Receivers();
      fixture.addresses.forEach(receivers::add);
      StreamEvents events = 
          new StreamEvents(
              receivers, "node-1",
              (type, payload) -> fixture.outbox.add(
                  StreamEvents.RECEIVER,
                  new Callback(type, payload.subject(), payload.queue(), payload.about(), RecordingCallbacks.json(payload.body()))));
      StreamEvents.Stream stream = new StreamEvents.Stream("live", "s-1", "cam");
      events.startedRecording(stream, Path.of("/r/cam.mp4"), "one");
      events.stoppedRecording(stream, Path.of("/r/cam.mp4"), "one");
      events.startedRecording(stream, Path.of("/r/cam.mp4"), "two");
      await().until(() -> backend.received().size() == 3);
      events.addedToMultiRecording(stream, "multi.mp4", "multi-recorder://m", "three");
      // As after a crash: what was told already is not told again.
      events.startedRecording(stream, Path.of("/r/cam.mp4"), "one");
      events.addedToMultiRecording(stream, "multi.mp4", "multi-recorder://m", "three");
      events.removedFromMultiRecording(
          new StreamEvents.Stream("live", "", "cam"), "multi.mp4", "multi-recorder://m", "three");
      await().until(() -> backend.received().size() == 5);

      List<Received> all = backend.received();
      assertThat(JSON.readTree(all.get(0).body()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"nodeId": "node-1", "appKey": "live", "sessionId": "s-1", "mediaSessionId": "s-1",
                   "type": "startedRecording", "payload": {"fileName": "cam.mp4"}}
                  """));
      assertThat(JSON.readTree(all.get(4).body()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"nodeId": "node-1", "appKey": "live", "sessionId": "", "mediaSessionId": "cam",
                   "type": "removedFromMultiRecording",
                   "payload": {"fileName": "multi.mp4", "uri": "multi-recorder://m"}}
                  """));
      assertThat(all).extracting(each -> JSON.readTree(each.body()).path("type").asText())
          .containsExactly(
              "startedRecording", "stoppedRecording", "startedRecording", "addedToMultiRecording",
              "removedFromMultiRecording");
      assertThat(all).extracting(Received::path).containsOnly("/app/StreamEvent");
    }
  }
}
