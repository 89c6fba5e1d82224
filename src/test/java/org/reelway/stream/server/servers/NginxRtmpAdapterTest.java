package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.stream.server.servers.ServerRequests.form;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;

class NginxRtmpAdapterTest {
  private static final ServerApi SERVER =
      new ServerApi(ServerApi.Kind.NGINX_RTMP, "127.0.0.1", URI.create("http://127.0.0.1:1/stat"));

  private final NginxRtmpAdapter nginx = new NginxRtmpAdapter();

  private ServerEvent event(String call) {
    return nginx.read(form("nginx-rtmp/" + call + ".form")).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "publish, STREAM_STARTED", "update_publish, STREAM_SEEN", "publish_done, STREAM_ENDED", "done, OTHER",
    "record_done, RECORDING_FINISHED"
  })
  void eachCallIsItsKind(String call, EventKind kind) {
    assertThat(event(call).kind()).isEqualTo(kind);
  }

  @Test
  void whatThePublisherWritesBehindTheStreamsNameIsNeitherTakenNorKept() {
    ServerEvent.StreamStarted started = (ServerEvent.StreamStarted) event("publish");

    StreamFacts stream = started.stream();
    assertThat(stream.name()).as("not the second name, which the publisher gave").isEqualTo("cam 1");
    assertThat(stream.app()).isEqualTo("live");
    assertThat(stream.session()).isEqualTo("1");
    assertThat(stream.publisher()).isEqualTo("127.0.0.1");
    assertThat(stream.toString()).doesNotContain("secret");
    assertThat(((ServerEvent.RecordingFinished) event("record_done")).file())
        .isEqualTo(Path.of("/var/lib/media/recordings/cam%201-1795286881.flv"));
  }

  @Test
  void anotherFormIsRefused() {
    assertThatThrownBy(() -> nginx.read(ServerRequests.of("{}")))
        .isInstanceOf(InputFailure.class).hasMessageContaining("no field \"call\"");
  }

  @Test
  void theStatisticsPageTellsWhoPublishesAndSinceWhen() {
    NginxRtmpStat stat = new NginxRtmpStat(SERVER, Clock.fixed(ServerRequests.NOW, ZoneOffset.UTC));

    StreamFacts stream = stat.read(ServerRequests.text("nginx-rtmp/stat.xml")).get(0);

    assertThat(stream.name()).isEqualTo("cam2");
    assertThat(stream.app()).isEqualTo("live");
    assertThat(stream.session()).isEqualTo("2");
    assertThat(stream.details().get("since")).isEqualTo("2026-11-21T17:59:56.230Z");
  }

  @Test
  void aNameOfWhichThePageBlanksLettersIsKnownForOne() {
    NginxRtmpStat stat = new NginxRtmpStat(SERVER, Clock.systemUTC());
    String page = ServerRequests.text("nginx-rtmp/stat.xml");

    // "Größe", "日本" and "cam 1", as nginx-rtmp shows them.
    for (String name : List.of("Gr    e", "      ")) {
      StreamFacts shown = stat.read(page.replace("cam2", name)).get(0);
      assertThat(shown.name()).isEqualTo(name);
      assertThat(stat.isLegible(shown.name())).isFalse();
    }
    assertThat(stat.isLegible("cam 1")).isTrue();
    assertThat(stat.shown("Größe")).isEqualTo(stat.shown("Gr    e")).isNotEqualTo(stat.shown("Grete"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html/>", "<rtmp>", "<!DOCTYPE rtmp [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rtmp>&x;</rtmp>"})
  void anotherPageIsNotTakenForNoStreams(String page) {
    NginxRtmpStat stat = new NginxRtmpStat(SERVER, Clock.systemUTC());

    assertThatThrownBy(() -> stat.read(page)).isInstanceOf(DestinationFailure.class);
  }
}
