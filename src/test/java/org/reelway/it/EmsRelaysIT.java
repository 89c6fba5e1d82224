package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ems.EmsNet;
import org.reelway.testkit.ems.EmsStandIn;

/** The whole program beside stand-ins of EvoStream servers. */
class EmsRelaysIT {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EmsNet net = opened(new EmsNet());
  private final EmsStandIn a = server("a", "192.0.2.1");
  private final EmsStandIn b = server("b", "192.0.2.2");
  private final EmsStandIn c = server("c", "192.0.2.3");

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

  private EmsStandIn server(String name, String ip) {
    return opened(EmsStandIn.start(net, name + ":1935", ip)).wants("me", "top/secret");
  }

  private static String withLogin(EmsStandIn server) {
    return server.api().toString().replace("://", "://me:top%2Fsecret@");
  }

  private ChildReelway.CommandLine reelway() throws Exception {
    Path own = folder.resolve("r");
    Files.createDirectories(own.resolve("state"));
    Files.createDirectories(own.resolve("recordings"));
    Files.createSymbolicLink(own.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    return ChildReelway.sidecar(own, URI.create("http://127.0.0.1:9"))
        .set("reelway.store.check-bucket", "false")
        .set("reelway.servers.api", "a=ems:" + withLogin(a))
        .set("reelway.servers.ask-every", "1s")
        .set("reelway.routing.destinations", "rtmp://b/live/{stream}?key=top-secret-key")
        .set("reelway.routing.address", "a:1935")
        .set("reelway.routing.members", "ems+" + withLogin(a) + ",ems+" + withLogin(c))
        .set("reelway.relay.retry-max", "500ms");
  }

  /** State and who does it, by stream and destination. */
  private static Map<String, String> relays(ChildReelway child) {
    Map<String, String> all = new TreeMap<>();
    for (JsonNode each : child.http().get("/relays").json().path("relays")) {
      all.put(
          each.path("stream").asText() + " to " + each.path("destination").asText(),
          each.path("by").asText() + (each.path("by").asText().equals("ems") ? " " + each.path("state").asText() : ""));
    }
    return all;
  }

  @Test
  void pushesAndPullsGoOnWhenReelwayIsKilledAndWhatNobodyWantsIsEndedByTheNext() throws Exception {
    ChildReelway.CommandLine line = reelway();
    ChildReelway child = opened(line.startReady());
    URI http = child.http().server();
    a.tell(http.resolve("/evowebservices?server=a"));
    a.publish("cam", "127.0.0.1");
    a.publish("cam2", "127.0.0.1");
    String recorded =
        new String(getClass().getResourceAsStream("/events/ems/inStreamCreated.json").readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.http().post("/evowebservices?server=unknown", "application/json", recorded).status()).isEqualTo(200);

    String pulling = "ems+" + c.api();
    Map<String, String> wanted = new TreeMap<>();
    for (String name : List.of("cam", "cam2")) {
      wanted.put(name + " to rtmp://b:1935/live/" + name + "?***", "ems running");
      wanted.put(name + " to " + pulling, "ems running");
    }
    Map<String, String> all = new TreeMap<>(wanted);
    all.put("forwardthese cam 1 to rtmp://b:1935/live/forwardthese cam 1?***", "ffmpeg");
    child.await("servers and an ffmpeg do it", () -> relays(child).equals(all));
    assertThat(c.inbound()).containsExactly("cam", "cam2");
    assertThat(b.inbound()).containsExactly("cam2?key=top-secret-key", "cam?key=top-secret-key");
    a.command("pushStream", Map.of("uri", "rtmp://b/live", "localStreamName", "cam2", "targetStreamName", "others"));

    child.kill();
    ChildReelway again =
        opened(
            line.set("reelway.http.port", http.getPort()).set("reelway.routing.streams", "regex:cam")
                .startReady());
    wanted.remove("cam2 to rtmp://b:1935/live/cam2?***");
    again.await("what goes on is taken over", () -> relays(again).entrySet().containsAll(wanted.entrySet()));
    again.await("what nobody wants is ended", () -> b.inbound().equals(List.of("cam?key=top-secret-key", "others")));
    assertThat(a.taken()).filteredOn(each -> each.startsWith("pushStream")).as(() -> child.err() + again.err()).hasSize(2);
    assertThat(c.count("pullStream")).isEqualTo(2);

    a.unpublish("cam");
    again.await("it has ended everywhere", () -> b.inbound().equals(List.of("others")) && c.inbound().equals(List.of("cam2")));
    assertThat(
            again.http().get("/relays").body() + again.http().get("/streams/registry").body() + child.err() + again.err()
                + again.management().get("/observe/metrics").body() + again.management().get("/observe/health").body())
        .contains("reelway_relays{destination=\"" + pulling).doesNotContain("secret");
  }
}
