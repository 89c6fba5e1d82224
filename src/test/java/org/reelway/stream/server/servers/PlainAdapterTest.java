package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerEvent;

class PlainAdapterTest {
  private final PlainAdapter plain = new PlainAdapter();
  private final ChunkAdapter chunk = new ChunkAdapter();

  private ServerEvent event(String body) {
    return plain.read(ServerRequests.of(body)).get(0);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "stream-started | \"stream\":\"a\" | STREAM_STARTED",
    "stream-ended | \"stream\":\"a\" | STREAM_ENDED",
    "stream-seen | \"stream\":\"a\" | STREAM_SEEN",
    "recording-finished | \"file\":\"/r/a.mp4\" | RECORDING_FINISHED",
    "chunk-closed | \"file\":\"/l/a.ts\" | CHUNK_CLOSED",
    "chunk-deleted | \"file\":\"/l/a.ts\" | CHUNK_DELETED",
    "playlist-updated | \"file\":\"/l/a.m3u8\" | PLAYLIST_UPDATED",
    "timer | \"timer\":\"7\" | TIMER",
    "multi-recording-added | \"uri\":\"multi-recorder://x\" | MULTI_RECORDING_ADDED",
    "multi-recording-removed | \"uri\":\"multi-recorder://x\" | MULTI_RECORDING_REMOVED",
    "other | \"x\":1 | OTHER"
  })
  void eachWordIsItsKind(String word, String member, EventKind kind) {
    assertThat(event("{\"event\":\"" + word + "\"," + member + "}").kind()).isEqualTo(kind);
  }

  @Test
  void allThatIsKnownIsTaken() {
    ServerEvent.StreamStarted started =
        (ServerEvent.StreamStarted)
            event(
                "{\"event\":\"stream-started\",\"server\":\"edge 1\",\"at\":\"2026-11-21T17:59:58.5Z\",\"stream\":\"cam 1\","
                    + "\"app\":\"live\",\"session\":42,\"publisher\":\"192.0.2.7\",\"details\":{\"codec\":\"h264\"}}");

    assertThat(started.told().server()).isEqualTo("edge 1");
    assertThat(started.told().at()).isEqualTo("2026-11-21T17:59:58.500Z");
    assertThat(started.stream().session()).isEqualTo("42");
    assertThat(started.stream().details()).isEqualTo(Map.of("codec", "h264"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{} | \"event\" is missing or empty",
    "{\"event\":\"stream-begun\"} | \"event\" is none that is known; allowed: server-started, stream-started, stream-ended",
    "{\"event\":\"stream-started\"} | \"stream\" is missing or empty",
    "{\"event\":\"stream-started\",\"stream\":\"a\\u0000b\"} | the stream's name holds a NUL (U+0000), which neither files nor programs take",
    "{\"event\":\"stream-started\",\"stream\":\"a\",\"direction\":\"up\"} | \"direction\" is neither in nor out",
    "{\"event\":\"stream-started\",\"stream\":\"a\",\"at\":\"1700000000\"} | write it like 2026-11-21T18:00:00Z",
    "{\"event\":\"timer\",\"timer\":\"1\",\"variables\":[]} | \"variables\" is missing, or no object",
    "{\"event\":\"timer\",\"timer\":\"1\",\"count\":1.5} | a whole number is wanted"
  })
  void whatIsNotRightIsSaid(String body, String message) {
    assertThatThrownBy(() -> event(body)).isInstanceOf(InputFailure.class).hasMessageContaining(message);
  }

  @Test
  void aChunkIsNamedByJsonOrByAForm() {
    EventRequest form =
        new EventRequest("127.0.0.1", "chunk", new byte[0], Map.of("file", "/l/a.ts", "state", "deleted"), ServerRequests.NOW);

    assertThat(((ServerEvent.ChunkClosed) chunk.read(ServerRequests.of("{\"file\":\"/l/a.ts\"}")).get(0)).file())
        .isEqualTo(Path.of("/l/a.ts"));
    assertThat(((ServerEvent.ChunkDeleted) chunk.read(form).get(0)).file()).isEqualTo(Path.of("/l/a.ts"));
    assertThatThrownBy(() -> chunk.read(ServerRequests.of("{\"path\":\"/l/a.ts\"}")))
        .isInstanceOf(InputFailure.class).hasMessageContaining("no file is named; send JSON");
    assertThatThrownBy(() -> chunk.read(ServerRequests.of("{\"file\":\"a\",\"state\":\"gone\"}")))
        .isInstanceOf(InputFailure.class).hasMessageContaining("allowed: closed, updated, deleted");
  }
}
