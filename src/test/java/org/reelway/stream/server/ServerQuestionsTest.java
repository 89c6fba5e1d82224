package org.reelway.stream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.ServerApi;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.state.StateWriter;

class ServerQuestionsTest {
  @TempDir Path folder;
  private final AtomicReference<Supplier<List<StreamFacts>>> answer = new AtomicReference<>(List::of);
  private final AtomicInteger asked = new AtomicInteger();
  private StateWriter writer;
  private StreamRegistry registry;
  private EventInbox inbox;
  private ServerQuestions questions;

  /** Shows a dot for each byte that is not ASCII. */
  private final class Listing implements ServerListing {
    @Override
    public List<StreamFacts> live() {
      try {
        return answer.get().get();
      } finally {
        asked.incrementAndGet();
      }
    }

    @Override
    public String shown(String name) {
      return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.US_ASCII).replace('\uFFFD', '.');
    }

    @Override
    public boolean isLegible(String shown) {
      return !shown.contains(".");
    }
  }

  @BeforeEach
  void start() {
    StateDatabase database = TestState.open(folder, Clock.systemUTC());
    writer = new StateWriter(database.jdbi());
    registry = new StreamRegistry(new ServerStreams(database.jdbi(), writer, "here"), Clock.systemUTC());
    inbox =
        new EventInbox(
            new ServerEventLog(database.jdbi(), writer, Clock.systemUTC(), "here"), registry, (event, lag) -> {},
            Clock.systemUTC());
    inbox.begin();
    ServerApi api = new ServerApi(ServerApi.Kind.SRS, "s1", URI.create("http://127.0.0.1:1985"));
    questions =
        new ServerQuestions(
            List.of(api),
            any -> new Listing(),
            registry, inbox, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    questions.close();
    inbox.close();
    writer.close();
  }

  private static StreamFacts stream(String name, String session) {
    return new StreamFacts(name, "live", session, "in", "", Map.of());
  }

  private void event(String name, String session) {
    event(name, session, Instant.now());
  }

  private void eventLongAgo(String name, String session) {
    event(name, session, Instant.now().minusSeconds(10));
  }

  private void event(String name, String session, Instant now) {
    inbox.tell(
        new ServerEvent.StreamStarted(
            new EventOrigin("srs", "s1", "on_publish", ServerTime.received(now), now), stream(name, session)));
    await().until(() -> inbox.waiting() == 0);
  }

  private void ask(Supplier<List<StreamFacts>> says) {
    answer.set(says);
    // Two answers are acted on: the third question is asked when the second is done with.
    for (int i = 0; i < 3; i++) {
      int before = asked.get();
      await().atMost(Duration.ofSeconds(10)).until(() -> {
        questions.ask();
        return asked.get() > before && inbox.waiting() == 0;
      });
    }
  }

  private List<String> live() {
    return registry.live().stream().map(stream -> stream.id().name() + stream.session()).sorted().toList();
  }

  @Test
  void whatNoEventToldIsPutRight() {
    eventLongAgo("lost-end", "1");
    eventLongAgo("lost-both", "2");
    eventLongAgo("true", "3");
    ask(() -> List.of(stream("true", "3"), stream("lost-start", "4"), stream("lost-both", "5")));

    assertThat(live()).containsExactly("lost-both5", "lost-start4", "true3");
    assertThat(registry.find(new StreamId("srs", "s1", "live", "lost-end", "in")).orElseThrow().endedBy()).isEqualTo("api");
    assertThat(registry.find(new StreamId("srs", "s1", "live", "lost-start", "in")).orElseThrow().foundBy())
        .isEqualTo("api");
    assertThat(registry.find(new StreamId("srs", "s1", "live", "true", "in")).orElseThrow().foundBy())
        .isEqualTo("on_publish");
  }

  @Test
  void aStreamThatAnEventHasJustToldOfIsOnAlsoBeforeTheServerListsIt() {
    event("just-begun", "1");
    ask(List::of);
    assertThat(live()).containsExactly("just-begun1");

    ask(() -> List.of(stream("just-begun", "1")));
    ask(List::of);
    assertThat(live()).as("listed before, and then not: over at once").isEmpty();

    event("just-begun", "2");
    ask(List::of);
    assertThat(live()).as("the next run likewise").containsExactly("just-begun2");
  }

  @Test
  void anAnswerIsOlderThanWhatWasHeardAfterTheQuestion() {
    ask(
        () -> {
          event("begun-meanwhile", "1");
          return List.of();
        });

    // Asked twice: the event comes again with the second question.
    assertThat(live()).containsExactly("begun-meanwhile1");
  }

  @Test
  void aServerThatIsDownHasNoStreamsAndOneThatAnswersWrongKeepsThem() {
    event("a", "1");
    for (int i = 0; i < 3; i++) {
      ask(() -> {
        throw new DestinationFailure("status 500");
      });
    }
    assertThat(live()).containsExactly("a1");
    assertThat(questions.all().get(0).failing()).isTrue();
    for (int i = 0; i < 3; i++) {
      ask(() -> {
        throw new ServerAway("nothing listens", null);
      });
    }
    assertThat(live()).isEmpty();
    ask(() -> List.of(stream("a", "2")));
    assertThat(live()).containsExactly("a2");
    assertThat(questions.all().get(0).trouble()).isEmpty();
  }

  @Test
  void aStreamIsKnownByItsClientWhereTheAnswerCannotShowItsName() {
    eventLongAgo("Größe", "1");
    eventLongAgo("Grüße", "2");
    ask(() -> List.of(stream("Gr....e", "1")));

    assertThat(live()).containsExactly("Größe1");
    assertThat(questions.all().get(0).trouble()).isEmpty();
  }

  @Test
  void aStreamWhoseNameNobodyKnowsIsNoStreamOfAWrongNameButATroubleThatIsSaid() {
    ask(() -> List.of(stream("Gr....e", "1"), stream("b", "2")));

    assertThat(live()).containsExactly("b2");
    assertThat(questions.all().get(0).failing()).isTrue();
    assertThat(questions.all().get(0).trouble()).contains("\"live/Gr....e\" (client 1)", "docs/events.md");
    event("Größe", "1");
    ask(() -> List.of(stream("Gr....e", "1"), stream("b", "2")));
    assertThat(live()).containsExactly("Größe1", "b2");
    assertThat(questions.all().get(0).failing()).isFalse();
  }
}
