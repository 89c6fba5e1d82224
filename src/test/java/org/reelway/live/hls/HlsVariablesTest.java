package org.reelway.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Published;

class HlsVariablesTest {
  private static final String HEAD = "#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:2\n";

  private final HlsKind hls = new HlsKind(1L << 30);

  private static final Presence ALL = new Presence() {
    @Override
    public State of(NamedFile named) {
      return State.THERE;
    }

    @Override
    public String uri(NamedFile named) {
      return named.uri().equals("low/a1.ts") ? "low/a1-0000abcd.ts" : named.uri();
    }
  };

  private Edition read(String text) {
    return hls.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> uris(Edition edition) {
    return edition.names().stream().map(NamedFile::uri).toList();
  }

  @Test
  void variablesAreFollowedAndLeftInTheLines() {
    String origin = HEAD + "#EXT-X-DEFINE:NAME=\"dir\",VALUE=\"low\"\n#EXT-X-DEFINE:NAME=\"x_1\",VALUE=\"a\"\n"
        + "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-MAP:URI=\"{$dir}/init.mp4\"\n#EXTINF:2,{$none}\n{$dir}/{$x_1}0.ts\n";
    Edition edition = read(origin);
    assertThat(uris(edition)).containsExactly("low/init.mp4", "low/a0.ts");
    Published published = edition.after(null, ALL).orElseThrow();
    assertThat(new String(published.bytes(), StandardCharsets.UTF_8)).isEqualTo(origin);
    assertThat(hls.readPublished(published.bytes(), "").names()).isEqualTo(edition.names());
  }

  @Test
  void aChunkUnderAnotherNameIsNamedWithoutVariables() {
    Edition edition = read(HEAD + "#EXT-X-DEFINE:NAME=\"dir\",VALUE=\"low\"\n#EXTINF:2,\n{$dir}/a1.ts\n");
    assertThat(new String(edition.after(null, ALL).orElseThrow().bytes(), StandardCharsets.UTF_8))
        .endsWith("#EXTINF:2,\nlow/a1-0000abcd.ts\n");
  }

  @Test
  void aMastersVariablesAreFollowedToo() {
    String origin = "#EXTM3U\n#EXT-X-DEFINE:NAME=\"v\",VALUE=\"one\"\n"
        + "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\","
        + "URI=\"{$v}/audio.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{$v}/video.m3u8\n";
    Edition edition = read(origin);
    assertThat(uris(edition)).containsExactly("one/audio.m3u8", "one/video.m3u8");
    assertThat(new String(edition.after(null, ALL).orElseThrow().bytes(), StandardCharsets.UTF_8)).isEqualTo(origin);
  }

  @Test
  void theCompletePlaylistHoldsValuesAsTheyMayChange() {
    String define = "#EXT-X-DEFINE:NAME=\"dir\",VALUE=";
    String first = HEAD + define + "\"one\"\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n{$dir}/a0.ts\n";
    String second = HEAD + define + "\"two\"\n#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:2,\n{$dir}/a1.ts\n";
    Published one = read(first).after(null, ALL).orElseThrow();
    Published archive = hls.archived(null, one, null).orElseThrow();
    Published two = read(second).after(one, ALL).orElseThrow();
    Published all = hls.archived(archive, two, null).orElseThrow();
    assertThat(new String(all.bytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")))
        .containsExactly("one/a0.ts", "two/a1.ts");
    assertThat(new String(all.bytes(), StandardCharsets.UTF_8)).doesNotContain("DEFINE");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "#EXT-X-DEFINE:IMPORT=\"dir\"\n", "#EXT-X-DEFINE:QUERYPARAM=\"dir\"\n", "#EXT-X-DEFINE:NAME=\"dir\"\n", "",
      "#EXT-X-DEFINE:NAME=\"dir\",VALUE=\"a\"\n#EXT-X-DEFINE:NAME=\"dir\",VALUE=\"b\"\n"})
  void whatOnlyAPlayerKnowsIsRefused(String define) {
    assertThatThrownBy(() -> read(HEAD + define + "#EXTINF:2,\n{$dir}/a0.ts\n"))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("dir");
  }
}
