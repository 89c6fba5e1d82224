package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.ServerAway;
import org.reelway.testkit.ems.EmsNet;
import org.reelway.testkit.ems.EmsStandIn;

/** Over HTTP, with a server that refuses what is not said exactly. */
class EmsCliTest {
  private final EmsNet net = new EmsNet();
  private EmsStandIn server;
  private EmsCli cli;

  @BeforeEach
  void start() {
    server = EmsStandIn.start(net, "a:1935", "192.0.2.1").wants("me", "p@ss:w/rd");
    cli = new EmsCli(new ServerApi(ServerApi.Kind.EMS, "a", server.api(), "me:p@ss:w/rd"));
  }

  @AfterEach
  void stop() {
    server.close();
    net.close();
  }

  @Test
  void aCommandIsSaidAndItsVariablesComeBack() {
    Map<String, String> parameters = new LinkedHashMap<>();
    // Of these the base64 has + and /, which must be escaped.
    parameters.put("uri", "rtmp://b/live?x=y&z=~~~>>>");
    parameters.put("localStreamName", "käm-??>");
    parameters.put("_mark", "1=2");

    EventJson answer = cli.call("pushStream", parameters);

    assertThat(answer.object("data").text("_mark")).isEqualTo("1=2");
    assertThat(answer.object("data").text("localStreamName")).isEqualTo("käm-??>");
    assertThat(server.taken()).containsExactly("pushStream " + parameters);
    assertThat(cli.call("listStreams").objects("data")).isEmpty();
  }

  @Test
  void aRefusalIsSaidWithoutTheDestination() {
    server.refuse("pushStream", "cannot push to rtmp://b/live/topsecret");

    assertThatThrownBy(() -> cli.call("pushStream", Map.of("uri", "rtmp://b/live/topsecret")))
        .isInstanceOf(DestinationFailure.class).hasMessage("pushStream of EMS says FAIL: cannot push to ***");
    assertThatThrownBy(() -> cli.call("shutdownStream", Map.of("id", "7")))
        .isInstanceOf(DestinationFailure.class).hasMessage("shutdownStream of EMS says FAIL: Stream not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\tb", "a\nb", "a\u0000b", "a\"b", "a'b", "a\\b", "a`b", "a\u00a0b", "a\u2028b"})
  void whatWouldBreakTheFormIsNotSaid(String value) {
    assertThatThrownBy(() -> cli.call("pushStream", Map.of("uri", "rtmp://b/topsecret" + (value.isEmpty() ? "" : value),
            "localStreamName", value)))
        .isInstanceOf(InputFailure.class).hasMessageContaining("cannot be said to EMS").hasMessageNotContaining("topsecret");
    assertThat(server.taken()).isEmpty();
    assertThat(server.refused()).isEmpty();
  }

  @Test
  void withoutItsPasswordAServerIsNotAskedTwice() {
    EmsCli stranger = new EmsCli(new ServerApi(ServerApi.Kind.EMS, "a", server.api(), "me:wrong"));

    assertThatThrownBy(() -> stranger.call("pushStream", Map.of("uri", "rtmp://b/topsecret")))
        .isInstanceOf(DestinationFailure.class).hasMessageContaining("answers with status 401")
        .hasMessageNotContaining("wrong").hasMessageNotContaining("params");
  }

  @Test
  void aServerThatIsAwayIsKnownFromOneThatIsSlow() {
    server.away();
    assertThatThrownBy(() -> cli.call("pushStream", Map.of("uri", "rtmp://b/topsecret")))
        .isInstanceOf(ServerAway.class).hasMessageContaining("nothing listens at " + server.api() + "/pushStream (");

    server.back();
    server.slow(Duration.ofSeconds(7));
    assertThatThrownBy(() -> cli.call("listStreams"))
        .isInstanceOf(DestinationFailure.class).isNotInstanceOf(ServerAway.class).hasMessageContaining("cannot be asked");
  }
}
