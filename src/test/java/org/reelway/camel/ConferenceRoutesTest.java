package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.callback.MixedRecording;
import org.reelway.callback.MultiRecorderCallback.Step;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.state.RecordingHistory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;

/** The shipped routes of conferences step by step, and as operators edit them. */
class ConferenceRoutesTest {
  private static final String ROOM = "multi-recorder://room";

  @TempDir Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<String> mixing = new ArrayList<>();
  private boolean hasBackend = true;
  private StateWriter writer;
  private ConferenceSteps steps;
  private Path recording;
  private Path mix;

  @BeforeEach
  void open() throws Exception {
    recording = Files.writeString(folder.resolve("room.mp4"), "all tracks");
    mix = Files.writeString(folder.resolve("room_mixed.mp4"), "one picture");
    StateDatabase database = StateDatabase.open(folder.resolve("state"), Clock.systemUTC());
    writer = new StateWriter(database.jdbi());
    telling(Step.MIXED);
  }

  @AfterEach
  void close() {
    camel.stop();
    writer.close();
  }

  private void telling(Step... told) {
    RecordingHistory history =
        new RecordingHistory(StateDatabase.open(folder.resolve("state"), Clock.systemUTC()).jdbi(), writer, Clock.systemUTC(), "here");
    steps =
        new ConferenceSteps(
            new MultiRecorderCallbacks(
                new MultiRecorderCallbacks.Terms(Set.of(told), true), history, folder.resolve("state")),
            () -> hasBackend, (mixed, uri) -> mixing.add(mixed.getFileName() + " " + uri), (file, key) -> {});
  }

