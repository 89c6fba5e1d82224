package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.stream.server.servers.ServerRequests.NOW;
import static org.reelway.stream.server.servers.ServerRequests.recorded;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;

class SrsAdapterTest {
  private static final Path HTML = Path.of("/usr/local/srs/objs/nginx/html/live");

  private final SrsAdapter srs = new SrsAdapter();

  private List<ServerEvent> events(String action) {
    return srs.read(recorded("srs/" + action + ".json"));
  }

  @Test
  void aPublisherIsAStreamOfItsClientAndItsTokenIsNotKept() {
    ServerEvent.StreamStarted started = (ServerEvent.StreamStarted) events("on_publish").get(0);

    StreamFacts stream = started.stream();
    assertThat(stream.name()).isEqualTo("livestream");
    assertThat(stream.app()).isEqualTo("live");
    assertThat(stream.session()).isEqualTo("341w361a");
    assertThat(stream.publisher()).isEqualTo("192.0.2.7");
    assertThat(stream.toString()).doesNotContain("token");
    assertThat(started.told().server()).isEqualTo(ServerRequests.CALLER);
    assertThat(started.told().at()).as("SRS says no time").isEqualTo(NOW);
  }

  @Test
  void aVirtualHostTellsStreamsOfOneNameApart() {
    ServerEvent.StreamEnded ended = (ServerEvent.StreamEnded) events("on_unpublish").get(0);

    assertThat(ended.stream().app()).isEqualTo("video.test.com/live");
  }

  @Test
  void aChunkAndItsPlaylistComeTogetherAndRelativePathsBeginWhereSrsRuns() {
    List<ServerEvent> events = events("on_hls");

    assertThat(((ServerEvent.ChunkClosed) events.get(0)).file())
        .isEqualTo(HTML.resolve("livestream/2015-04-23/01/476584165.ts"));
    assertThat(((ServerEvent.PlaylistUpdated) events.get(1)).file()).isEqualTo(HTML.resolve("livestream/live.m3u8"));
  }

  @Test
  void aRecordingIsFinishedWithItsStream() {
    ServerEvent.RecordingFinished finished = (ServerEvent.RecordingFinished) events("on_dvr").get(0);

    assertThat(finished.file()).isEqualTo(HTML.resolve("livestream.1420254068776.flv"));
    assertThat(finished.stream()).isEqualTo("livestream");
  }

  @Test
  void whatIsNoneOfOurBusinessIsAnsweredAllTheSame() {
    assertThat(events("on_play")).singleElement().isInstanceOf(ServerEvent.Other.class);
    assertThat(srs.taken(recorded("srs/on_play.json"))).isEqualTo(EventAnswer.json(200, "0"));
  }

  @Test
  void aRequestWithoutActionIsRefused() {
    assertThatThrownBy(() -> srs.read(ServerRequests.of("{\"stream\":\"a\"}")))
        .isInstanceOf(InputFailure.class)
        .hasMessage("\"action\" is missing or empty");
  }
}
