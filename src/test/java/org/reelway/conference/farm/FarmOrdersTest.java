package org.reelway.conference.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.state.Leases;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;
import org.reelway.state.StateDatabase;

/** Who hands out the fleet's mixes, and what becomes of those that failed. */
class FarmOrdersTest {
  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final Consumer<MixOrderRow> AWAY = row -> {
    throw new DestinationFailure("the broker is away");
  };

  @TempDir Path folder;
  private StateDatabase database;
  private final List<String> given = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void open() {
    database = StateDatabase.open(folder, at(Duration.ZERO));
    database.jdbi().setSqlLogger(new SqlLogger() {
      @Override
      public void logAfterExecution(StatementContext context) {
        asked.add(context.getRenderedSql());
      }
    });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Clock at(Duration later) {
    return Clock.fixed(NOW.plus(later), ZoneOffset.UTC);
  }

  private MixOrders orders(Duration later) {
    return new MixOrders(database.jdbi(), at(later));
  }

  private FarmOrders sidecar(String node, Duration later) {
    return new FarmOrders(
        orders(later), new Leases(database.jdbi(), at(later), node), file -> file, () -> 0, Duration.ofDays(90));
  }

  private void order(String id) {
    orders(Duration.ZERO).add(MixOrderRow.of(id, "studio", id + ".mp4", "1:2:3", "", 0, 0, 1), false);
    execute("UPDATE mix_order SET state = 'ordered', bucket = 'recordings' WHERE id = ?", id);
  }

  private void execute(String sql, Object... values) {
    database.jdbi().useHandle(handle -> handle.execute(sql, values));
  }

  private Leases.Lease claim(Leases leases, String id, String worker) {
    Leases.Lease lease = leases.take("mix/" + id).orElseThrow();
    assertThat(orders(Duration.ZERO).claim(id, worker, lease.fence())).isPresent();
    return lease;
  }

  private void give(MixOrderRow row) {
    given.add(row.id() + " " + row.state().word());
  }

  @Test
  void oneSidecarAtATimeHandsOutForAllAndTheOthersOnlyAskWhetherItDoes() {
    FarmOrders one = sidecar("one", Duration.ZERO);
    FarmOrders two = sidecar("two", Duration.ZERO);
    assertThat(one.isTurn()).isTrue();
    asked.clear();

    assertThat(two.isTurn()).isFalse();
    two.handOutLost(this::give);
    assertThat(asked).as("of one that is no idle worker").singleElement().asString().startsWith("SELECT");

    asked.clear();
    assertThat(one.isTurn()).isTrue();
    one.look();
    one.handOut(this::give);
    one.handOutLost(this::give);
    assertThat(asked).as("of the one that does it for all").hasSize(5);

    one.close();
    assertThat(two.isTurn()).as("one has ended in order").isTrue();
    assertThat(one.isTurn()).isFalse();
    assertThat(sidecar("three", Duration.ofSeconds(31)).isTurn()).as("two was killed").isTrue();
  }

  @Test
  void aSidecarThatDoesNotReachTheQueueLetsAnotherOneHandOut() {
    order("a");
    FarmOrders cutOff = sidecar("one", Duration.ZERO);
    assertThat(cutOff.isTurn()).isTrue();
    assertThatThrownBy(() -> cutOff.handOut(AWAY)).isInstanceOf(DestinationFailure.class);

    assertThat(cutOff.isTurn()).isFalse();
    FarmOrders other = sidecar("two", Duration.ZERO);
    assertThat(other.isTurn()).isTrue();
    other.handOut(this::give);
    assertThat(given).containsExactly("a ordered");
  }

  @Test
  void whatFailedAtAWorkerIsHandedOutUntilItIsAmongTheDeadLettersAndOnceForEachFailure() {
    order("a");
    Leases worker = new Leases(database.jdbi(), at(Duration.ZERO), "worker");
    FarmOrders sidecar = sidecar("one", Duration.ZERO);
    for (int failures = 1; failures <= 2; failures++) {
      Leases.Lease lease = claim(worker, "a", "worker");
      assertThat(orders(Duration.ZERO).failed("a", lease.fence(), "no film")).isTrue();
      worker.release(lease);

      assertThatThrownBy(() -> sidecar.handOut(AWAY)).isInstanceOf(DestinationFailure.class);
      sidecar.handOut(this::give);
      sidecar.handOut(this::give);
      assertThat(given).containsExactly("a failed");
      given.clear();
      assertThat(orders(Duration.ZERO).retry("a")).isTrue();
      sidecar.handOut(this::give);
      assertThat(given).containsExactly("a ordered");
      given.clear();
    }
  }

  @Test
  void aMixWhoseRecordingIsNotSentFailsWithoutADeadLetter() {
    orders(Duration.ZERO).add(MixOrderRow.of("a", "studio", "a.mp4", "1:2:3", "", 0, 0, 1), false);
    execute("INSERT INTO recording (id, file, path, size, state, found_at, updated_at) VALUES ('a', '/a.mp4', 'a.mp4', 1, 'skipped', 1, 1)");
    FarmOrders sidecar = sidecar("one", Duration.ZERO);
    sidecar.look();
    sidecar.handOut(this::give);
    assertThat(orders(Duration.ZERO).find("a").orElseThrow().state()).isEqualTo(MixOrderRow.State.FAILED);
    assertThat(given).isEmpty();
  }

  @Test
  void whatEndedLongAgoIsForgottenWithItsLeasesAndTheFenceOfAnOrderThatMayBeClaimedStays() {
    for (String each : List.of("mixed", "failed", "cancelled", "open")) {
      order(each);
      Leases leases = new Leases(database.jdbi(), at(Duration.ZERO), "worker");
      leases.release(claim(leases, each, "worker"));
      execute("UPDATE mix_order SET state = ? WHERE id = ?", each.equals("open") ? "ordered" : each, each);
    }
    sidecar("one", Duration.ofDays(89)).forget();
    assertThat(orders(Duration.ZERO).open(10)).hasSize(3);
    assertThat(orders(Duration.ZERO).find("mixed")).isPresent();
    assertThat(leases()).as("nobody claims what is mixed").containsExactly("mix/cancelled", "mix/failed", "mix/open");

    sidecar("one", Duration.ofDays(91)).forget();
    assertThat(orders(Duration.ZERO).open(10)).extracting(MixOrderRow::id).containsExactly("open");
    assertThat(orders(Duration.ZERO).find("mixed")).isEmpty();
    assertThat(leases()).containsExactly("mix/open");
  }

  private List<String> leases() {
    return database.jdbi().withHandle(handle ->
        handle.createQuery("SELECT name FROM lease ORDER BY name").mapTo(String.class).list());
  }
}
