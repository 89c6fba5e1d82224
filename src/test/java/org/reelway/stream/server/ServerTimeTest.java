package org.reelway.stream.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerTimeTest {
  @Test
  void eachUnitBecomesAnInstantAndIsWrittenDown() {
    assertThat(ServerTime.seconds("timestamp", 1413797685)).hasToString(
        "ServerTime[at=2014-10-20T09:34:45Z, from=timestamp, seconds since 1970]");
    assertThat(ServerTime.millis("creationTimestamp", 1413797685123L)).hasToString(
        "ServerTime[at=2014-10-20T09:34:45.123Z, from=creationTimestamp, milliseconds since 1970]");
    assertThat(ServerTime.secondsSince1904("created", 3724973476L)).hasToString(
        "ServerTime[at=2022-01-14T02:51:16Z, from=created, seconds since 1904]");
  }
}
