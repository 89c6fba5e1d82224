package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.stream.server.servers.ServerRequests.CALLER;
import static org.reelway.stream.server.servers.ServerRequests.NOW;
import static org.reelway.stream.server.servers.ServerRequests.recorded;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;

class EmsAdapterTest {
  private final EmsAdapter ems = new EmsAdapter();

  private ServerEvent event(String name) {
    assertThat(ems.read(recorded("ems/" + name + ".json"))).hasSize(1);
    return ems.read(recorded("ems/" + name + ".json")).get(0);
  }

  @Test
  void aNewStreamIsKnownByItsNameItsRunAndWhereItComesFrom() {
    ServerEvent.StreamStarted started = (ServerEvent.StreamStarted) event("inStreamCreated");

    StreamFacts stream = started.stream();
    assertThat(stream.name()).isEqualTo("forwardthese cam 1");
    assertThat(stream.app()).isEqualTo("evostreamms");
    assertThat(stream.session()).isEqualTo("12");
    assertThat(stream.direction()).isEqualTo("in");
    assertThat(stream.publisher()).as("farIp; payload.ip is EMS's own side").isEqualTo("192.0.2.7:50123");
    assertThat(stream.details())
        .containsEntry("videoCodec", "VH264").containsEntry("type", "INR").containsEntry("pullSettings", "configId=3");
    assertThat(stream.toString()).doesNotContain("secret");
    assertThat(started.told().server()).isEqualTo(CALLER);
  }

  @Test
  void theEnvelopeCountsSecondsAndTheStreamMilliseconds() {
    ServerEvent.StreamStarted started = (ServerEvent.StreamStarted) event("inStreamCreated");

    assertThat(started.told().at()).isEqualTo("2014-10-20T09:34:45Z");
    assertThat(started.told().time().from()).isEqualTo("timestamp, seconds since 1970");
    assertThat(started.stream().details().get("since")).isEqualTo("2014-10-20T09:34:45.123Z");
    assertThat(started.told().received()).isEqualTo(NOW);
  }

  @Test
  void anOldEnvelopeWithoutATimeIsTakenForNow() {
    ServerEvent updated = event("hlsMasterPlaylistUpdated");

    assertThat(updated).isInstanceOf(ServerEvent.PlaylistUpdated.class);
    assertThat(updated.told().at()).isEqualTo(NOW);
    assertThat(updated.told().time().from()).isEqualTo("received");
  }

  @ParameterizedTest
  @CsvSource({
    "inStreamClosed, STREAM_ENDED", "hlsChunkClosed, CHUNK_CLOSED", "hlsChunkDeleted, CHUNK_DELETED",
    "dashPlaylistUpdated, PLAYLIST_UPDATED", "recordChunkClosed, RECORDING_FINISHED", "timerTriggered, TIMER",
    "cliRequest, OTHER"
  })
  void eachTypeIsItsKind(String type, EventKind kind) {
    assertThat(event(type).kind()).isEqualTo(kind);
    assertThat(event(type).told().type()).isEqualTo(type);
  }

  @Test
  void filesTimersAndUserVariablesAreRead() {
    assertThat(((ServerEvent.ChunkClosed) event("hlsChunkClosed")).file())
        .isEqualTo(Path.of("/evo-webroot/hls/stream1/segment_1362025844863_1362025844863_14.ts"));
    assertThat(((ServerEvent.RecordingFinished) event("recordChunkClosed")).stream()).isEqualTo("cam1");
    ServerEvent.TimerFired timer = (ServerEvent.TimerFired) event("timerTriggered");
    assertThat(timer.timer()).isEqualTo("3");
    assertThat(timer.count()).isEqualTo(2);
    assertThat(timer.variables()).isEqualTo(Map.of("_uniqueId", "12"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "'' | the body is not a JSON object",
    "{ | the body is not JSON",
    "[] | the body is not a JSON object",
    "{\"payload\":{}} | \"type\" is missing or empty",
    "{\"type\":{}} | \"type\" is an object; text is wanted",
    "{\"type\":\"hlsChunkClosed\"} | \"payload\" is missing, or no object",
    "{\"type\":\"hlsChunkClosed\",\"payload\":7} | \"payload\" is missing, or no object",
    "{\"type\":\"hlsChunkClosed\",\"payload\":{}} | \"file\" is missing or empty",
    "{\"type\":\"hlsChunkClosed\",\"payload\":{\"file\":\"a\\u0000b\"}} | \"file\" is no path",
    "{\"type\":\"x\",\"timestamp\":\"soon\"} | \"timestamp\" is \"soon\"; a whole number is wanted",
    "{\"type\":\"x\",\"timestamp\":1413797685123} | no time between 1970 and 2200 in its unit",
    "{\"type\":\"x\",\"timestamp\":1e999999999} | a whole number is wanted",
    "{\"type\":\"inStreamCreated\",\"payload\":{\"name\":\"\"}} | \"name\" is missing or empty"
  })
  void whatIsNotRightIsSaid(String body, String message) {
    assertThatThrownBy(() -> ems.read(ServerRequests.of(body)))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining(message);
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> ems.read(ServerRequests.of("{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}")))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("the body is not JSON");
  }
}
