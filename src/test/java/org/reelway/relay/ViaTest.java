package org.reelway.relay;

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
  void isBounded() {
    Via via = Via.NOBODY;
    for (int i = 0; i < 100; i++) {
      via = via.and("server" + i + ":1935");
    }

    assertThat(via.servers()).hasSize(32).contains("server99:1935");
    assertThat(Via.of(via.mark())).isEqualTo(via);
  }
}
