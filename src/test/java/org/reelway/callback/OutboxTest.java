package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.state.CallbackRow;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;

/** Callbacks to real receivers on loopback, with hours of virtual time. */
class OutboxTest {
  static {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @TempDir Path folder;
  private final CallbackReceiver receiver = new CallbackReceiver();
  private OutboxFixture fixture;

  @BeforeEach
  void open() {
    fixture = new OutboxFixture(folder);
    fixture.addresses.put("backend", receiver.uri("/hook"));
    fixture.open();
  }

  @AfterEach
  void close() {
    fixture.close();
    receiver.close();
  }

  private void crash() {
    fixture.crash();
  }

  private List<String> bodies(String queue) {
    return receiver.received().stream().map(Received::body).filter(body -> body.contains("\"" + queue + "\"")).toList();
  }

  private static List<String> inOrder(String queue, int count) {
    return IntStream.range(0, count).mapToObj(n -> "{\"queue\":\"" + queue + "\",\"n\":" + n + "}").toList();
  }

  private long waiting() {
    return fixture.outbox.counts().waiting();
  }

  /** Added before, between and after the crashes; what a Reelway adds again when it goes on after one is the same. */
  @Test
  void aReceiverThatWasDownForHoursGetsEveryCallbackInOrderUnderItsIdAlsoAfterTwoCrashes() {
    receiver.behave(CallbackReceiver.closing());
    Map<String, String> ids = new HashMap<>();
    for (int hour = 0; hour < 12; hour++) {
      for (String queue : List.of("a", "b", "c")) {
        ids.put(fixture.add("backend", queue, hour), queue + hour);
      }
      int before = receiver.received().size();
      Instant hourEnds = fixture.clock.instant().plus(Duration.ofHours(1));
      await().until(() -> {
        fixture.forward(Duration.ofMinutes(20));
        return receiver.received().size() > before && !fixture.clock.instant().isBefore(hourEnds);
      });
      if (hour == 4 || hour == 9) {
        crash();
        for (int again = Math.max(0, hour - 1); again <= hour; again++) {
          assertThat(ids).containsEntry(fixture.add("backend", "a", again), "a" + again);
        }
      }
    }
    assertThat(fixture.outbox.counts().waiting()).isEqualTo(36);
    int inVain = receiver.received().size();

    receiver.behave(CallbackReceiver.answering(204));
    await().until(() -> {
      fixture.forward(Duration.ofMinutes(1));
      return waiting() == 0;
    });

    List<Received> arrived = receiver.received().subList(inVain, receiver.received().size());
    for (String queue : List.of("a", "b", "c")) {
      List<String> once = new ArrayList<>(new LinkedHashSet<>(
          arrived.stream().map(Received::body).filter(body -> body.contains("\"" + queue + "\"")).toList()));
      assertThat(once).isEqualTo(inOrder(queue, 12));
    }
    assertThat(receiver.received()).allSatisfy(each -> {
      String name = ids.get(each.id());
      assertThat(each.body()).isEqualTo("{\"queue\":\"" + name.charAt(0) + "\",\"n\":" + name.substring(1) + "}");
    });
    assertThat(arrived.stream().map(Received::id).distinct()).hasSize(36);
    assertThat(fixture.outbox.counts().delivered()).isEqualTo(36);
  }

  @Test
  void oneWhoseAnswerWasLostInACrashComesAgainUnderItsIdBeforeThoseBehindIt() {
    CountDownLatch crashed = new CountDownLatch(1);
    receiver.behave((request, client) -> {
      crashed.await();
      CallbackReceiver.answering(200).answer(request, client);
    });
    String first = fixture.add("backend", "a", 0);
    fixture.add("backend", "a", 1);
    await().until(() -> receiver.received().size() == 1);

    fixture.crash(crashed::countDown);
    await().until(() -> {
      fixture.forward(Duration.ofMinutes(1));
      return waiting() == 0;
    });

    assertThat(new ArrayList<>(new LinkedHashSet<>(bodies("a")))).isEqualTo(inOrder("a", 2));
    List<Received> all = receiver.received();
    assertThat(all).filteredOn(each -> each.id().equals(first)).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void noneOfAQueueIsSentWhileAnotherIsBeforeItAndOthersAreNotHeldUp() {
    String first = fixture.add("backend", "a", 0);
    await().until(() -> waiting() == 0);
    receiver.behave((request, client) -> {
      boolean refused = request.body().equals("{\"queue\":\"a\",\"n\":1}");
      CallbackReceiver.answering(refused ? 422 : 200).answer(request, client);
    });
    String second = fixture.add("backend", "a", 1);
    String third = fixture.add("backend", "a", 2);
    fixture.add("backend", "b", 0);

    await().until(() -> fixture.row(second).tries() == 1 && bodies("b").size() == 1);
    assertThat(fixture.row(first).state()).isEqualTo(CallbackRow.DELIVERED);
    assertThat(fixture.row(second).problem()).isEqualTo("it answers 422: ok");
    assertThat(fixture.row(third).dueAt()).isNull();
    assertThat(bodies("a")).isEqualTo(inOrder("a", 2));

    receiver.behave(CallbackReceiver.answering(200));
    fixture.forward(Duration.ofMinutes(15));
    await().until(() -> waiting() == 0);
    assertThat(new ArrayList<>(new LinkedHashSet<>(bodies("a")))).isEqualTo(inOrder("a", 3));
  }

  @Test
  void whatIsAddedAgainIsTheSameAlsoAfterItWasDelivered() {
    String id = fixture.add("backend", "a", 0);
    await().until(() -> waiting() == 0);

    crash();
    assertThat(fixture.add("backend", "a", 0)).isEqualTo(id);
    fixture.add("backend", "a", 1);
    await().until(() -> fixture.outbox.counts().delivered() == 2);

    assertThat(bodies("a")).isEqualTo(inOrder("a", 2));
  }

  @Test
  void aSlowReceiverDelaysNobodyElse() {
    CallbackReceiver slow = new CallbackReceiver();
    slow.behave(CallbackReceiver.silent());
    try (slow) {
      fixture.close();
      fixture.addresses.put("slow", slow.uri("/"));
      fixture.open();
      for (int i = 0; i < 100; i++) {
        fixture.add("slow", "s" + i, 0);
      }
      for (int i = 0; i < 20; i++) {
        fixture.add("backend", "q" + i, 0);
      }
      await().until(() -> receiver.received().size() == 20);

      await().until(() -> !slow.received().isEmpty());
      assertThat(slow.received()).as("at the same time").hasSizeLessThanOrEqualTo(4);
      await().until(() -> waiting() == 100);
    }
  }

  @Test
  void aReceiverThatIsAwayIsTriedByOneAtATimeHoweverManyWait() {
    receiver.behave(CallbackReceiver.answering(503));
    for (int i = 0; i < 50; i++) {
      fixture.add("backend", "q" + i, 0);
    }
    await().until(() -> fixture.deliveries.away().equals(List.of("backend")));
    for (int hour = 0; hour < 5; hour++) {
      int before = receiver.received().size();
      await().until(() -> {
        fixture.forward(Duration.ofMinutes(16));
        return receiver.received().size() > before;
      });
    }
    // A few at the beginning, until the first answer; then one for each pause.
    long turns = Duration.between(fixture.row(fixture.add("backend", "q0", 0)).createdAt(), fixture.clock.instant())
        .dividedBy(Duration.ofMinutes(7));
    assertThat(receiver.received()).hasSizeLessThanOrEqualTo((int) turns + 16);
    assertThat(fixture.outbox.counts().dead()).isZero();

    receiver.behave(CallbackReceiver.answering(200));
    await().until(() -> {
      // Again and again: the pause after a try that is under way begins when that ends.
      fixture.forward(Duration.ofMinutes(1));
      return waiting() == 0;
    });
  }

  @Test
  void oneThatNobodyTakesForDaysIsADeadLetterAndCanBeReplayedUnderItsId() {
    receiver.behave(CallbackReceiver.answering(500));
    String id = fixture.add("backend", "a", 0);
    String next = fixture.add("backend", "a", 1);
    await().until(() -> fixture.row(id).tries() == 1);
    fixture.forward(OutboxFixture.GIVE_UP.minusMinutes(1));
    await().until(() -> fixture.row(id).tries() == 2);
    fixture.forward(Duration.ofMinutes(15));
    await().until(() -> fixture.row(id).tries() == 3);
    assertThat(fixture.row(id).state()).as("old, and tried less than ten times").isEqualTo(CallbackRow.WAITING);
    await().until(() -> {
      fixture.forward(Duration.ofMinutes(15));
      return fixture.row(id).state().equals(CallbackRow.DEAD);
    });
    assertThat(fixture.row(id).tries()).isEqualTo(10);

    assertThat(fixture.outbox.list(CallbackRow.DEAD, 10)).extracting(CallbackRow::id).contains(id);
    assertThat(fixture.told).contains("dead backend");
    receiver.behave(CallbackReceiver.answering(200));
    await().until(() -> {
      fixture.forward(Duration.ofMinutes(16));
      return fixture.row(next).state().equals(CallbackRow.DELIVERED);
    });
    crash();
    fixture.forward(Duration.ofDays(400));
    assertThat(fixture.row(id).state()).as("it is kept").isEqualTo(CallbackRow.DEAD);

    assertThat(fixture.outbox.replay(id)).isPresent();
    await().until(() -> fixture.row(id).state().equals(CallbackRow.DELIVERED));
    assertThat(receiver.received().get(receiver.received().size() - 1).id()).isEqualTo(id);
    assertThat(fixture.outbox.replay("cb_none")).isEmpty();
  }

  @Test
  void oneThatWaitsBehindAnotherIsNotReplayed() {
    receiver.behave(CallbackReceiver.answering(500));
    String first = fixture.add("backend", "a", 0);
    String second = fixture.add("backend", "a", 1);
    await().until(() -> fixture.row(first).tries() == 1);

    assertThatThrownBy(() -> fixture.outbox.replay(second))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("waits behind another one");
    receiver.behave(CallbackReceiver.answering(200));
    fixture.outbox.replay(first);
    await().until(() -> waiting() == 0);
    assertThat(new ArrayList<>(new LinkedHashSet<>(bodies("a")))).isEqualTo(inOrder("a", 2));
  }

  @Test
  void goneMeansADeadLetterAtOnce() {
    receiver.behave(CallbackReceiver.answering(410));
    String id = fixture.add("backend", "a", 0);
    await().until(() -> fixture.row(id).state().equals(CallbackRow.DEAD));
    assertThat(fixture.row(id).problem()).contains("410");
  }

  @Test
  void retryAfterIsHonouredUpToAnHour() {
    receiver.behave(CallbackReceiver.answering(429, "Retry-After: 1800"));
    String id = fixture.add("backend", "a", 0);
    await().until(() -> fixture.row(id).tries() == 1);
    assertThat(Duration.between(fixture.clock.instant(), fixture.row(id).dueAt())).isEqualTo(Duration.ofMinutes(30));
    fixture.forward(Duration.ofMinutes(29));
    fixture.add("backend", "b", 0);
    receiver.behave(CallbackReceiver.answering(503, "Retry-After: Mon, 21 Nov 2033 10:00:00 GMT"));
    assertThat(receiver.received()).hasSize(1);
    fixture.forward(Duration.ofMinutes(2));
    await().until(() -> receiver.received().size() == 2 && fixture.told.size() == 2);
    receiver.behave(CallbackReceiver.answering(200));
    fixture.forward(Duration.ofMinutes(61));
    await().until(() -> waiting() == 0);
  }

  @Test
  void anAddressThatWasWrongIsPutRightForWhatWaitsToo() {
    fixture.close();
    fixture.addresses.clear();
    fixture.open();
    String id = fixture.add("backend", "a", 0);
    await().until(() -> fixture.row(id).tries() == 1);
    assertThat(fixture.row(id).problem()).contains("reelway.callbacks.url");

    fixture.addresses.put("backend", receiver.uri("/new"));
    crash();
    fixture.forward(Duration.ofMinutes(15));
    await().until(() -> waiting() == 0);
    assertThat(receiver.received()).extracting(Received::path).containsExactly("/new");
  }

  @Test
  void deliveredOnesAreForgottenAfterAWhile() {
    String id = fixture.add("backend", "a", 0);
    await().until(() -> waiting() == 0);
    fixture.forward(Duration.ofDays(6));
    fixture.outbox.forgetDelivered();
    fixture.outbox.mendQueues();
    fixture.forward(Duration.ofDays(2));
    assertThat(fixture.outbox.find(id)).isPresent();
    fixture.outbox.forgetDelivered();
    fixture.outbox.mendQueues();
    await().until(() -> fixture.outbox.find(id).isEmpty());
  }

  @Test
  void thousandsThatWaitCostNoStartAndNoMemory() {
    receiver.behave(CallbackReceiver.answering(503));
    int many = 5000;
    List<java.util.concurrent.CompletableFuture<Void>> written = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      written.add(fixture.stored.add("cb_" + i, "test.done", "backend", "q" + i % 1000, "x", "{}".repeat(500)));
    }
    written.forEach(java.util.concurrent.CompletableFuture::join);
    crash();
    fixture.add("backend", "z", 0);
    await().until(() -> !receiver.received().isEmpty());
    // Those that were tried meanwhile are due later.
    assertThat(fixture.stored.due("backend", fixture.clock.instant(), many).size()).as("one of each queue")
        .isBetween(1001 - 32, 1001);
    receiver.behave(CallbackReceiver.answering(200));
    await().until(() -> {
      fixture.forward(Duration.ofMinutes(15));
      return receiver.received().size() > 100;
    });
  }
}
