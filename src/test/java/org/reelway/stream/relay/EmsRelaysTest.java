package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.RoutingSettings.RoutedBy;
import org.reelway.settings.ServerApi;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.testkit.ems.EmsNet;
import org.reelway.testkit.ems.EmsStandIn;

/** Streams that EvoStream servers push themselves, each server a stand-in beside a Reelway of its own. */
@Execution(ExecutionMode.CONCURRENT)
class EmsRelaysTest {
  private static final String US = "instance-a";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EmsNet net = opened(new EmsNet());
  private final EmsStandIn a = opened(EmsStandIn.start(net, "a:1935", "192.0.2.1"));
  private final EmsStandIn b = opened(EmsStandIn.start(net, "b:1935", "192.0.2.2"));

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  private EmsSide beside(EmsStandIn server, String name, String instance, RoutedBy by, String... destinations) {
    ServerApi api = new ServerApi(ServerApi.Kind.EMS, name, server.api(), "me:topsecret");
    server.wants("me", "topsecret");
    EmsSide side =
        opened(
            new EmsSide(
                folder.resolve("state-" + open.size()), name, instance,
                Group.of(List.of(), name + ":1935", List.of(api), by), "rtmp://127.0.0.1/{app}/{stream}",
                Arrays.stream(destinations).map(DestinationUri::parse).toList()));
    server.tell(side.sink());
    return side;
  }

  private EmsSide pushing(String... destinations) {
    return beside(a, "a", US, RoutedBy.SERVER, destinations);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  @Test
  void aStreamIsPushedByItsServerUntilItEnds() {
    EmsSide side = pushing("rtmp://b/live/{stream}");

    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));
    TaskStatus before = side.relay("cam");
    until(() -> side.relay("cam").bytes() > before.bytes() && side.relay("cam").frames() > before.frames());

    assertThat(side.relay("cam").by()).isEqualTo("ems");
    assertThat(side.relay("cam").target()).isEqualTo("rtmp://b:1935/live/cam");
    assertThat(b.inbound()).containsExactly("cam");
    assertThat(b.userAgents()).containsEntry("cam", StreamTrail.NOBODY.and("a:1935").mark());
    assertThat(a.taken()).filteredOn(each -> each.startsWith("pushStream")).singleElement().asString()
        .contains("keepAlive=0").contains("uri=rtmp://b:1935/live,").contains("targetStreamName=cam");

