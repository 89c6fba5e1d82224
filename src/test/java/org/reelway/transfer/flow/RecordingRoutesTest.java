package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.function.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Outbox;
import org.reelway.camel.RecordingRoute;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.failure.OurFailure;
import org.reelway.state.CallbackRow;
import org.reelway.state.Leases;
import org.reelway.state.StoredCallbacks;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.backup.BroughtBack;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.S3Store;
import org.springframework.jms.UncategorizedJmsException;

/** The shipped routes of a verified recording, and the policy for what fails, step by step. */
class RecordingRoutesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path temp;
  private TestStore server;
  private FlowFixture parts;
  private S3Store store;
  private Deliveries deliveries;
  private Outbox outbox;
  private RecordingRoute route;
  private final List<String> order = new ArrayList<>();
  private RuntimeException failure;

  @BeforeEach
  void join() {
    server = TestStore.start(temp.resolve("store"));
    store = FlowFixture.connect(server);
    parts = new FlowFixture(temp, store, new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true));
    StoredCallbacks stored = new StoredCallbacks(parts.database.jdbi(), parts.writer, parts.clock);
    deliveries = new Deliveries(stored, new Leases(parts.database.jdbi(), parts.clock, "here"), null, parts.clock);
    outbox = new Outbox(stored, deliveries, Duration.ofDays(1), parts.clock);
  }

  @AfterEach
  void part() {
    route.close();
    deliveries.close();
    parts.close();
    server.close();
  }

  /** @param receivers who are told */
  private void run(List<String> receivers, ThrowingConsumer<AdviceWithRouteBuilder, Exception> advice) {
    route =
        new RecordingRoute(
            parts.flow, null, store.client(), parts.history, parts.state, outbox, receivers,
            Map.of("reelway.transfer.manifest", "off"));
    route.start(
        edit -> {
          edit.weaveById("tell-finished").replace().to("mock:outbox");
          edit.weaveById("tidy").before().to("mock:own");
          edit.weaveById("tidy").replace().to("mock:tidy");
          advice.accept(edit);
        });
    for (String edge : List.of("outbox", "own", "tidy")) {
      route.mock(edge).whenAnyExchangeReceived(
          exchange -> {
            order.add(edge);
            if (edge.equals("own") && failure != null) {
              throw failure;
            }
          });
    }
  }

  private RecordingWork verified(String name) {
    Path file = parts.recordings.random(name, 1000, name.hashCode());
    Recordings.mark(file);
    RecordingWork work = parts.inHand(parts.found(file));
    parts.flow.transfer(work, FlowFixture.target());
    return work;
  }

  @Test
  void backendsAreToldBeforeTheFileIsTidiedAndStepsBetweenHaveTheFile() throws Exception {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");

    assertThat(route.send(work, "recording-verified").getException()).isNull();

    assertThat(order).containsExactly("outbox", "own", "tidy");
    Exchange told = route.mock("outbox").getExchanges().get(0);
    JsonNode body = JSON.readTree(told.getMessage().getBody(String.class));
    assertThat(body.path("type").asText()).isEqualTo("recording.finished");
    assertThat(body.at("/data/key").asText()).isEqualTo("cam.mp4");
    assertThat(told.getMessage().getHeader("CallbackAbout")).isEqualTo("cam.mp4");
    Exchange own = route.mock("own").getExchanges().get(0);
    assertThat(own.getMessage().getBody()).isEqualTo(work.recording().file().toFile());
    assertThat(own.getMessage().getHeaders()).containsEntry("ObjectKey", "cam.mp4").containsEntry("RecordingId", work.id());
  }

  @Test
  void whereNobodyIsToldNothingIsMadeToTell() {
    run(List.of(), advice -> advice.weaveById("finished").before().to("mock:never"));
    RecordingWork work = verified("cam.mp4");

    route.send(work, "recording-verified");

    assertThat(order).containsExactly("own", "tidy");
    assertThat(route.mock("never").getExchanges()).isEmpty();
  }

  @Test
  void whatIsSomebodyElsesFaultIsTriedAgainAndNothingIsTidied() {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");
    failure = new DestinationFailure("the archive is away");

    assertThat(route.send(work, "recording-verified").getException()).as("it is handled").isNull();

    assertThat(order).containsExactly("outbox", "own");
    assertThat(work.isConcluded()).isTrue();
    parts.awaitState(work.id(), "waiting");
    assertThat(parts.history.find(work.id()).orElseThrow().lastError()).isEqualTo("the archive is away");
    assertThat(Recordings.isMarked(work.recording().file())).isTrue();
  }

  @Test
  void whatIsWrongWithTheRecordingSetsItAsideAndIsTold() throws Exception {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");
    failure = new InputFailure("no picture in it");

    route.send(work, "recording-verified");

    parts.awaitState(work.id(), "set-aside");
    assertThat(Recordings.isMarked(work.recording().file())).isFalse();
    assertThat(work.recording().file()).exists();
    CallbackRow told = outbox.list(null, 10).get(0);
    assertThat(told.kind()).isEqualTo("recording.set-aside");
    assertThat(JSON.readTree(outbox.find(told.id()).orElseThrow().body()).at("/data/reason").asText())
        .isEqualTo("no picture in it");
  }

  @Test
  void aFileThatChangedIsSentAgainAndNotSetAside() {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");
    failure = new RecordingChanged("cam.mp4 was replaced");

    route.send(work, "recording-verified");

    assertThat(work.isConcluded()).isTrue();
    parts.awaitState(work.id(), "waiting");
    assertThat(Recordings.isMarked(work.recording().file())).isTrue();
    assertThat(outbox.list(null, 10)).as("told by another step").isEmpty();
  }

  @Test
  void aBugIsSaidAndTheRecordingStays() {
    run(List.of(), advice -> {});
    RecordingWork work = verified("cam.mp4");
    failure = new IllegalStateException("no template");

    try (LogLines log = new LogLines("org.reelway")) {
      route.send(work, "recording-verified");

      assertThat(log.all()).singleElement().asString().startsWith("ERROR ")
          .contains("cam.mp4 could not be handled (ours), it stays and is tried again: java.lang.IllegalStateException: no template");
    }
    assertThat(Recordings.isMarked(work.recording().file())).isTrue();
  }

  private static BroughtBack back(RecordingWork work) {
    VerifiedObject object = work.verified().orElseThrow();
    return new BroughtBack(
        work.id(), work.recording().file(), work.recording().path(), 1000, "", object.bucket(), object.key(), object.address(),
        object.etag(), object.evidence(), "backup", "cam.mp4", FlowFixture.START);
  }

  @Test
  void aRecordingThatIsBackIsToldBeforeItsCopyInTheBackupMayGo() throws Exception {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");

    route.giveReturned(back(work), work.recording().file(), work.verified().orElseThrow());
    route.giveReturned(back(work), work.recording().file(), work.verified().orElseThrow());

    CallbackRow told = outbox.list(null, 10).get(0);
    assertThat(outbox.list(null, 10)).as("told again it is the same").hasSize(1);
    assertThat(told.kind()).isEqualTo("recording.brought-back");
    assertThat(JSON.readTree(outbox.find(told.id()).orElseThrow().body()).at("/data/backupBucket").asText()).isEqualTo("backup");
  }

  @Test
  void whatFailsInTheRouteOfTheWayBackKeepsTheCopyInTheBackup() {
    run(List.of("cms"), advice -> {});
    RecordingWork work = verified("cam.mp4");
    parts.writer.close();

    assertThatThrownBy(() -> route.giveReturned(back(work), work.recording().file(), work.verified().orElseThrow()))
        .isInstanceOf(OurFailure.class).hasMessageContaining("cannot be written to the state");

    route.camel().stop();
    assertThatThrownBy(() -> route.giveReturned(back(work), work.recording().file(), work.verified().orElseThrow()))
        .isInstanceOf(OurFailure.class).hasMessageContaining("no route begins with kamelet:returned-recordings");
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of(new InputFailure("a letter in a number"), 422, "input", "a letter in a number"),
        Arguments.of(new NotFound("no such recording"), 404, "input", "no such recording"),
        Arguments.of(new DestinationFailure("the store is away"), 503, "destination", "the store is away"),
        Arguments.of(
            new UncategorizedJmsException(new JMSException("timed out")), 503, "destination",
            "what this request needs is away or refuses; the log tells more"),
        Arguments.of(new IllegalStateException("secret"), 500, "ours", "the request could not be handled; the log tells why"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestThatFailsIsAnsweredByTheClassOfItsFailure(Exception thrown, int status, String word, String said) throws Exception {
    run(List.of(), advice -> {});
    Exchange exchange = failed("platform-http:/hooks/any", thrown);

    route.camel().createProducerTemplate().send("direct:route-failed", exchange);

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
    JsonNode answer = JSON.valueToTree(exchange.getMessage().getBody());
    JsonNode json = answer.isTextual() ? JSON.readTree(answer.asText()) : answer;
    assertThat(json.path("error").asText()).isEqualTo(said);
    assertThat(json.path("class").asText()).isEqualTo(word);
  }

  /** As the error handler of a route hands it on. */
  private Exchange failed(String from, Exception thrown) {
    Exchange exchange = new DefaultExchange(route.camel());
    Endpoint source = new org.apache.camel.support.DefaultEndpoint(from, null) {
      @Override
      public org.apache.camel.Producer createProducer() {
        throw new UnsupportedOperationException();
      }

      @Override
      public org.apache.camel.Consumer createConsumer(org.apache.camel.Processor processor) {
        throw new UnsupportedOperationException();
      }
    };
    exchange.getExchangeExtension().setFromEndpoint(source);
    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, thrown);
    return exchange;
  }

  @Test
  void anEventGoesBackToItsSourceAndATickGoesOn() throws Exception {
    run(List.of(), advice -> {});
    try (LogLines log = new LogLines("org.reelway")) {
      PluginHelper.getRoutesLoader(route.camel()).loadRoutes(ResourceHelper.fromString("own.yaml", """
          - route:
              id: own-event
              from: {uri: direct:own-event, steps: [{throwException: {exceptionType: java.lang.IllegalStateException, message: no}}]}
          - route:
              id: own-tick
              from: {uri: timer:own?delay=0&repeatCount=2&period=1, steps: [{throwException: {exceptionType: java.lang.IllegalStateException, message: no}}]}
          """));

      Exchange event = route.camel().createProducerTemplate().send("direct:own-event", route.camel().getEndpoint("direct:own-event").createExchange());

      assertThat(event.getException()).as("its source sees it").isInstanceOf(IllegalStateException.class);
      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(log.all()).hasSize(2));
      assertThat(log.all()).containsExactlyInAnyOrder(
          "ERROR the route own-event failed (ours): java.lang.IllegalStateException: no; it goes back to where it came from",
          "ERROR the route own-tick failed (ours): java.lang.IllegalStateException: no; it goes on with its next time");
    }
  }
}
