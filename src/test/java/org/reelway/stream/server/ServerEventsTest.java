package org.reelway.stream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.ListFull;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.state.StateWriter;
import org.reelway.stream.server.servers.EmsAdapter;
import org.reelway.stream.server.servers.NodeMediaServerAdapter;
import org.reelway.stream.server.servers.PlainAdapter;
import org.reelway.stream.server.servers.SrsAdapter;

class ServerEventsTest {
  private static final String PUBLISH = "{\"action\":\"on_publish\",\"client_id\":\"1\",\"app\":\"live\",\"stream\":\"a\"}";

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private StateDatabase database;
  private StateWriter writer;
  private StreamRegistry registry;
  private EventInbox inbox;
  private ServerEvents events;

  @BeforeEach
  void start() {
    database = TestState.open(folder, Clock.systemUTC());
    writer = new StateWriter(database.jdbi());
    registry = new StreamRegistry(new ServerStreams(database.jdbi(), writer, "here"), Clock.systemUTC());
    inbox =
        new EventInbox(
            new ServerEventLog(database.jdbi(), writer, Clock.systemUTC(), "here"), registry, (event, lag) -> {},
            Clock.systemUTC());
    inbox.begin();
    events = new ServerEvents(file -> {}, (file, stream) -> {}, inbox, new EventMetrics(meters));
  }

  @AfterEach
  void stop() {
    inbox.close();
    writer.close();
  }

  private static EventRequest request(String body) {
    return new EventRequest("s1", "", body.getBytes(StandardCharsets.UTF_8), Map.of(), Instant.now());
  }

