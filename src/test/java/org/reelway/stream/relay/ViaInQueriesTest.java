package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.ViaQuery;
import org.reelway.stream.server.servers.MediaMtxAdapter;
import org.reelway.stream.server.servers.SrsAdapter;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.Backoff;

/** Servers whose events show the query of a publisher, in a ring: what one sends is what the next one's event says. */
class ViaInQueriesTest {
  private static final List<String> SERVERS = List.of("a:1935", "b:1935", "c:1935");

  @TempDir Path folder;

  private List<TaskStatus> relaysOf(String self, DestinationUri to, SourceStream stream) {
    Orphans orphans = new Orphans("test");
    Limits limits =
        new Limits(
            9, Duration.ofSeconds(5), Duration.ofMillis(10), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
            Duration.ofSeconds(30));
    // Never begun: nothing runs.
    try (Supervisor supervisor = new Supervisor("relays", orphans, limits, Clock.systemUTC())) {
      Relays relays =
          new Relays(
              supervisor, () -> folder.resolve("none"), folder.resolve("relays"), orphans, limits.stallAfter(),
              Authorities.of(null, folder.resolve("relays")));
      new Router(
              List.of(to), new Group(self, List.of(), List.of(), List.of()), "rtmp://127.0.0.1/{app}/{stream}", relays,
              EmsRelays.none(), new HostNames())
          .started(stream);
      return supervisor.statuses();
    }
  }

  private static SourceStream heard(ServerAdapter adapter, EventRequest request) {
    ServerEvent.StreamStarted event = (ServerEvent.StreamStarted) adapter.read(request).get(0);
    StreamFacts facts = event.stream();
    return SourceStream.of(
        new RegisteredStream(
            StreamId.of(event.told(), facts), facts.session(), "", event.told().time(), "test", Instant.EPOCH, null,
            null, facts.details()));
  }

  /** @return the servers that sent it on, each to the next */
  private List<String> around(String query, BiFunction<String, String, SourceStream> hears) {
    List<String> senders = new ArrayList<>();
    String told = "";
    for (int i = 0; i < 10; i++) {
      String self = SERVERS.get(i % 3);
      DestinationUri next = DestinationUri.parse("rtmp://" + SERVERS.get((i + 1) % 3) + "/live/{stream}" + query);
      SourceStream stream = hears.apply("cam", told);
      if (relaysOf(self, next, stream).isEmpty()) {
        return senders;
      }
      senders.add(self);
      String path =
          DestinationArguments.of(next, stream.name(), stream.via().and(self)).secrets().get(0).value();
      told = path.contains("?") ? path.substring(path.indexOf('?')) : "";
    }
    return senders;
  }

  /** {@code param} begins with the question mark. */
  private static SourceStream srs(String name, String query) {
    String body =
        "{\"action\":\"on_publish\",\"client_id\":\"c\",\"ip\":\"192.0.2.7\",\"vhost\":\"__defaultVhost__\",\"app\":\"live\","
            + "\"stream\":\"" + name + "\",\"param\":\"" + query + "\"}";
    return heard(
        new SrsAdapter(),
        new EventRequest("192.0.2.1", "", body.getBytes(StandardCharsets.UTF_8), Map.of(), Instant.EPOCH));
  }

  /** Its hook sends what it finds in MTX_QUERY, which newer versions escape. */
  private static SourceStream mediaMtx(String name, String query) {
    String variable = query.isEmpty() ? "" : URLEncoder.encode(query.substring(1), StandardCharsets.UTF_8);
    Map<String, String> form = new HashMap<>(Map.of("event", "ready", "path", name, "source", "s"));
    form.putAll(ViaQuery.details(variable));
    return heard(
        new MediaMtxAdapter(), new EventRequest("192.0.2.1", "", new byte[0], form, Instant.EPOCH));
  }

  @Test
  void aRingOfSrsSendsAStreamOnceAround() {
    assertThat(around("?key=secret&reelwayVia={via}", ViaInQueriesTest::srs)).containsExactly("a:1935", "b:1935");
  }

  @Test
  void aRingOfMediaMtxSendsAStreamOnceAround() {
    assertThat(around("?reelwayVia={via}", ViaInQueriesTest::mediaMtx)).containsExactly("a:1935", "b:1935");
  }

  @Test
  void withoutTheQueryItWouldGoRoundForEver() {
    assertThat(around("", ViaInQueriesTest::srs)).hasSize(10);
  }

  @Test
  void nothingElseOfAQueryIsKept() {
    assertThat(ViaQuery.details("?token=secret&reelwayVia=a:1,b:2&x=y")).containsExactly(Map.entry("via", "a:1,b:2"));
    assertThat(ViaQuery.details("pass%3Dsecret%26reelwayVia%3Da%3A1%2Cb%3A2")).containsEntry("via", "a:1,b:2");
    assertThat(ViaQuery.details("?xreelwayVia=a:1")).isEmpty();
    assertThat(ViaQuery.details("?reelwayVia=a%20b%zz")).isEmpty();
    assertThat(ViaQuery.details("?reelwayVia=\"><script>")).isEmpty();
    assertThat(ViaQuery.details("")).isEmpty();
  }
}
