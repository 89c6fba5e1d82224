package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixOrdersTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

  @TempDir Path folder;
  private StateDatabase database;

  @BeforeEach
  void open() {
    database = StateDatabase.open(folder, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private MixOrders at(Duration later) {
    return new MixOrders(database.jdbi(), Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
  }

  private void order(String id) {
    at(Duration.ZERO).add(MixOrderRow.of(id, "studio", id + ".mp4", "1:2:3", "", 0, 0, 1), false);
    database.jdbi().useHandle(handle -> handle.execute("UPDATE mix_order SET state = 'ordered' WHERE id = ?", id));
  }

  private void node(String id, String roles) {
    database.jdbi().useHandle(handle -> handle.execute(
        "INSERT INTO node (id, token, who, version, roles, address, started_at, seen_at) VALUES (?, 't', 'w', 'v', ?, 'a', 0, ?)",
        id, roles, NOW.plusSeconds(110).toEpochMilli()));
  }

  @Test
  void aLostMessageIsSentAgainForAWorkerThatIsIdle() {
    order("a");
    node("worker", "mixer");
    assertThat(at(Duration.ZERO).due()).hasSize(1);

    assertThat(at(Duration.ofSeconds(59)).lost(1)).as("not lost yet").isEmpty();
    assertThat(at(Duration.ofMinutes(2)).due()).as("all workers are busy").isEmpty();
    assertThat(at(Duration.ofMinutes(2)).lost(1)).hasSize(1);
  }

  @Test
  void whereNoWorkerRunsOneMessageAMinuteIsSentAgainSoThatOneIsStarted() {
    order("a");
    order("b");
    node("office", "callbacks,api");
    assertThat(at(Duration.ZERO).due()).hasSize(2);

    assertThat(at(Duration.ofMinutes(2)).due()).hasSize(1);
    assertThat(at(Duration.ofMinutes(2).plusSeconds(5)).due()).as("one is in the queue").isEmpty();
    assertThat(at(Duration.ofMinutes(4)).due()).hasSize(1);
  }
}