  @Test
  void nothingIsAnsweredBeforeItIsOnDisk() throws Exception {
    List<EventAnswer> answers = new CopyOnWriteArrayList<>();
    Thread asking = new Thread(() -> answers.add(take(new SrsAdapter(), request(PUBLISH))));
    try (Handle other = database.jdbi().open()) {
      other.execute(TestState.isOnPostgres(folder) ? "BEGIN; LOCK TABLE server_event IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE");
      asking.start();
      await().until(() -> List.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED).contains(asking.getState()));
      assertThat(answers).isEmpty();
      assertThat(registry.all()).isEmpty();
      other.execute("COMMIT");
    }
    asking.join(20_000);
    assertThat(answers).containsExactly(EventAnswer.json(200, "0"));
  }

  @Test
  void whatCannotBeStoredCostsNoPublisherAndIsToldToOthers() {
    database.jdbi().useHandle(handle -> handle.execute("DROP TABLE server_event"));

    assertThat(take(new SrsAdapter(), request(PUBLISH)).status()).isEqualTo(200);
    await().until(() -> registry.live().size() == 1);
    String plain = "{\"event\":\"stream-started\",\"stream\":\"b\",\"id\":\"7\"}";
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> take(new PlainAdapter(), request(plain)))
          .isInstanceOf(EventNotStored.class)
          .hasMessageContainingAll("the event cannot be stored", "send it again");
    }
    assertThat(registry.live()).hasSize(1);
    assertThat(count("srs", "unstored")).isEqualTo(1);
    assertThat(count("json", "failed")).as("also when it is sent again").isEqualTo(2);
  }

  @Test
  void aFullRegistryTakesNoMoreAndCostsNoPublisherUntilThereIsRoom() {
    for (int i = 0; i < 5000; i++) {
      inbox.tell(new ServerEvent.StreamSeen(told("srs"), StreamFacts.of("s" + i)));
    }
    await().until(() -> inbox.waiting() == 0);
    String plain = "{\"event\":\"stream-started\",\"stream\":\"b\"}";

    assertThatThrownBy(() -> take(new PlainAdapter(), request(plain)))
        .isInstanceOf(ListFull.class)
        .hasMessageContainingAll("the list of streams has 5000 streams that are on", "5000 is the most", "server-started");
    assertThat(take(new SrsAdapter(), request(PUBLISH)).status()).isEqualTo(200);
    assertThat(registry.live()).hasSize(5000);
    assertThat(count("srs", "full")).isEqualTo(1);
    assertThat(registry.bounds()).anyMatch(ListBound::isFull);
    inbox.tell(new ServerEvent.StreamEnded(told("srs"), StreamFacts.of("s1")));
    await().until(() -> inbox.waiting() == 0);
    take(new PlainAdapter(), request(plain));
    await().until(() -> registry.live().size() == 5000);
    inbox.tell(new ServerEvent.StreamEnded(told("srs"), StreamFacts.of("s2")));
    await().until(() -> inbox.waiting() == 0);
    assertThat(registry.bounds()).noneMatch(ListBound::isFull);
  }

  private static EventOrigin told(String source) {
    Instant now = Instant.now();
    return new EventOrigin(source, "s1", "x", ServerTime.received(now), now);
  }

  @Test
  void detailsThatDoNotFitAreLeftOutAndThePlainFormSaysSo() {
    Map<String, String> much = new LinkedHashMap<>(Map.of("since", "2026-11-21T18:00:00Z"));
    much.put("_long", "x".repeat(5000));
    much.put("_via", "a:1935");

    assertThat(new StreamFacts("a", "", "", "in", "", much).details()).containsOnlyKeys("since", "_via");
    assertThatThrownBy(
            () ->
                take(
                    new PlainAdapter(),
                    request("{\"event\":\"stream-started\",\"stream\":\"b\",\"details\":{\"a\":\"" + "x".repeat(5000) + "\"}}")))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("at most 64 members, with 4096 characters");
  }

  /** EvoStream's events come over connections of their own, and are told again. */
  @ParameterizedTest
  @ValueSource(strings = {"close, create", "close, codecs, create", "create, close, create", "create, codecs, close, codecs, create",
      "close, close, create, create"})
  void ofARunThatEndedNothingThatComesLateOrAgainLeavesAStream(String order) throws Exception {
    int session = 12;
    for (String kind : List.of("counted", "uncounted", "another run is on")) {
      if (kind.equals("another run is on")) {
        ems("inStreamCreated", 11, 1413797600, 0, 0);
      }
      int told = 0;
      for (String each : order.split(", ")) {
        String type = Map.of("create", "inStreamCreated", "close", "inStreamClosed", "codecs", "inStreamCodecsUpdated").get(each);
        ems(type, session, 1413797685, 2 * told, kind.equals("counted") ? 120 + told : 0);
        told++;
      }
      await().until(() -> inbox.waiting() == 0);
      assertThat(registry.live()).as(kind).extracting(RegisteredStream::session)
          .containsExactlyElementsOf(kind.equals("another run is on") && !order.startsWith("create") ? List.of("11") : List.of());
      session++;
    }
    ems("inStreamCreated", 12, 1413798000, 0, 0);
    await().until(() -> inbox.waiting() == 0);
    assertThat(registry.live()).as("a server that counts anew").extracting(RegisteredStream::session).containsExactly("12");
  }

  /** As node-media-server 4.4.3 posts them, each over whatever connection is free. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "another publisher is refused | + 10, + 20, | on", "it ends after that        | + 10, + 20, - 30, | off",
      "another one takes over       | + 10, - 30, + 40, | on", "and its post is quicker   | + 10, + 40, - 30, | on",
      "the same one is back         | + 10, + 10, | on", "and ends                       | + 10, + 10, - 50, | off"})
  void aStreamIsOnFromItsFirstPublisherToItsLast(String what, String posts, String is) {
    for (String post : posts.split(", *")) {
      boolean begins = post.startsWith("+");
      String time = "\"" + (begins ? "createtime" : "endtime") + "\":17960160" + post.substring(2) + "000";
      take(
          new NodeMediaServerAdapter(),
          request("{\"action\":\"" + (begins ? "postPublish" : "donePublish") + "\",\"name\":\"cam\",\"app\":\"live\"," + time + "}"));
    }
    await().until(() -> inbox.waiting() == 0);

    assertThat(registry.live()).as(what).hasSize(is.equals("on") ? 1 : 0);
  }

  private void ems(String type, int session, long begun, int after, int id) throws Exception {
    try (var in = ServerEventsTest.class.getResourceAsStream("/events/ems/inStreamCreated.json")) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("\"inStreamCreated\"", "\"" + type + "\"")
          .replace("\"uniqueId\":12", "\"uniqueId\":" + session)
          .replace("1413797685123.456", begun + "123.456")
          .replace("\"timestamp\":1413797685", "\"timestamp\":" + (begun + after));
      take(new EmsAdapter(), request(id == 0 ? json.replace("\"id\":17,", "") : json.replace("\"id\":17", "\"id\":" + id)));
    }
  }

  private double count(String source, String outcome) {
    return meters
        .counter("reelway.server.events", "source", source, "type", "stream-started", "outcome", outcome)
        .count();
  }

  private EventAnswer take(ServerAdapter adapter, EventRequest request) {
    events.read(adapter, request).forEach(event -> events.take(event, adapter.refusalEndsStreams()));
    return adapter.taken(request);
  }
}
