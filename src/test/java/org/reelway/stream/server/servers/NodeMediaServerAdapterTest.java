package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;

/** Posts of version 4.4.3, as they came over the wire. */
class NodeMediaServerAdapterTest {
  private final NodeMediaServerAdapter adapter = new NodeMediaServerAdapter();

  private ServerEvent event(String action) {
    return adapter.read(ServerRequests.recorded("node-media-server/" + action + ".json")).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "prePublish, OTHER", "postPublish, STREAM_STARTED", "donePublish, STREAM_ENDED", "donePlay, OTHER", "postRecord, OTHER",
    "doneRecord, RECORDING_FINISHED"
  })
  void eachActionIsItsKind(String action, EventKind kind) {
    assertThat(event(action).kind()).isEqualTo(kind);
  }

  @Test
  void ofAPublishersQueryOnlyTheWayIsKept() {
    StreamFacts stream = ((ServerEvent.StreamStarted) event("postPublish")).stream();

    assertThat(stream.name()).isEqualTo("cam");
    assertThat(stream.app()).isEqualTo("live");
    assertThat(stream.publisher()).isEqualTo("192.0.2.7");
    assertThat(stream.details()).containsEntry("via", "abcd,efgh").containsEntry("protocol", "rtmp");
    assertThat(stream.toString()).doesNotContain("secret");
  }

  @Test
  void whoeverStartsItMayTellThatItsStreamsAreOver() {
    assertThat(adapter.read(ServerRequests.of("{\"action\":\"serverStarted\"}")).get(0).kind()).isEqualTo(EventKind.SERVER_STARTED);
  }

  @Test
  void timesAreThoseOfTheServer() {
    assertThat(event("postPublish").told().time().from()).isEqualTo("createtime, milliseconds since 1970");
    assertThat(event("donePublish").told().at().toEpochMilli()).isEqualTo(1796016301032L);
    assertThat(((ServerEvent.RecordingFinished) event("doneRecord")).file())
        .isEqualTo(Path.of("/var/lib/media/recordings/live/cam/1796016292028.flv"));
  }

  @Test
  void anyOtherAnswerWouldEndASession() {
    assertThat(adapter.taken(ServerRequests.of("{}")).status()).isEqualTo(200);
    assertThat(adapter.refusalEndsStreams()).isTrue();
    assertThatThrownBy(() -> adapter.read(ServerRequests.of("{}")))
        .isInstanceOf(InputFailure.class).hasMessageContaining("\"action\" is missing");
  }
}
