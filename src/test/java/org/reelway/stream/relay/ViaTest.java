package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ViaTest {

  @Test
  void tellsEachServerThatAStreamCameThrough() {
    Via via = Via.NOBODY.and("A.example.com:1935").and("b:1935");

    assertThat(Via.of("FMLE/3.0 (" + via.mark() + ")")).isEqualTo(via);
    assertThat(via.has("a.EXAMPLE.com:1935")).isTrue();
    assertThat(via.has("c:1935")).isFalse();
  }

  @Test
  void saysNothingOfAnOrdinaryClient() {
    assertThat(Via.of("FMLE/3.0 (compatible; FMSc/1.0)")).isEqualTo(Via.NOBODY);
    assertThat(Via.of(null)).isEqualTo(Via.NOBODY);
    assertThat(Via.of("Reelway via=")).isEqualTo(Via.NOBODY);
  }

  @Test
  void sevenServersOfAnyAddressHaveRoomWhereNginxRtmpKeepsThirtyOneCharacters() {
    Via via = Via.NOBODY;
    for (int i = 0; i < 7; i++) {
      via = via.and("media-server-" + i + ".some-region.example.com:1935");
    }

    assertThat(via.mark()).hasSizeLessThanOrEqualTo(31);
    assertThat(via.canBeTold()).isTrue();
    assertThat(via.and("another:1935").canBeTold()).isFalse();
    assertThat(Via.of(via.mark())).isEqualTo(via);
    assertThat(Via.of(via.and("another:1935").mark().substring(0, 30)).servers()).hasSize(6);
  }

  @Test
  void whatVersionsBeforeToldIsUnderstood() {
    assertThat(Via.of("Reelway via=a:1935,B.example.com:1935")).isEqualTo(Via.NOBODY.and("a:1935").and("b.example.com:1935"));
    assertThat(Via.ofList("a:1935")).isEqualTo(Via.ofList(Via.NOBODY.and("a:1935").list()));
  }

  @Test
  void isBounded() {
    Via via = Via.NOBODY;
    for (int i = 0; i < 100; i++) {
      via = via.and("server" + i + ":1935");
    }

    assertThat(via.servers()).hasSize(32);
    assertThat(via.has("server99:1935")).isTrue();
    assertThat(Via.ofList(via.list())).isEqualTo(via);
  }
}
