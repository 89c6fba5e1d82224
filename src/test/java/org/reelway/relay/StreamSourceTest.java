package org.reelway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamSourceTest {
  private static StreamSource source(String template, String app, String stream) {
    return StreamSource.of(template, app, stream, Duration.ofSeconds(3));
  }

  @Test
  void aNameIsAnOptionOfRtmpAndNoPartOfTheUrl() {
    assertThat(source("rtmp://127.0.0.1:1935/{app}/{stream}", "live", "-i {app}/../x?y").arguments())
        .containsExactly(
            "-rw_timeout", "3000000", "-rtmp_app", "live", "-rtmp_playpath", "-i {app}/../x?y", "-i",
            "rtmp://127.0.0.1:1935/");
  }

  @Test
  void anApplicationMayBeFixed() {
    assertThat(source("rtmp://h/a/b/pre-{stream}", "live", "s").arguments())
        .containsSubsequence("-rtmp_app", "a/b", "-rtmp_playpath", "pre-s", "-i", "rtmp://h/");
  }

  @Test
  void otherUrlsHaveItEscaped() {
    assertThat(source("rtsp://h:8554/{stream}", "", "a b/é").arguments())
        .containsExactly("-timeout", "3000000", "-i", "rtsp://h:8554/a%20b%2F%C3%A9");
  }
}
