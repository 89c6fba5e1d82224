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

/** What WCS's backends read, member by member. */
class CallbackBodiesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FILE = "/opt/wcs/records/multi-recorder___test-record.mp4";
  private static final MultiRecorderCallback EXAMPLE =
      new MultiRecorderCallback(
          Instant.parse("2022-01-14T02:51:16Z"),
          Duration.ofMillis(44061),
          FILE,
          "multi-recorder://test-record",
          List.of(
              new MultiRecorderCallback.Mixed(
                  "/opt/wcs/records/multi-recorder___test-record_mixed.mp4", Duration.ofMillis(44046),
                  Instant.parse("2022-01-14T02:52:04Z"))),
          Map.of());

  @Test
  void theMultiRecorderCallbackHasTheMembersOfWcsAndNoOther() throws Exception {
    JsonNode documented =
        JSON.readTree(
            """
            {
              "multiRecorderCreationModificationTime": 3724973476,
              "multiRecorderDurationInMS": 44061,
              "multiRecorderFilePath": "/opt/wcs/records/multi-recorder___test-record.mp4",
              "recorderUri": "multi-recorder://test-record",
              "mixerParams": [
                {
                  "path": "/opt/wcs/records/multi-recorder___test-record_mixed.mp4",
                  "durationInMs": 44046,
                  "creationModificationTime": 3724973524
                }
              ]
            }
            """);

    assertThat(JSON.readTree(EXAMPLE.json())).isEqualTo(documented);
  }

  @Test
  void additionsAreOneMemberAndOnlyWhereTheyAreAskedFor() throws Exception {
    MultiRecorderCallback more =
        new MultiRecorderCallback(
            EXAMPLE.created(), EXAMPLE.duration(), FILE, EXAMPLE.recorderUri(), EXAMPLE.mixed(), Map.of("key", "a.mp4"));

    JsonNode json = JSON.readTree(more.json());
    assertThat(json.path("reelway").path("key").asText()).isEqualTo("a.mp4");
    assertThat(json).hasSize(6);
    assertThat(more.plain().json()).isEqualTo(EXAMPLE.json());
  }

  @Test
  void theTimeIsRightAlsoWhere32BitsEnd() throws Exception {
    MultiRecorderCallback late =
        new MultiRecorderCallback(
            Instant.parse("2045-01-01T00:00:00Z"), Duration.ofHours(1000), FILE, "u", List.of(), Map.of());
    JsonNode json = JSON.readTree(late.json());
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
      StreamEvents events = new StreamEvents(fixture.outbox, receivers, "node-1", fixture.clock);
      StreamEvents.Stream stream = new StreamEvents.Stream("live", "s-1", "cam");
      events.startedRecording(stream, Path.of("/r/cam.mp4"));
      events.stoppedRecording(stream, Path.of("/r/cam.mp4"));
      fixture.clock.forward(Duration.ofSeconds(1));
      events.startedRecording(stream, Path.of("/r/cam.mp4"));
      await().until(() -> backend.received().size() == 3);
      events.addedToMultiRecording(stream, "multi.mp4", "multi-recorder://m");
      events.removedFromMultiRecording(new StreamEvents.Stream("live", "", "cam"), "multi.mp4", "multi-recorder://m");
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
