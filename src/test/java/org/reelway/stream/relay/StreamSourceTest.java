package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.failure.InputFailure;

class StreamSourceTest {
  private static StreamSource source(String template, String app, String stream) {
    return StreamSource.of(template, app, stream, Duration.ofSeconds(3));
  }

  @Test
  void aNameIsAnOptionOfRtmpAndNoPartOfTheUrl() {
    assertThat(source("rtmp://127.0.0.1:1935/{app}/{stream}", "live", "-i {app}/../x?y").arguments())
        .containsExactly(
            "-protocol_whitelist", "rtmp,tcp", "-format_whitelist", "flv,live_flv", "-rw_timeout", "30000000", "-rtmp_app", "live", "-rtmp_playpath", "-i {app}/../x?y", "-i",
            "rtmp://127.0.0.1:1935/");
  }

  @Test
  void anApplicationMayBeFixed() {
    assertThat(source("rtmp://h/a/b/pre-{stream}", "live", "s").arguments())
        .containsSubsequence("-rtmp_app", "a/b", "-rtmp_playpath", "pre-s", "-i", "rtmp://h/");
  }

  @Test
  void aNameThatNoProgramTakesIsRefusedBeforeAnyIsStarted() {
    assertThatThrownBy(() -> source("rtmp://h/live/{stream}", "", "a\0b")).isInstanceOf(InputFailure.class)
        .hasMessage("the stream's name holds a NUL (U+0000), which no program takes");
  }

  @Test
  void otherUrlsHaveItEscaped() {
    assertThat(source("rtsp://h:8554/{stream}", "", "a b/é").arguments())
        .containsExactly(
            "-protocol_whitelist", "rtsp,rtp,udp,tcp", "-format_whitelist", "rtsp", "-timeout", "3000000", "-i", "rtsp://h:8554/a%20b%2F%C3%A9");
  }

  @Test
  void escapesOfAUriAreUndoneForRtmpWhichKnowsNone() {
    assertThat(source("rtmp://h/live/Gr%C3%B6%C3%9Fe%20+%25?t=1", "", "x").arguments())
        .containsSubsequence("-rtmp_app", "live", "-rtmp_playpath", "Größe +%?t=1", "-i", "rtmp://h/");
    assertThat(source("rtmp://h/live/日本", "", "x").arguments())
        .containsSubsequence("-rtmp_app", "live", "-rtmp_playpath", "日本", "-i", "rtmp://h/");
    assertThat(source("rtmp://h/my%20app/{stream}", "", "100%25").arguments())
        .containsSubsequence("-rtmp_app", "my app", "-rtmp_playpath", "100%25");
    assertThat(source("rtmp://h/a/b/c?x", "", "x").arguments()).endsWith("-i", "rtmp://h/a/b/c?x");
    for (String wrong : List.of("rtmp://h/live/%FC", "rtmp://h/live/%zz")) {
      assertThatThrownBy(() -> source(wrong, "", "x")).isInstanceOf(InputFailure.class).hasMessageContaining("no UTF-8");
    }
  }
}
