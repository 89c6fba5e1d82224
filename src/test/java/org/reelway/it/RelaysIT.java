package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;

/** The whole program beside real media servers: what is published on one arrives at the others. */
class RelaysIT {
  /** No shell ever sees it. */
  private static final String NAME = "cam 1; $(touch pwned) `id` 'x'";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void assumeMediaServer() {
    NginxRtmp.assumeInstalled();
    assertThat(LiveEncoder.PROGRAMS.ffmpeg()).exists();
  }

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

  private ChildReelway.CommandLine reelway(String name, NginxRtmp beside, String destinations) throws IOException {
    return reelway(name, beside).set("reelway.routing.destinations", destinations);
  }

  private ChildReelway.CommandLine reelway(String name, NginxRtmp beside) throws IOException {
    Path own = folder.resolve(name);
    Files.createDirectories(own.resolve("state"));
    Files.createDirectories(own.resolve("recordings"));
    // Unpacked already: 90 MB for each child would be the longest part of the test.
    Files.createSymbolicLink(own.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    return ChildReelway.sidecar(own, URI.create("http://127.0.0.1:9"))
        .set("reelway.store.check-bucket", "false")
        .set("reelway.routing.source", "rtmp://" + beside.address() + "/{app}/{stream}")
        .set("reelway.routing.address", beside.longAddress())
        .set("reelway.relay.retry-max", "1s")
        .set("reelway.relay.stall-after", "5s");
  }

  private static String[] told(ChildReelway child) {
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    return new String[] {"on_publish " + hook + ";", "on_publish_done " + hook + ";"};
  }

  private static List<JsonNode> relays(ChildReelway child) {
    return StreamSupport.stream(child.http().get("/relays").json().path("relays").spliterator(), false).toList();
  }

  @Test
  void aRingOfThreeSendsEachStreamOnceAroundAndNotBack() throws Exception {
    List<NginxRtmp> servers = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      servers.add(opened(NginxRtmp.at(folder.resolve("nginx-" + name))));
    }
    List<ChildReelway> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      NginxRtmp next = servers.get((i + 1) % 3);
      children.add(
          opened(reelway("r" + i, servers.get(i), "rtmp://" + next.longAddress() + "/live/{stream}").startReady()));
      servers.get(i).start(told(children.get(i)));
    }

    RtmpPublisher publisher = opened(RtmpPublisher.publish(folder, servers.get(0), NAME));

    ChildReelway first = children.get(0);
    first.await("all have it", () -> servers.stream().allMatch(each -> each.published().containsKey(NAME)));
    long there = servers.get(2).published().get(NAME);
    first.await("it goes on", () -> servers.get(2).published().get(NAME) > there + 50_000);
    assertThat(children.stream().map(child -> relays(child).size())).as("relays").containsExactly(1, 1, 0);
    assertThat(children.get(2).err()).contains("stream " + NAME + " is not sent to rtmp://" + servers.get(0).longAddress());

    publisher.end();
    first.await("all have ended", () -> servers.stream().allMatch(each -> each.published().isEmpty()));
    first.await("no relay is left", () -> children.stream().allMatch(child -> relays(child).isEmpty()));
  }

  @Test
  void eachMemberOfAGroupHasTheStreamsOfAllAlsoAfterOneWasAway() throws Exception {
    List<NginxRtmp> servers = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      servers.add(opened(NginxRtmp.at(folder.resolve("nginx-" + name))));
    }
    String members =
        servers.stream().map(each -> "rtmp://" + each.longAddress() + "/live/{stream}").collect(java.util.stream.Collectors.joining(","));
    List<ChildReelway> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(opened(reelway("r" + i, servers.get(i)).set("reelway.routing.members", members).startReady()));
      servers.get(i).start(told(children.get(i)));
    }

    opened(RtmpPublisher.publish(folder, servers.get(0), "one"));
    opened(RtmpPublisher.publish(folder, servers.get(1), "two"));

    ChildReelway any = children.get(0);
    any.await("all have both", () ->
        servers.stream().allMatch(each -> each.published().keySet().containsAll(List.of("one", "two"))));
    assertThat(children.stream().map(child -> relays(child).size())).as("relays").containsExactly(2, 2, 0);

    servers.get(2).kill();
    any.await("it is noticed", () -> relays(any).stream().anyMatch(each -> each.path("runs").asInt() > 2));
    servers.get(2).startAgain();
    any.await("it has both again", () ->
        servers.get(2).published().keySet().containsAll(List.of("one", "two")));
    assertThat(servers.get(0).published()).containsOnlyKeys("one", "two");
  }

  @Test
  void aReelwayThatIsKilledEndsItsOrphansAndSendsTheStreamAgain() throws Exception {
    NginxRtmp origin = opened(NginxRtmp.at(folder.resolve("origin")));
    NginxRtmp destination = opened(NginxRtmp.start(folder.resolve("destination")));
    ChildReelway.CommandLine line = reelway("r", origin, destination.rtmp("{stream}?token=topsecret"));
    ChildReelway child = opened(line.startReady());
    URI hooks = child.http().server();
    origin.start(told(child));
    opened(RtmpPublisher.publish(folder, origin.rtmp("cam")));
    child.await("the stream arrives", () -> destination.published().containsKey("cam"));
    child.await("it is said to run", () -> relays(child).get(0).path("state").asText().equals("running"));
    List<ProcessHandle> orphans = ffmpegs(child);
    assertThat(orphans).hasSize(1);

    child.kill();
    ChildReelway again = opened(line.set("reelway.http.port", hooks.getPort()).startReady());

    again.await("the orphan is gone", () -> !orphans.get(0).isAlive());
    again.await("a relay of its own runs", () ->
        !relays(again).isEmpty() && relays(again).get(0).path("state").asText().equals("running"));
    assertThat(destination.published()).containsKey("cam");
    String id = relays(again).get(0).path("id").asText();
    assertThat(again.http().post("/relays/" + id + "/restart", "text/plain", "").status()).isEqualTo(202);
    again.await("it was begun anew", () -> relays(again).get(0).path("runs").asInt() >= 2);
    assertThat(again.http().get("/relays").body() + again.err() + again.management().get("/observe/metrics").body())
        .contains("reelway_relay_bytes_total").doesNotContain("topsecret");
  }

  private static List<ProcessHandle> ffmpegs(ChildReelway child) {
    return ProcessHandle.of(child.pid()).map(ProcessHandle::descendants).orElse(Stream.empty())
        .filter(each -> each.info().command().orElse("").endsWith("ffmpeg"))
        .toList();
  }
}
