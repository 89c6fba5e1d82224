package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamTrailTest {

  @Test
  void tellsEachServerThatAStreamCameThrough() {
    StreamTrail via = StreamTrail.NOBODY.and("A.example.com:1935").and("b:1935");

    assertThat(StreamTrail.of("FMLE/3.0 (" + via.mark() + ")")).isEqualTo(via);
    assertThat(via.has("a.EXAMPLE.com:1935")).isTrue();
    assertThat(via.has("c:1935")).isFalse();
  }

  @Test
  void saysNothingOfAnOrdinaryClient() {
    assertThat(StreamTrail.of("FMLE/3.0 (compatible; FMSc/1.0)")).isEqualTo(StreamTrail.NOBODY);
    assertThat(StreamTrail.of(null)).isEqualTo(StreamTrail.NOBODY);
    assertThat(StreamTrail.of("Reelway via=")).isEqualTo(StreamTrail.NOBODY);
  }

  @Test
  void sevenServersOfAnyAddressHaveRoomWhereNginxRtmpKeepsThirtyOneCharacters() {
    StreamTrail via = StreamTrail.NOBODY;
    for (int i = 0; i < 7; i++) {
      via = via.and("media-server-" + i + ".some-region.example.com:1935");
    }

    assertThat(via.mark()).hasSizeLessThanOrEqualTo(31);
    assertThat(via.canBeTold()).isTrue();
    assertThat(via.and("another:1935").canBeTold()).isFalse();
    assertThat(StreamTrail.of(via.mark())).isEqualTo(via);
    assertThat(StreamTrail.of(via.and("another:1935").mark().substring(0, 30)).servers()).hasSize(6);
  }

  @Test
  void whatVersionsBeforeToldIsUnderstood() {
    assertThat(StreamTrail.of("Reelway via=a:1935,B.example.com:1935")).isEqualTo(StreamTrail.NOBODY.and("a:1935").and("b.example.com:1935"));
    assertThat(StreamTrail.ofList("a:1935")).isEqualTo(StreamTrail.ofList(StreamTrail.NOBODY.and("a:1935").list()));
  }

  @Test
  void isBounded() {
    StreamTrail via = StreamTrail.NOBODY;
    for (int i = 0; i < 100; i++) {
      via = via.and("server" + i + ":1935");
    }

    assertThat(via.servers()).hasSize(32);
    assertThat(via.has("server99:1935")).isTrue();
    assertThat(StreamTrail.ofList(via.list())).isEqualTo(via);
  }
}
