package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.CallbackRow;
import org.reelway.state.Leases;
import org.reelway.state.TestState;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;

/** Several nodes that deliver callbacks of one state, on PostgreSQL. */
class CallbackNodesTest {
  static {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @TempDir Path folder;
  private final CallbackReceiver receiver = new CallbackReceiver();
  private OutboxFixture one;
  private OutboxFixture two;

  @BeforeEach
  void open() {
    TestState.onPostgres(folder);
    one = node("one");
    two = node("two");
  }

  private OutboxFixture node(String name) {
    OutboxFixture fixture = new OutboxFixture(folder);
    fixture.node = name;
    fixture.addresses.put("backend", receiver.uri("/hook"));
    return fixture.open();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    receiver.close();
  }

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }

  private List<String> owners() {
    return one.database.jdbi().withHandle(
        handle -> handle.createQuery("SELECT node FROM lease WHERE name = 'callbacks/backend' AND ends_at > 0").mapTo(String.class).list());
  }

  /** As one that is paused has it: it trusts its lease, and another one takes it. */
  private void takeOver(OutboxFixture from, OutboxFixture to) {
    await().until(() -> {
      one.database.jdbi().useHandle(handle -> handle.execute("UPDATE lease SET ends_at = 1 WHERE node = ?", from.node));
      return owners().equals(List.of(to.node));
    });
  }

  @Test
  void whatAPausedNodeStillDoesChangesNothingAndTheOtherSendsTheSameUnderItsId() {
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    receiver.behave((request, client) -> {
      boolean isFirst = requests.incrementAndGet() == 1;
      if (isFirst) {
        paused.await();
      } else {
        other.await();
      }
      CallbackReceiver.answering(isFirst ? 410 : 200).answer(request, client);
    });
    two.restFromDelivering();
    String first = one.add("backend", "a", 0);
    String second = one.add("backend", "a", 1);
    await().until(() -> receiver.received().size() == 1);
    assertThat(owners()).containsExactly("one");

    two.deliver();
    takeOver(one, two);
    await().until(() -> receiver.received().size() == 2);
    paused.countDown();
    await().until(() -> one.deliveries.underWay() == 0);
    assertThat(one.row(first).state()).as("noted by nobody else than who has the lease").isEqualTo(CallbackRow.WAITING);
    assertThat(one.row(first).tries()).isZero();
    assertThat(one.told).doesNotContain("dead backend");
    await().until(() -> one.deliveries.owned() == 0);

    other.countDown();
    await().until(() -> two.row(second).state().equals(CallbackRow.DELIVERED));
    assertThat(two.row(first).state()).isEqualTo(CallbackRow.DELIVERED);
    assertThat(receiver.received()).extracting(Received::id).containsExactly(first, first, second);
  }

  @Test
  void orderIsKeptWhileAReceiverGoesFromNodeToNodeAndBothStore() {
    AtomicReference<CountDownLatch> gate = new AtomicReference<>();
    receiver.behave((request, client) -> {
      gate.get().await();
      CallbackReceiver.answering(200).answer(request, client);
    });
    List<String> queues = List.of("a", "b", "c");
    List<OutboxFixture> nodes = List.of(one, two);
    Set<String> owned = new LinkedHashSet<>();
    int count = 0;
    for (int turn = 0; turn < 3; turn++) {
      gate.set(new CountDownLatch(1));
      for (int i = 0; i < 20; i++, count++) {
        for (String queue : queues) {
          nodes.get(count % 2).add("backend", queue, count);
        }
      }
      await().until(() -> !owners().isEmpty());
      String owner = owners().get(0);
      owned.add(owner);
      takeOver(owner.equals("one") ? one : two, owner.equals("one") ? two : one);
      owned.addAll(owners());
      gate.get().countDown();
    }
    await().until(() -> one.outbox.counts().waiting() == 0);

    assertThat(owned).containsExactlyInAnyOrder("one", "two");
    for (String queue : queues) {
      List<String> once = new ArrayList<>(new LinkedHashSet<>(
          receiver.received().stream().map(Received::body).filter(body -> body.contains("\"" + queue + "\"")).toList()));
      assertThat(once).isEqualTo(IntStream.range(0, count).mapToObj(n -> "{\"queue\":\"" + queue + "\",\"n\":" + n + "}").toList());
    }
  }

