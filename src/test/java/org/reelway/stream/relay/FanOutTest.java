package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.transfer.http.HostNames;
import org.reelway.testkit.LogLines;
import org.reelway.transfer.Backoff;

/** What is sent where; the relays are never begun here. */
class FanOutTest {
  private static final String SELF = "self:1935";

  @TempDir Path folder;
  private Supervisor supervisor;
  private final Map<String, String> names = new HashMap<>();
  private volatile CountDownLatch answers = new CountDownLatch(0);

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new UnknownHostException(host);
    }
    return new InetAddress[] {InetAddress.getByName(names.getOrDefault(host, "192.0.2.99"))};
  }

  @AfterEach
  void end() {
    if (supervisor != null) {
      supervisor.close();
    }
  }

  private Router router(String... destinations) {
    return router(List.of(), destinations);
  }

  private Router router(List<String> members, String... destinations) {
    Orphans orphans = new Orphans("test");
    Limits limits =
        new Limits(
            9, Duration.ofSeconds(5), Duration.ofMillis(10), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
            Duration.ofSeconds(30));
    supervisor = new Supervisor("relays", orphans, limits, Clock.systemUTC());
    Relays relays =
        new Relays(supervisor, () -> folder.resolve("none"), folder.resolve("relays"), orphans, limits.stallAfter(),
            Authorities.of(null, folder.resolve("relays")));
    return new Router(
        uris(List.of(destinations)), new Group(SELF, uris(members), List.of(), List.of()),
        "rtmp://127.0.0.1/{app}/{stream}", relays, EmsRelays.none(),
        new HostNames(this::lookUp));
  }

  private static List<DestinationUri> uris(List<String> texts) {
    return texts.stream().map(DestinationUri::parse).toList();
  }

  private static SourceStream stream(String name, String publisher, String... via) {
    StreamTrail all = StreamTrail.NOBODY;
    for (String each : via) {
      all = all.and(each);
    }
    return new SourceStream(new StreamId("nginx-rtmp", "media-1", "app", name, "in"), "", publisher, all);
  }

  private List<String> destinations() {
    return supervisor.statuses().stream().map(TaskStatus::target).toList();
  }

  @Test
  void aStreamGoesToEveryDestinationOnceWhileItIsOn() {
    Router router = router("rtmp://a/live/{stream}", "rtmp://b/live/key");
    SourceStream cam = stream("cam1", "10.0.0.1");

    router.started(cam);
    router.started(cam);

    assertThat(destinations()).containsExactly("rtmp://a:1935/live/cam1", "rtmp://b:1935/live/***");
    assertThat(supervisor.statuses()).allMatch(status -> status.stream().equals("cam1"));
  }

  @Test
  void whyStreamsAreNotSentToADestinationIsSaidOnceForAll() {
    Router router = router("rtmp://a/live/{stream}", "rtmp://b/live/{stream}");
    try (LogLines log = new LogLines(LoopGuard.class.getName())) {
      for (int i = 0; i < 20; i++) {
        router.started(stream("cam" + i, "10.0.0.1", "a:1935", "b:1935"));
        router.started(stream("long" + i, "10.0.0.1", "c:1", "d:1", "e:1", "f:1", "g:1", "h:1", "i:1"));
      }

      assertThat(log.all()).hasSize(4).contains(
          "INFO stream cam0 is not sent to rtmp://a:1935/live/{stream}: it came from there; not said again of others");
      assertThat(log.of("WARN")).hasSize(2).first().asString().startsWith("WARN stream long0 is not sent to rtmp://a:1935/live");
    }
  }

  @Test
  void twoKeysOfOneServerAreTwoDestinations() {
    Router router =
        router("rtmp://a/live/key-1", "rtmp://b/live/key-1", "rtmp://a/live/key-2", "rtmp://a/live/{stream}?k=1");

    router.started(stream("cam", "10.0.0.1"));

    assertThat(destinations())
        .containsExactly(
            "rtmp://a:1935/live/***", "rtmp://a:1935/live/***", "rtmp://a:1935/live/cam?***", "rtmp://b:1935/live/***");
    assertThat(supervisor.statuses()).extracting(TaskStatus::id).doesNotHaveDuplicates();
    router.ended(stream("cam", "10.0.0.1"));
    router.started(stream("cam", "10.0.0.1"));
    assertThat(destinations()).hasSize(4);
  }

  @Test
  void aStreamIsNotSentBackToAServerThatItCameThrough() {
    Router router = router("rtmp://a/live/{stream}", "rtmp://b/live/{stream}");

    router.started(stream("cam", "10.0.0.1", "origin:1935", "B:1935"));

    assertThat(destinations()).containsExactly("rtmp://a:1935/live/cam");
  }

  @Test
  void aStreamThatCameThroughHereIsNotSentAnywhere() {
    Router router = router("rtmp://a/live/{stream}");

    router.started(stream("cam", "10.0.0.1", SELF, "b:1935"));

    assertThat(destinations()).isEmpty();
  }

  @Test
  void aStreamThatCameThroughMoreServersThanCanBeToldIsNotSentOnButWhereTheQueryTells() {
    Router router = router("rtmp://a/live/{stream}", "rtmp://b/live/{stream}?reelwayVia={via}");

    router.started(stream("cam", "10.0.0.1", "1:1", "2:1", "3:1", "4:1", "5:1", "6:1", "7:1"));
    router.started(stream("less", "10.0.0.1", "1:1", "2:1", "3:1", "4:1", "5:1", "6:1"));

    assertThat(destinations())
        .containsExactlyInAnyOrder("rtmp://b:1935/live/cam?***", "rtmp://a:1935/live/less", "rtmp://b:1935/live/less?***");
  }

  @Test
  void aStreamThatADestinationPublishesIsNotSentBackToIt() {
    Router router = router("rtmp://192.0.2.7/live/{stream}", "rtmp://192.0.2.8/live/{stream}");

    router.started(stream("cam", "192.0.2.7"));

    assertThat(destinations()).containsExactly("rtmp://192.0.2.8:1935/live/cam");
  }

  @Test
  void anAddressWithAPortIsThatOfItsHost() {
    names.put("a", "192.0.2.7");
    Router router = router("rtmp://a/live/{stream}", "rtmp://b/live/{stream}");

    router.started(stream("cam", "192.0.2.7:50123"));
    router.started(stream("here", "127.0.0.1:50124"));

    assertThat(destinations())
        .containsExactly("rtmp://b:1935/live/cam", "rtmp://a:1935/live/here", "rtmp://b:1935/live/here");
  }

  @Test
  void aNameServiceThatIsSlowIsWaitedForOnceAndThenWhatIsKnownCounts() {
    answers = new CountDownLatch(1);
    names.put("a", "192.0.2.7");
    Router router = router("rtmp://a/live/{stream}");

    router.started(stream("first", "192.0.2.7"));
    assertThat(destinations()).as("nobody knows who that is").containsExactly("rtmp://a:1935/live/first");
    answers.countDown();
    await().until(() -> {
      router.started(stream("second", "192.0.2.7"));
      boolean known = destinations().equals(List.of("rtmp://a:1935/live/first"));
      router.ended(stream("second", "192.0.2.7"));
      return known;
    });
  }

  @Test
  void destinationsHaveTheNamesThatTheyWereGivenOrThoseOfTheirHosts() {
    Destinations named =
        new Destinations(
            uris(List.of("rtmp://a/x/1", "rtmp://a/x/2", "a-2=rtmp://b/x/y", "vip=rtmps://c/x/key=1")),
            new Group(SELF, uris(List.of("rtmp://a/live/{stream}")), List.of(), List.of()));

    assertThat(named.everywhere()).containsExactly("a", "a-3", "a-2", "vip");
    assertThat(named.members()).containsExactly("a-4");
    assertThat(named.get("vip").uri().shown()).isEqualTo("rtmps://c:443/x/***");
    assertThatThrownBy(() -> named.get("x\ny"))
        .hasMessage("no destination is named \"x?y\"; there are a-2, vip, a, a-3, a-4 (reelway.routing.destinations)");
  }

  @Test
  void aMemberOfAGroupSendsItsOwnStreamsToAllOthersAndNobodyElses() {
    Router router =
        router(List.of("rtmp://a/live/{stream}", "rtmp://SELF:1935/live/{stream}", "rtmp://b/live/{stream}"));

    router.started(stream("own", "10.0.0.1"));
    router.started(stream("from-a", "10.0.0.2", "a:1935"));

    assertThat(destinations()).containsExactly("rtmp://a:1935/live/own", "rtmp://b:1935/live/own");
  }

  @Test
  void aNameThatNoDestinationCanTakeHoldsUpNoOtherStream() {
    Router router = router("rtmp://a/live/{stream}");

    router.started(stream("../up", "10.0.0.1"));
    router.started(stream("two\nlines", "10.0.0.1"));
    router.started(stream("$(reboot) `x` 'y' \"z\"; &", "10.0.0.1"));

    assertThat(destinations()).containsExactly("rtmp://a:1935/live/$(reboot) `x` 'y' \"z\"; &");
  }
}
