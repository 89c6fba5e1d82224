package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.Fleet;
import org.reelway.testkit.Fleet.Node;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;

/**
 * Six sidecars with a role or two each, on one database and one broker: two next to one folder of recordings, two that mix, two that
 * call back and have the API. Each test leaves them whole.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedStateIT {
  private static final int SMALL = 50_000;
  private static final int TWO_PARTS = Recordings.PART + SMALL;

  private Fleet fleet;
  private List<Node> studios;
  private List<Node> mixers;
  private List<Node> desks;

  /** How a node goes away. */
  private enum Fault {
    KILLED, PAUSED, CUT_OFF;

    void befall(Node node) {
      switch (this) {
        case KILLED -> node.kill();
        case PAUSED -> node.child().pause();
        default -> node.silence();
      }
    }

    void isOver(Node node) {
      switch (this) {
        case KILLED -> node.start();
        case PAUSED -> node.child().goOn();
        default -> node.mend();
      }
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    fleet = new Fleet(folder);
    Path shared = fleet.folder("shared");
    studios = List.of(fleet.node("studio-1", "ingest", shared), fleet.node("studio-2", "ingest", shared));
    mixers = List.of(fleet.node("mixer-1", "mixer"), fleet.node("mixer-2", "mixer"));
    desks = List.of(fleet.node("desk-1", "callbacks,api"), fleet.node("desk-2", "callbacks,api"));
    for (List<Node> pair : List.of(studios, mixers, desks)) {
      pair.forEach(Node::start);
      pair.forEach(Node::ready);
    }
  }

  @AfterAll
  void end() throws Exception {
    if (fleet != null) {
      fleet.close();
    }
  }

  private Stream<Node> all() {
    return Stream.of(studios, mixers, desks).flatMap(List::stream);
  }


  @Test
  @Order(1)
  void recordingsAndConferencesGoThroughAndEachApiShowsAll() throws Exception {
    String mix = studios.get(0).recordConference("rooms/first.mp4");
    for (int i = 0; i < 4; i++) {
      studios.get(i % 2).record("cam-" + i + ".mp4", i == 0 ? TWO_PARTS : SMALL);
    }
    fleet.awaitAllDone();
    fleet.check();

    for (Node desk : desks) {
      HttpCalls api = desk.http();
      assertThat(names(api.get("/recordings").json().path("recordings"), "path")).contains("cam-3.mp4", "rooms/first.mp4", mix);
      assertThat(names(api.get("/nodes").json().path("nodes"), "id"))
          .containsExactlyInAnyOrder("studio-1", "studio-2", "mixer-1", "mixer-2", "desk-1", "desk-2");
      assertThat(api.get("/mixes").json().path("mixes")).isEmpty();
    }
    all().forEach(node -> assertThat(node.management().get("/observe/health").status()).as(node.name).isEqualTo(200));
    assertThat(studios.get(0).http().get("/callbacks").status()).as("no API there").isEqualTo(404);
    fleet.checkLogs("ERROR");
  }

  private static List<String> names(JsonNode list, String member) {
    return StreamSupport.stream(list.spliterator(), false).map(each -> each.path(member).asText()).toList();
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  void whatGoesAwayInTheMiddleOfItsWorkIsTakenOverAndDoublesNothingWhenItComesBack(Fault fault) throws Exception {
    String run = fault.name().toLowerCase(java.util.Locale.ROOT);
    // A callback that is not answered, a mix that is not finished, an upload that the store does not hear.
    CountDownLatch answer = new CountDownLatch(1);
    fleet.backend.behave((request, client) -> {
      answer.await();
      CallbackReceiver.answering(200).answer(request, client);
    });
    String mix = studios.get(1).recordConference("rooms/" + run + ".mp4");
    fleet.await("one mixes it", () -> mixers.stream().anyMatch(Node::holdMix));
    Node mixer = mixers.stream().filter(Node::isHeld).findFirst().orElseThrow();
    Node studio = studios.get(0);
    studio.silenceStore();
    for (int i = 0; i < 4; i++) {
      studio.record(run + "/" + run + "-" + i + ".mp4", i % 2 == 0 ? TWO_PARTS : SMALL);
    }
    fleet.await("one has the callbacks", () -> desks.stream().anyMatch(each -> each.name.equals(owner())));
    Node desk = desks.stream().filter(each -> each.name.equals(owner())).findFirst().orElseThrow();
    fleet.await("a callback is under way", () -> fleet.isTold("rooms/" + run + ".mp4"));

    List<Node> away = List.of(mixer, desk, studio);
    away.forEach(fault::befall);
    long since = System.nanoTime();
    studio.mendStore();
    fleet.backend.behave(CallbackReceiver.answering(200));
    fleet.checkNothingIsLost();
    fleet.await("another one has the callbacks", () -> !owner().equals(desk.name));
    System.out.println(fault + ": callbacks taken over after " + seconds(since));
    fleet.await("another one has mixed it", () -> fleet.store.has(mix) && fleet.isMixed(mix));
    System.out.println(fault + ": mixed by another one after " + seconds(since));
    fleet.checkNothingIsLost();

    answer.countDown();
    away.forEach(fault::isOver);
    away.forEach(Node::ready);
    mixer.letMixGo();
    fleet.awaitAllDone();
    all().forEach(node -> fleet.await(node.name + " is well", () -> node.management().get("/observe/health").status() == 200));
    fleet.await("no mix is left", () -> !mixer.isMixing());
    fleet.check();
    fleet.checkLogs();
  }

  private static long seconds(long since) {
    return (System.nanoTime() - since) / 1_000_000_000;
  }

  /** Of the callbacks. */
  private String owner() {
    return fleet.database.query("SELECT node FROM reelway.lease WHERE name = 'callbacks/cms' AND ends_at > 0").stream()
        .findFirst().orElse("");
  }

  @Test
  @Order(3)
  void ingestGoesOnWhereBrokerAndDatabaseAreAwayAndTheRestFollowsWhenTheyAreBack() throws Exception {
    fleet.broker.goAway();
    String mix = studios.get(0).recordConference("rooms/broker.mp4");
    String first = studios.get(0).record("without-broker.mp4", SMALL);
    fleet.await("the recording is done", () -> fleet.isDone(first));
    fleet.await("health says it", () -> mixers.get(0).management().get("/observe/health").body().contains("does not answer"));
    assertThat(mixers.get(0).management().get("/observe/health/live").status()).isEqualTo(200);
    assertThat(fleet.isMixed(mix)).isFalse();

    fleet.database.goAway();
    List<String> second = List.of(studios.get(0).record("database-0.mp4", SMALL), studios.get(1).record("database-1.mp4", TWO_PARTS));
    second.forEach(each -> fleet.await(each + " is sent", () -> fleet.store.has(each)));
    all().forEach(node -> fleet.await(node.name + " says it", () -> node.management().get("/observe/health").status() == 503));
    all().forEach(node -> assertThat(node.management().get("/observe/health/live").status()).as(node.name).isEqualTo(200));

    fleet.broker.comeBack();
    fleet.database.comeBack();
    fleet.awaitAllDone();
    all().forEach(node -> fleet.await(node.name + " is well", () -> node.management().get("/observe/health").status() == 200));
    fleet.check();
    fleet.checkLogs();
  }

  @Test
  @Order(4)
  void eachIsRestartedInItsTurnWhileRecordingsComeAndNothingWaitsForIt() throws Exception {
    int made = 0;
    for (List<Node> pair : List.of(studios, mixers, desks)) {
      for (Node node : pair) {
        Node studio = node == studios.get(0) ? studios.get(1) : studios.get(0);
        String mix = made == 0 ? studio.recordConference("rooms/rolling.mp4") : null;
        String before = studio.record("rolling-" + made++ + ".mp4", TWO_PARTS);
        node.child().terminate();
        String meanwhile = studio.record("rolling-" + made++ + ".mp4", SMALL);
        assertThat(node.child().awaitExit()).as(node.name).isEqualTo(143);
        fleet.await("they go on without " + node.name, () -> fleet.isDone(before) && fleet.isDone(meanwhile));
        node.start().ready();
        if (mix != null) {
          fleet.await("it is mixed", () -> fleet.isMixed(mix));
        }
      }
    }
    fleet.awaitAllDone();
    fleet.check();
    fleet.checkLogs();
  }
}
