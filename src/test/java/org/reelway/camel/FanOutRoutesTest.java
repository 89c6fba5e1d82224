package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.InvalidPayloadException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reelway.testkit.LogLines;

/** The shipped routes of relays, as they are and as operators edit them, from an event to the relays that are wanted. */
class FanOutRoutesTest extends StreamRoutes {
  private static final Path SHIPPED = Path.of("routes/35-relays.camel.yaml");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "reelway.routing.destinations", "vip=rtmp://a/live/key, rtmp://b/live/{stream}",
          "reelway.routing.members", "rtmp://self/live/{stream}, rtmp://c/live/{stream}",
          "reelway.routing.address", "self:1935",
          "reelway.routing.streams", "cam", "reelway.store.bucket", "a-bucket");

  private RelayFeature relays;

  @BeforeEach
  void open() {
    open(SETTINGS);
    // Never begun: what is wanted is known, and no ffmpeg runs.
    relays = new RelayFeature(state, events, fleet);
  }

  @AfterEach
  void close() {
    relays.endStreams();
  }

  private void run(String routes) throws Exception {
    run(routes, Map.of("fanOut", relays.steps));
  }

  private void started(String name, String via) throws InvalidPayloadException {
    tell("started", name, ",\"details\":{\"flashver\":\"" + via + "\"}");
  }

  private List<String> wanted() {
    return relays.api.list().relays().stream().map(each -> each.stream() + " " + each.destination()).toList();
  }

  private void untilWanted(String... relays) {
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(wanted()).containsExactlyInAnyOrder(relays));
  }

  @Test
  void aStreamGoesEverywhereItIsMeantToGoAndNowhereAnyMoreWhenItEnds() throws Exception {
    started("cam-before", "");
    run(Files.readString(SHIPPED));
    started("cam-1", "");
    started("other", "");
    started("cam-from-b", "Reelway via=b:1935");
    started("cam-back", "Reelway via=b:1935,self:1935");

    untilWanted(
        "cam-before rtmp://a:1935/live/***", "cam-before rtmp://b:1935/live/cam-before", "cam-before rtmp://c:1935/live/cam-before",
        "cam-1 rtmp://a:1935/live/***", "cam-1 rtmp://b:1935/live/cam-1", "cam-1 rtmp://c:1935/live/cam-1",
        "other rtmp://c:1935/live/other", "cam-from-b rtmp://a:1935/live/***");

    for (String name : List.of("cam-before", "cam-1", "other", "cam-from-b", "cam-back")) {
      tell("ended", name, "");
    }
    await().until(() -> events.registry.live().isEmpty());
    relays.begin();
    untilWanted();
  }

  @Test
  void anOperatorsFilterForOneDestinationIsAnEditOfThisFile() throws Exception {
    String shipped = Files.readString(SHIPPED);
    String edited =
        shipped.replaceFirst(
            "(?s)- to:\\s+id: relay\\s+uri: kamelet:relay\n",
            "- filter:\n" + " ".repeat(44) + "expression: {simple: {expression: \"\\${body} != 'vip' || \\${header.StreamName} startsWith 'cam-vip'\"}}\n"
                + " ".repeat(44) + "steps: [{to: {id: relay, uri: kamelet:relay}}]\n");
    assertThat(edited).isNotEqualTo(shipped);
    run(edited.substring(0, edited.indexOf("- route:\n    id: stream-to-group")));

    started("cam-1", "");
    started("cam-vip", "");

    untilWanted("cam-1 rtmp://b:1935/live/cam-1", "cam-vip rtmp://a:1935/live/***", "cam-vip rtmp://b:1935/live/cam-vip");
  }

  @Test
  void aGroupMayHaveEachStreamOnOneMemberAlwaysTheSameOfItsName() throws Exception {
    String shipped = Files.readString(SHIPPED);
    String edited =
        shipped.substring(shipped.indexOf("- route:\n    id: stream-to-group"))
            .replace("members(*, 'all')", "choose(*, 'one', 'b, vip,self,c')");
    assertThat(edited).contains("choose");
    run(edited);

    for (int i = 0; i < 40; i++) {
      started("room-" + i, "");
    }
    started("from-b", "Reelway via=b:1935");

    await().atMost(Duration.ofSeconds(10)).until(() -> events.registry.live().size() == 41 && wanted().size() == 40);
    List<String> first = wanted();
    assertThat(first).allMatch(relay -> relay.startsWith("room-"))
        .extracting(relay -> relay.replaceFirst(".*rtmp://(.):1935.*", "$1")).containsOnly("a", "b", "c");
    // A stream of the name that begins again goes where it went.
    tell("ended", "room-1", "");
    await().until(() -> events.registry.live().size() == 40);
    started("room-1", "");
    await().until(() -> events.registry.live().size() == 41);
    assertThat(wanted()).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void aSecondRuleNamesItsDestination() throws Exception {
    run("""
        - route:
            id: vip-only
            from:
              uri: kamelet:stream-events
              steps:
                - to: {uri: kamelet:relay, parameters: {destination: vip}}
        """);

    started("cam-1", "");

    untilWanted("cam-1 rtmp://a:1935/live/***");
  }

  @Test
  void aNameThatNoDestinationHasIsALineInTheLogAndHoldsUpNothing() throws Exception {
    try (LogLines log = new LogLines("org")) {
      run("""
          - route:
              id: some-are-not-there
              from:
                uri: kamelet:stream-events
                steps:
                  - split:
                      expression: {constant: {expression: "nowhere,vip"}}
                      steps:
                        - filter:
                            expression: {method: {ref: fanOut, method: mayGoTo}}
                            steps: [{to: {uri: kamelet:relay}}]
                  - to: {uri: kamelet:relay, parameters: {destination: nobody}}
                  - to: {uri: kamelet:relay, parameters: {destination: b}}
          """);

      started("cam-nobody", "");

      untilWanted("cam-nobody rtmp://a:1935/live/***", "cam-nobody rtmp://b:1935/live/cam-nobody");
      assertThat(log.all()).filteredOn(line -> !line.startsWith("INFO")).containsExactly(
          "WARN stream cam-nobody is not sent on: no destination is named \"nowhere\"; there are vip, b, self, c (reelway.routing.destinations)",
          "WARN stream cam-nobody is not sent on: no destination is named \"nobody\"; there are vip, b, self, c (reelway.routing.destinations)");
    }
  }
}
