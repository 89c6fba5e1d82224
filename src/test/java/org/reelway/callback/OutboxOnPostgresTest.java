package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.state.CallbackRow;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.Postgres;

/** The outbox's statements are PostgreSQL's, too; what it does is {@link OutboxTest}'s matter. */
class OutboxOnPostgresTest {
  @Test
  void callbacksAreStoredInOrderDeliveredGivenUpReplayedAndForgottenAlsoOverRestarts() throws Exception {
    try (Postgres postgres = Postgres.start(); CallbackReceiver receiver = new CallbackReceiver();
        OutboxFixture fixture = new OutboxFixture(postgres.url())) {
      fixture.addresses.put("backend", receiver.uri("/hook"));
      receiver.behave(CallbackReceiver.answering(500));
      fixture.open();
      String first = fixture.add("backend", "a", 0);
      String second = fixture.add("backend", "a", 1);
      assertThat(fixture.add("backend", "a", 0)).as("the same again").isEqualTo(first);
      await().until(() -> fixture.row(first).tries() == 1);
      assertThat(fixture.row(second).dueAt()).isNull();
      assertThat(fixture.outbox.counts()).matches(counts -> counts.waiting() == 2 && counts.oldest() != null);

      fixture.close();
      fixture.open();
      fixture.forward(OutboxFixture.GIVE_UP);
      await().atMost(Duration.ofSeconds(60)).until(() -> {
        fixture.forward(Duration.ofMinutes(15));
        return fixture.row(first).state().equals(CallbackRow.DEAD);
      });
      receiver.behave(CallbackReceiver.answering(200));
      await().atMost(Duration.ofSeconds(60)).until(() -> {
        fixture.forward(Duration.ofMinutes(15));
        return fixture.row(second).state().equals(CallbackRow.DELIVERED);
      });
      assertThat(fixture.outbox.list(CallbackRow.DEAD, 10)).extracting(CallbackRow::id).containsExactly(first);
      assertThat(fixture.outbox.list(null, 10)).extracting(CallbackRow::id).containsExactly(second, first);

      fixture.close();
      fixture.open();
      assertThat(fixture.outbox.replay(first)).isPresent();
      await().until(() -> fixture.row(first).state().equals(CallbackRow.DELIVERED));
      List<Received> all = receiver.received();
      assertThat(all.get(all.size() - 1).id()).isEqualTo(first);
      fixture.forward(Duration.ofDays(8));
      fixture.outbox.forgetDelivered();
      fixture.outbox.mendQueues();
      await().until(() -> fixture.outbox.list(null, 10).isEmpty());
    }
  }
}