    a.unpublish("cam");
    until(() -> side.relays().isEmpty());
    until(() -> b.inbound().isEmpty() && a.outbound().isEmpty());
    side.tidy();
    until(() -> a.configs().isEmpty());
    assertThat(a.count("pushStream")).isEqualTo(1);
  }

  @Test
  void whatEmsRefusesIsSaidAndTriedAgain() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.refuse("pushStream", "License limit reached for rtmp://b:1935/live");

    a.publish("cam", "192.0.2.50");
    until(() -> side.relays().size() == 1 && side.relay("cam").runs() >= 3);
    assertThat(side.relay("cam").trouble()).isEqualTo("pushStream of EMS says FAIL: License limit reached for ***");

    a.refuse("pushStream", null);
    until(() -> side.isRunning("cam") && side.relay("cam").trouble().isEmpty());
    assertThat(b.inbound()).containsExactly("cam");
  }

  @Test
  void whyEmsDoesNotGetThroughIsSaidWithoutTheKey() {
    EmsSide side = pushing("rtmp://b/live/key-topsecret");
    b.refuseStreams(true);

    a.publish("cam", "192.0.2.50");
    until(() -> side.relays().size() == 1 && side.relay("cam").trouble().contains("EMS says"));
    assertThat(side.relay("cam").trouble()).isEqualTo("nothing went through for 1 s: EMS says: Connection refused");
    until(() -> side.relay("cam").runs() >= 2);
    assertThat(side.relays().toString()).doesNotContain("topsecret");

    b.refuseStreams(false);
    until(() -> side.isRunning("cam"));
    assertThat(b.inbound()).containsExactly("key-topsecret");
    assertThat(a.configs()).as("those that failed are removed").containsExactly("push cam");
  }

  @Test
  void aPushThatDisappearsIsBegunAnew() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));

    a.cut("cam");
    until(() -> side.relay("cam").runs() == 2 && side.isRunning("cam"));

    assertThat(b.inbound()).containsExactly("cam");
    assertThat(a.configs()).containsExactly("push cam");
  }

  @Test
  void aPushWhoseMediaStopIsBegunAnew() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));

    a.freeze("cam");

    until(() -> side.relay("cam").runs() == 2 && side.isRunning("cam"));
    assertThat(a.outbound()).containsExactly("cam");
    assertThat(a.count("pushStream")).isEqualTo(2);
  }

  @Test
  void aPushGoesOnWhileTheApiIsAwayAndIsTakenOverWhenItIsBack() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));

    a.away();
    until(() -> side.relay("cam").state().equals("waiting") && side.relay("cam").trouble().contains("nothing listens at"));
    assertThat(b.inbound()).containsExactly("cam");
    a.back();

    until(() -> side.isRunning("cam"));
    assertThat(a.count("pushStream")).as("pushed once").isEqualTo(1);
    assertThat(a.count("shutdownStream")).isZero();
  }

  @Test
  void anApiThatIsBackIsToldToEndWhatNobodyWantsAnyMore() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));
    a.away();
    until(() -> side.relay("cam").state().equals("waiting"));

    event("inStreamClosed", "cam");
    until(() -> side.relays().isEmpty());
    assertThat(b.inbound()).as("nobody could be told").containsExactly("cam");
    a.back();
    side.tidy();

    until(() -> b.inbound().isEmpty() && a.configs().isEmpty());
    assertThat(a.inbound()).as("the publisher is left alone").containsExactly("cam");
  }

  @Test
  void aReelwayAfterOneThatWasKilledTakesItsPushOver() {
    EmsSide first = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> first.isRunning("cam"));
    String task = first.relay("cam").id();
    first.close();
    assertThat(a.outbound()).as("ended by an orderly stop").isEmpty();
    a.command(
        "pushStream",
        Map.of("uri", "rtmp://b:1935/live", "localStreamName", "cam", "keepAlive", "0", "emulateUserAgent",
            StreamTrail.NOBODY.and("a:1935").mark(), "_reelway", US, "_reelwayTask", task, "_via", StreamTrail.id("a:1935")));
    until(() -> b.inbound().contains("cam"));

    EmsSide second = pushing("rtmp://b/live/{stream}");
    event("inStreamCreated", "cam");
    until(() -> second.isRunning("cam"));

    assertThat(a.count("pushStream")).as("by the first one; the test's own is not counted").isEqualTo(1);
    assertThat(a.outbound()).containsExactly("cam");
    assertThat(second.relay("cam").runs()).isEqualTo(1);
  }

  private void event(String type, String name) {
    a.post(
        "{\"type\":\"" + type + "\",\"payload\":{\"name\":\"" + name + "\",\"appName\":\"evostreamms\",\"type\":\""
            + (type.startsWith("out") ? "ONR" : "INR") + "\",\"farIp\":\"192.0.2.50\",\"farPort\":5,\"ip\":\"192.0.2.2\"}}");
  }

  @Test
  void pushesOfOthersAreNeverTouched() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.isRunning("cam"));
    String task = side.relay("cam").id();
    others(Map.of("targetStreamName", "operators-own"));
    others(Map.of("targetStreamName", "another-reelways", "_reelway", "another", "_reelwayTask", task));
    others(Map.of("targetStreamName", "another-programs", "_reelwayTask", task));
    others(Map.of("targetStreamName", "left-by-us", "_reelway", US, "_reelwayTask", "of-a-run-before"));
    until(() -> b.inbound().size() == 5);

    side.tidy();
    until(() -> b.inbound().size() == 4);
    assertThat(b.inbound()).containsExactly("another-programs", "another-reelways", "cam", "operators-own");

    event("inStreamClosed", "cam");
    until(() -> side.relays().isEmpty());
    assertThat(b.inbound()).containsExactly("another-programs", "another-reelways", "operators-own");
    assertThat(a.configs()).hasSize(3);
    assertThat(a.inbound()).containsExactly("cam");
  }

  private void others(Map<String, String> parameters) {
    Map<String, String> all = new java.util.LinkedHashMap<>(Map.of("uri", "rtmp://b/live", "localStreamName", "cam"));
    all.putAll(parameters);
    a.command("pushStream", all);
  }

  @Test
  void aRingOfThreeHasEachStreamOnceAroundAndNotBack() {
    EmsStandIn c = opened(EmsStandIn.start(net, "c:1935", "192.0.2.3"));
    EmsSide one = pushing("rtmp://b/live/{stream}");
    EmsSide two = beside(b, "b", "instance-b", RoutedBy.SERVER, "rtmp://c/live/{stream}");
    EmsSide three = beside(c, "c", "instance-c", RoutedBy.SERVER, "rtmp://a/live/{stream}");

    a.publish("from-a", "192.0.2.50");
    b.publish("from-b", "192.0.2.51");
    until(() -> one.relays().size() == 1 && two.relays().size() == 2 && three.relays().size() == 1);
    List<EmsSide> all = List.of(one, two, three);
    until(() -> all.stream().flatMap(each -> each.relays().stream()).allMatch(each -> each.state().equals("running")));

    for (EmsStandIn each : List.of(a, b, c)) {
      assertThat(each.inbound()).containsExactly("from-a", "from-b");
      assertThat(each.refused()).isEmpty();
    }
    assertThat(c.userAgents()).containsEntry("from-a", StreamTrail.NOBODY.and("a:1935").and("b:1935").mark());
    assertThat(a.count("pushStream") + b.count("pushStream") + c.count("pushStream")).isEqualTo(4);

    a.unpublish("from-a");
    until(() -> List.of(a, b, c).stream().allMatch(each -> each.inbound().equals(List.of("from-b"))));
    b.unpublish("from-b");
    until(() -> all.stream().allMatch(each -> each.relays().isEmpty()));
    assertThat(List.of(a, b, c)).allMatch(each -> each.inbound().isEmpty() && each.outbound().isEmpty());
  }

  @Test
  void aNameThatCannotBeSaidToEmsGoesByAnFfmpeg() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    List<String> unsayable = List.of("cam 1", "\"quoted\"", "it's", "back\\slash", "`id`");

    unsayable.forEach(name -> a.publish(name, "192.0.2.50"));
    a.publish("$(reboot);&|", "192.0.2.50");

    until(() -> side.isRunning("$(reboot);&|") && side.relays().size() == 6);
    assertThat(b.inbound()).containsExactly("$(reboot);&|");
    assertThat(unsayable).allMatch(name -> side.relay(name).by().equals("ffmpeg"));
    assertThat(a.refused()).isEmpty();
  }

  @Test
  void aNameThatLeadsUpwardsOrBreaksTheLineIsSentByNobody() {
    EmsSide side = pushing("rtmp://b/live/{stream}");

    a.publish("../up", "192.0.2.50");
    a.publish("two\nlines", "192.0.2.50");
    a.publish("cam", "192.0.2.50");

    until(() -> side.isRunning("cam"));
    assertThat(side.relays()).hasSize(1);
  }

  @Test
  void destinationsThatEmsDoesNotTakeGoByAnFfmpegAndAllDoWhereThatIsSet() {
    EmsSide side =
        pushing("srt://b:9000", "rtsp://b:5544/live/{stream}", "rtmp://b/live/{stream}");
    a.publish("cam", "192.0.2.50");
    until(() -> side.relays().size() == 3);
    assertThat(side.relays()).extracting(each -> each.target().replaceFirst(":.*", "") + " by " + each.by())
        .containsExactlyInAnyOrder("srt by ffmpeg", "rtsp by ems", "rtmp by ems");

    EmsSide other = beside(b, "b", "instance-b", RoutedBy.REELWAY, "rtmp://c/live/{stream}");
    b.publish("own", "192.0.2.50");
    until(() -> other.relays().stream().anyMatch(each -> each.stream().equals("own")));
    assertThat(other.relay("own").by()).isEqualTo("ffmpeg");
    assertThat(b.count("pushStream")).isZero();
  }

  @Test
  void aStreamThatEndsIsNeverPushed() {
    EmsSide side = pushing("rtmp://b/live/{stream}");

    event("inStreamClosed", "cam");
    event("outStreamCreated", "never");
    a.publish("cam2", "192.0.2.50");

    until(() -> side.isRunning("cam2"));
    assertThat(a.count("pushStream")).isEqualTo(1);
  }

  @Test
  void aStormOfRepeatedOldAndInterleavedEventsEndsRightAndDoesNothingTwice() {
    EmsSide side = pushing("rtmp://b/live/{stream}");
    a.tell(null);
    for (String name : List.of("one", "two", "gone")) {
      a.publish(name, "192.0.2.50");
    }
    a.tell(side.sink());
    long now = System.currentTimeMillis();
    for (int i = 0; i < 300; i++) {
      storm("inStreamCreated", "one", 1, now, i % 7);
      storm("inStreamCreated", "two", 2, now, i % 5);
      storm("inStreamClosed", "one", 77, now - 60_000, i);
      storm("inStreamCreated", "two", 78, now - 90_000, i);
    }
    storm("inStreamCreated", "gone", 3, now, 1);
    storm("inStreamClosed", "gone", 3, now, 2);
    a.publish("last", "192.0.2.50");
    until(() -> side.isRunning("last") && side.waiting() == 0);
    until(() -> side.isRunning("one") && side.isRunning("two"));
    until(() -> side.relays().size() == 3);

    assertThat(b.inbound()).containsExactly("last", "one", "two");
    assertThat(side.relays()).allMatch(each -> each.runs() == 1);
    assertThat(a.taken()).filteredOn(each -> each.startsWith("pushStream")).filteredOn(each -> !each.contains("=gone"))
        .hasSize(3);
  }

  /** In the shape of the recorded one; the same id for the same number. */
  private void storm(String type, String name, int session, long millis, int number) {
    a.post(
        ("{\"id\":%d%d,\"type\":\"%s\",\"timestamp\":%d,\"processId\":1,\"payload\":{\"PID\":4711,\"customData\":null,"
            + "\"appName\":\"evostreamms\",\"creationTimestamp\":%d.456,\"farIp\":\"192.0.2.50\",\"farPort\":50123,"
            + "\"ip\":\"192.0.2.2\",\"name\":\"%s\",\"type\":\"INR\",\"uniqueId\":%d}}")
            .formatted(session, number, type, millis / 1000, millis, name, session));
  }

  @Test
  void twoStreamsThatBeginAtOnceAreNotMixedUp() {
    EmsSide side = pushing("rtmp://b/live/{stream}-copy");

    for (int i = 0; i < 20; i++) {
      a.publish("left" + i, "192.0.2.50");
      a.publish("right" + i, "192.0.2.51");
    }
    until(() -> b.inbound().size() == 40);
    for (int i = 0; i < 20; i++) {
      a.unpublish("left" + i);
    }
    until(() -> side.relays().size() == 20 && side.relays().stream().allMatch(each -> each.state().equals("running")));

    assertThat(a.taken()).filteredOn(each -> each.startsWith("pushStream")).hasSize(40)
        .allMatch(each -> each.matches(".*localStreamName=([a-z0-9]+), targetStreamName=\\1-copy,.*"));
    assertThat(b.inbound()).hasSize(20).allMatch(each -> each.matches("right[0-9]+-copy"));
  }

  @Test
  void whatIsSecretIsNowhereToBeSeen() {
    EmsSide side = pushing("rtmp://b/live/topsecret-key?token=topsecret");
    a.refuse("pushStream", "cannot push topsecret-key?token=topsecret");
    a.publish("cam", "192.0.2.50");
    until(() -> side.relays().size() == 1 && side.relay("cam").runs() >= 2);
    assertThat(side.relay("cam").trouble()).contains("cannot push ***");
    a.refuse("pushStream", null);
    until(() -> side.isRunning("cam") && side.waiting() == 0);
    until(() -> side.registry.live().size() == 2);

    assertThat(side.relays().toString() + side.registry.all()).doesNotContain("topsecret");
    assertThat(new ServerApi(ServerApi.Kind.EMS, "a", URI.create("http://h:1"), "me:topsecret").toString())
        .doesNotContain("topsecret");
  }
}
