package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.settings.GroupMember;
import org.reelway.settings.RoutingSettings.RoutedBy;
import org.reelway.settings.ServerApi;
import org.reelway.testkit.ems.EmsNet;
import org.reelway.testkit.ems.EmsStandIn;

/** A group of EvoStream servers, stand-ins, each beside a Reelway that tells the others to pull. */
@Execution(ExecutionMode.CONCURRENT)
class EmsGroupTest {
  private static final String SOURCE = "rtmp://127.0.0.1:1935/{app}/{stream}";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EmsNet net = opened(new EmsNet());
  private final Map<String, EmsStandIn> servers = new LinkedHashMap<>();
  private final Map<String, EmsSide> sides = new LinkedHashMap<>();

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

  private void group(String... names) {
    for (String name : names) {
      servers.put(name, opened(EmsStandIn.start(net, name + ":1935", EmsSide.NAMES.get(name))));
    }
    for (String name : names) {
      sides.put(name, opened(side(name)));
      server(name).tell(sides.get(name).sink());
    }
  }

  /** The same list is given to each. */
  private EmsSide side(String name) {
    List<GroupMember> members = servers.values().stream().map(each -> new GroupMember(null, api("m", each))).toList();
    Group group = Group.of(members, name + ":1935", List.of(api(name, server(name))), RoutedBy.SERVER);
    return new EmsSide(folder.resolve(name + open.size()), name, "instance-" + name, group, SOURCE, List.of());
  }

  private static ServerApi api(String name, EmsStandIn server) {
    return new ServerApi(ServerApi.Kind.EMS, name, server.api());
  }

  private EmsStandIn server(String name) {
    return servers.get(name);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private boolean allHave(String... names) {
    return servers.values().stream().allMatch(each -> each.inbound().equals(List.of(names)));
  }

  private long pulls() {
    return servers.values().stream().mapToLong(each -> each.count("pullStream")).sum();
  }

  private boolean allRun() {
    return sides.values().stream().flatMap(each -> each.relays().stream()).allMatch(each -> each.state().equals("running"));
  }

  @Test
  void eachStreamIsOnAllMembersOnceAndGoneFromAllWhenItEnds() {
    group("a", "b", "c");

    server("a").publish("one", "192.0.2.50");
    server("b").publish("two", "192.0.2.51");
    until(() -> allHave("one", "two") && allRun() && sides.get("a").relays().size() == 2);

    assertThat(pulls()).isEqualTo(4);
    assertThat(sides.get("c").relays()).as("c has nothing of its own").isEmpty();
    assertThat(sides.get("a").relays()).allMatch(each -> each.by().equals("ems") && each.stream().equals("one"));
    assertThat(sides.get("a").relays()).extracting(each -> each.target())
        .containsExactlyInAnyOrder("ems+" + server("b").api(), "ems+" + server("c").api());
    assertThat(server("c").taken()).filteredOn(each -> each.startsWith("pullStream"))
        .anyMatch(each -> each.contains("uri=rtmp://a:1935/evostreamms/one") && each.contains("keepAlive=0"));
    assertThat(sides.get("c").registry.live()).as("what is pulled tells where it has been")
        .anyMatch(each -> StreamTrail.id("a:1935").equals(each.details().get("_via")));

    server("a").unpublish("one");
    until(() -> allHave("two") && sides.get("a").relays().isEmpty());
    server("b").unpublish("two");
    until(() -> allHave() && sides.get("b").relays().isEmpty());
    assertThat(servers.values()).allMatch(each -> each.outbound().isEmpty() && each.refused().isEmpty());
    sides.values().forEach(EmsSide::tidy);
    until(() -> servers.values().stream().allMatch(each -> each.configs().isEmpty()));
    assertThat(pulls()).as("nothing was pulled back").isEqualTo(4);
  }

  @Test
  void aPublisherOnTheHostOfItsServerIsPulledFromTheServersAddress() {
    group("a", "b");

    server("a").publish("local", "127.0.0.1");
    until(() -> allHave("local") && allRun());

    assertThat(server("b").taken()).filteredOn(each -> each.startsWith("pullStream"))
        .singleElement().asString().contains("uri=rtmp://a:1935/").doesNotContain("127.0.0.1");
  }

  @Test
  void aMemberThatRestartsIsToldAgainAndOneThatLeavesHoldsUpNobody() {
    group("a", "b", "c");
    server("a").publish("cam", "192.0.2.50");
    until(() -> allHave("cam") && allRun());

    server("b").restart();
    until(() -> server("b").inbound().isEmpty() || server("b").count("pullStream") > 1);
    until(() -> allHave("cam") && allRun());
    assertThat(server("b").count("pullStream")).isEqualTo(2);

    server("b").kill();
    until(() -> sides.get("a").relays().stream().anyMatch(each -> each.trouble().contains("nothing listens at")));
    server("a").publish("later", "192.0.2.50");
    until(() -> server("c").inbound().equals(List.of("cam", "later")));

    server("b").startAgain();
    until(() -> allHave("cam", "later") && allRun());
    assertThat(server("c").count("pullStream")).as("c was left alone").isEqualTo(2);
  }

  @Test
  void aMemberThatDoesNotAnswerHoldsUpNoOther() {
    group("a", "b", "c");
    server("b").slow(Duration.ofSeconds(60));

    Stream.of("one", "three", "two").forEach(name -> server("a").publish(name, "192.0.2.50"));

    until(() -> server("c").inbound().equals(List.of("one", "three", "two")));
    assertThat(server("b").inbound()).isEmpty();
  }

  @Test
  void aMemberThatHasAStreamOfThatNameKeepsItsOwn() {
    group("a", "b");
    server("b").tell(null).publish("cam", "192.0.2.51");

    server("a").publish("cam", "192.0.2.50");
    until(() -> sides.get("a").relays().size() == 1 && sides.get("a").relay("cam").trouble().contains("already in use"));
    assertThat(server("b").userAgents()).containsEntry("cam", "FMLE/3.0");
    server("b").unpublish("cam");

    until(() -> allHave("cam") && allRun());
  }

  @Test
  void aNameThatIsNoPartOfAUrlIsPulledByNobody() {
    group("a", "b");

    server("a").publish("cam 1", "192.0.2.50");
    server("a").publish("a?b=c", "192.0.2.50");
    server("a").publish("cam", "192.0.2.50");

    until(() -> server("b").inbound().contains("cam") && allRun());
    assertThat(sides.get("a").relays()).hasSize(1);
    assertThat(server("b").refused()).isEmpty();
  }

  @Test
  void aReelwayThatStopsHasItsPullsEndedAndNobodyElses() {
    group("a", "b");
    server("a").publish("cam", "192.0.2.50");
    server("a").publish("other", "192.0.2.50");
    until(() -> server("b").inbound().size() == 2 && allRun());
    server("b").command("pullStream", Map.of("uri", "rtmp://a/live/other", "localStreamName", "operators-own"));
    until(() -> server("b").inbound().size() == 3);

    sides.get("a").close();

    assertThat(server("b").inbound()).containsExactly("operators-own");
    assertThat(server("b").configs()).containsExactly("pull operators-own");
  }
}