  @Test
  void aNodeThatEndsLeavesItsReceiversToOthersAtOnce() {
    receiver.behave(CallbackReceiver.answering(500));
    two.restFromDelivering();
    String id = one.add("backend", "a", 0);
    await().until(() -> one.row(id).tries() == 1);
    assertThat(owners()).containsExactly("one");

    receiver.behave(CallbackReceiver.answering(200));
    one.close();
    one = node("one");
    List<Long> ends =
        one.database.jdbi().withHandle(handle -> handle.createQuery("SELECT ends_at FROM lease").mapTo(Long.class).list());
    assertThat(ends).containsExactly(0L);
    one.restFromDelivering();
    two.deliver();
    two.forward(Duration.ofMinutes(15));
    await().until(() -> two.row(id).state().equals(CallbackRow.DELIVERED));
    assertThat(two.told).contains("delivered backend");
  }

  @Test
  void whatANodeStoresThatDeliversNothingIsDeliveredByAnother() {
    one.restFromDelivering();
    String id = one.add("backend", "a", 0);
    await().until(() -> one.row(id).state().equals(CallbackRow.DELIVERED));
    assertThat(owners()).containsExactly("two");
    assertThat(one.deliveries.owned()).isZero();
  }

  @Test
  void aReplayFromAnyNodeIsTriedByTheOneThatWaitsForTheReceiver() {
    receiver.behave(CallbackReceiver.answering(503, "Retry-After: 3600"));
    two.restFromDelivering();
    String id = one.add("backend", "a", 0);
    await().until(() -> one.row(id).tries() == 1 && one.deliveries.away().equals(List.of("backend")));
    // So that who delivers has looked before.
    await().until(() -> one.stored.standings().get(0).holder() != null);

    receiver.behave(CallbackReceiver.answering(200));
    await().until(() -> {
      two.outbox.replay(id);
      return one.row(id).state().equals(CallbackRow.DELIVERED);
    });
    assertThat(owners()).containsExactly("one");
  }

  @Test
  void aQueueInWhichTwoNodesLeftNobodyDueIsMended() {
    one.restFromDelivering();
    two.restFromDelivering();
    String first = one.add("backend", "a", 0);
    String second;
    try (Handle settling = one.database.jdbi().open()) {
      settling.begin();
      settling.execute("UPDATE callback SET state = 'delivered', due_at = NULL WHERE id = ?", first);
      second = two.add("backend", "a", 1);
      settling.commit();
    }
    assertThat(two.row(second).dueAt()).as("neither saw the other's").isNull();

    two.deliver();
    await().until(() -> two.row(second).state().equals(CallbackRow.DELIVERED));
  }

  @Test
  void oneWithAnotherBeforeItIsNotHandedOutAlthoughItIsDue() {
    receiver.behave(CallbackReceiver.answering(500));
    String first = one.add("backend", "a", 0);
    String second = one.add("backend", "a", 1);
    await().until(() -> one.row(first).tries() == 1);
    one.database.jdbi().useHandle(handle -> handle.execute("UPDATE callback SET due_at = 1 WHERE id = ?", second));

    assertThat(one.stored.due("backend", one.clock.instant(), 10)).isEmpty();
    one.clock.forward(Duration.ofMinutes(15));
    assertThat(one.stored.due("backend", one.clock.instant(), 10)).extracting(CallbackRow::id).containsExactly(first);
  }

  @Test
  void receiversAreSharedAmongNodesAndAgainWhenOneComes() {
    one.restFromDelivering();
    two.restFromDelivering();
    Stream.of("r1", "r2", "r3", "r4").forEach(name -> one.add(name, "a", 0));
    OwnedReceivers first = receivers(one, "first");
    OwnedReceivers second = receivers(two, "second");
    OwnedReceivers third = receivers(two, "third");
    alive("first");
    take(first);
    assertThat(first.count()).as("alone").isEqualTo(4);

    alive("second");
    take(second);
    assertThat(second.count()).isZero();
    take(first);
    assertThat(first.count()).isEqualTo(2);
    take(second);
    assertThat(second.count()).isEqualTo(2);

    alive("third");
    alive("fourth");
    take(first);
    take(second);
    take(third);
    assertThat(List.of(first.count(), second.count(), third.count())).as("nobody takes the fourth's at once").containsExactly(1, 1, 1);
  }

  private OwnedReceivers receivers(OutboxFixture fixture, String node) {
    return new OwnedReceivers(fixture.stored, new Leases(fixture.database.jdbi(), fixture.clock, node), fixture.clock);
  }

  /** One turn of a node that delivers. */
  private static void take(OwnedReceivers receivers) {
    receivers.look().keySet().forEach(standing -> {
      if (receivers.mayHave(standing.receiver())) {
        receivers.lease(standing.receiver());
      }
    });
    receivers.renew(receiver -> false);
  }

  private void alive(String node) {
    one.database.jdbi().useHandle(handle -> handle.execute(
        "INSERT INTO node (id, token, who, version, roles, address, started_at, seen_at)"
            + " VALUES (?, '', '', '', 'ingest,callbacks', '', 0, (EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT)", node));
  }
}