  /** With mocks in place of the outbox and the marker. @param edits pieces of the file, each with what stands for it */
  private void run(String file, String... edits) throws Exception {
    String routes = Files.readString(Path.of("routes/" + file));
    // Without the API, which needs a server.
    int api = routes.indexOf("- route:\n    id: m" + (file.startsWith("37") ? "ultirecorder" : "ixes"));
    routes = api < 0 ? routes : routes.substring(0, api);
    for (int i = 0; i < edits.length; i += 2) {
      assertThat(routes).contains(edits[i]);
      routes = routes.replace(edits[i], edits[i + 1]);
    }
    Properties settings = new Properties();
    settings.put("reelway.mixer.every-recording", "true");
    settings.put("reelway.roles.ingest", "true");
    camel.getPropertiesComponent().setInitialProperties(settings);
    camel.disableJMX();
    camel.addComponent("reelway", new ReelwayComponent());
    camel.getComponent("kamelet", KameletComponent.class).setLocation("file:kamelets");
    camel.getRegistry().bind("conferenceSteps", steps);
    PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(file, routes));
    for (String route : camel.getRouteDefinitions().stream().map(each -> each.getRouteId()).toList()) {
      AdviceWith.adviceWith(
          camel, route, false,
          advice -> {
            if (!route.equals("mix-uploaded")) {
              advice.weaveByToUri("kamelet:recording-mark*").replace().to("mock:mark");
            }
            if (!route.equals("multi-recording-finished")) {
              advice.weaveByToUri("kamelet:callback-outbox*").replace().to("mock:outbox-" + route);
            }
          });
    }
    camel.start();
  }

  private MockEndpoint mock(String name) {
    return camel.getEndpoint("mock:" + name, MockEndpoint.class);
  }

  private MixedRecording made() throws Exception {
    return new MixedRecording(
        ROOM, 1642128676000L, 44061, sent(recording), sent(mix), 44046, 1642128724000L, List.of("Ann"), Step.MIXED, null);
  }

  private static MixedRecording.Sent sent(Path file) throws Exception {
    return MixedRecording.Sent.of(file, FileIdentity.of(file).text());
  }

  @Test
  void aMultiRecordingIsHandedToTheMixerAndThenMarked() throws Exception {
    run("37-multirecorder.camel.yaml");
    mock("mark").whenAnyExchangeReceived(exchange -> assertThat(mixing).as("mixed before it is marked").hasSize(1));

    steps.recorded(new MultiRecorders.Finished(recording, ROOM));

    assertThat(mixing).containsExactly("room.mp4 " + ROOM);
    assertThat(mock("mark").getExchanges()).singleElement().satisfies(
        each -> assertThat(each.getMessage().getHeaders())
            .containsEntry("RecordingFile", recording.toString()).containsEntry("RecorderUri", ROOM));
  }

  @Test
  void withoutTheStepOfTheMixerItIsMarkedAlone() throws Exception {
    String shipped = Files.readString(Path.of("routes/37-multirecorder.camel.yaml"));
    int begin = shipped.indexOf("        - filter:\n            id: every-recording-is-mixed");
    int end = shipped.indexOf("        - to:\n            id: mark-multi-recording");
    run("37-multirecorder.camel.yaml", shipped.substring(begin, end), "");

    steps.recorded(new MultiRecorders.Finished(recording, ROOM));

    assertThat(mixing).isEmpty();
    assertThat(mock("mark").getReceivedCounter()).isEqualTo(1);
  }

  @Test
  void aStepThatFailsHasItGivenAgain() throws Exception {
    run("37-multirecorder.camel.yaml");
    mock("mark").whenExchangeReceived(1, exchange -> exchange.setException(new IllegalStateException("full")));
    MultiRecorders.Finished finished = new MultiRecorders.Finished(recording, ROOM);

    assertThatThrownBy(() -> steps.recorded(finished)).isInstanceOf(DestinationFailure.class).hasMessageContaining("full");
    steps.recorded(finished);
    assertThat(mock("mark").getReceivedCounter()).isEqualTo(2);
  }

  @Test
  void withoutItsRouteItWaits() {
    assertThatThrownBy(() -> steps.recorded(new MultiRecorders.Finished(recording, ROOM)))
        .isInstanceOf(OurFailure.class).hasMessageContaining("no route begins with kamelet:multi-recordings");
  }

  @Test
  void aMixIsToldToTheBackendAsJsonAndThenMarked() throws Exception {
    run("38-mixer.camel.yaml");
    steps.mixed(made());

    JsonNode body = body("mix-finished");
    assertThat(body.path("multiRecorderFilePath").asText()).isEqualTo(recording.toString());
    assertThat(body.at("/mixerParams/0/path").asText()).isEqualTo(mix.toString());
    assertThat(body.at("/reelway/step").asText()).isEqualTo("mixed");
    assertThat(mock("outbox-mix-finished").getExchanges().get(0).getMessage().getHeaders())
        .containsEntry("CallbackQueue", "multi-recorder " + ROOM)
        .containsEntry("CallbackAbout", recording.toString())
        .containsKey("CallbackSubject");
    assertThat(mock("mark").getExchanges()).singleElement().satisfies(
        each -> assertThat(each.getMessage().getHeader("RecordingFile")).isEqualTo(mix.toString()));
  }

  private JsonNode body(String route) throws Exception {
    return JsonMapper.builder().build()
        .readTree(mock("outbox-" + route).getExchanges().get(0).getMessage().getBody(String.class));
  }

  @Test
  void withoutABackendItIsMarkedAlone() throws Exception {
    hasBackend = false;
    run("38-mixer.camel.yaml");
    steps.mixed(made());
    assertThat(mock("outbox-mix-finished").getReceivedCounter()).isZero();
    assertThat(mock("mark").getReceivedCounter()).isEqualTo(1);
  }

  @Test
  void aMixOfTheCommandIsToldAndNotMarked() throws Exception {
    run("38-mixer.camel.yaml");
    MultiRecorderCallbacks.leave(made(), folder.resolve("state"));
    steps.look();
    steps.look();
    assertThat(mock("outbox-mix-finished").getReceivedCounter()).isEqualTo(1);
    assertThat(mock("mark").getReceivedCounter()).isZero();
  }

  @Test
  void whatIsToldWhenBothAreInTheStoreComesAgainUntilItIsTold() throws Exception {
    telling(Step.UPLOADED);
    run("38-mixer.camel.yaml");
    mock("outbox-mix-uploaded")
        .whenExchangeReceived(1, exchange -> exchange.setException(new IllegalStateException("full")));
    MixedRecording made = made();
    new RecordingHistory(StateDatabase.open(folder.resolve("state"), Clock.systemUTC()).jdbi(), writer, Clock.systemUTC(), "here")
        .found(made.mix().id(), mix.toString(), "room_mixed.mp4", 11, null, "mixer");
    steps.mixed(made);
    assertThat(mock("outbox-mix-finished").getReceivedCounter()).isZero();
    steps.look();
    assertThat(mock("outbox-mix-uploaded").getReceivedCounter()).as("it is not in the store").isZero();

    new RecordingHistory(StateDatabase.open(folder.resolve("state"), Clock.systemUTC()).jdbi(), writer, Clock.systemUTC(), "here")
        .verified(made.mix().id(), "", "b", "room_mixed.mp4", "http://s/b/room_mixed.mp4", "e", null, "md5:x");
    org.awaitility.Awaitility.await().until(() -> {
      steps.look();
      return mock("outbox-mix-uploaded").getReceivedCounter() == 2;
    });
    steps.look();
    assertThat(mock("outbox-mix-uploaded").getReceivedCounter()).as("it is told").isEqualTo(2);
    assertThat(body("mix-uploaded").at("/reelway/mix/key").asText()).isEqualTo("room_mixed.mp4");
  }
}
