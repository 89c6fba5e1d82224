package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** Media servers tell of their streams and recordings: a real nginx-rtmp, and what others post. */
class EventsIT {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static List<JsonNode> streams(ChildReelway child, String state) {
    List<JsonNode> all = new ArrayList<>();
    child.http().get("/streams/registry?state=" + state).json().path("streams").forEach(all::add);
    return all;
  }

  private static List<String> names(ChildReelway child, String state) {
    return streams(child, state).stream().map(stream -> stream.path("name").asText()).sorted().toList();
  }

  private String recorded(String name) throws Exception {
    try (var in = EventsIT.class.getResourceAsStream("/events/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @Test
  void streamsAndRecordingsOfARealServerAreKnown() throws Exception {
    NginxRtmp.assumeInstalled();
    Path recordings = Files.createDirectories(folder.resolve("recordings"));
    // Where no folder can be made, as in a container with a read-only root.
    try (ChildReelway first = ChildReelway.sidecar(folder, store.endpoint()).in(Path.of("/proc")).startReady()) {
      String hook = first.http().server().resolve("/hooks/nginx-rtmp?server=edge1").toString();
      try (NginxRtmp nginx =
          NginxRtmp.start(
              folder.resolve("nginx"), "notify_update_timeout 1s;", "on_publish " + hook + ";",
              "on_publish_done " + hook + ";", "on_update " + hook + ";", "on_record_done " + hook + ";", "record all;",
              "record_path " + recordings + ";", "record_unique on;")) {
        try (RtmpPublisher publisher = RtmpPublisher.publish(folder, nginx.rtmp("cam1"))) {
          first.await("the stream is on", () -> names(first, "live").equals(List.of("cam1")));
          JsonNode stream = streams(first, "live").get(0);
          assertThat(stream.path("source").asText()).isEqualTo("nginx-rtmp");
          assertThat(stream.path("server").asText()).isEqualTo("edge1");
          assertThat(stream.path("app").asText()).isEqualTo("live");
          assertThat(stream.path("publisher").asText()).isEqualTo("127.0.0.1");
          assertThat(stream.path("sinceFrom").asText()).isEqualTo("received");
          String seen = stream.path("lastSeen").asText();
          first.await("on_update tells that it is on",
              () -> !streams(first, "live").get(0).path("lastSeen").asText().equals(seen));
          assertThat(publisher.isAlive()).isTrue();
        }
        first.await("the stream has ended", () -> names(first, "ended").equals(List.of("cam1")));
        first.await("its recording is in the store", () -> store.keys().stream().anyMatch(key -> key.startsWith("cam1")));
        assertThat(first.management().get("/observe/metrics").body())
            .contains("reelway_server_events_total{outcome=\"taken\",source=\"nginx-rtmp\",type=\"recording-finished\"} 1.0");
      }
    }
  }

  @Test
  void whatNoHookToldIsFoundByAskingAndADeadServerHasNoStreams() throws Exception {
    try (NginxRtmp nginx = NginxRtmp.start(folder.resolve("nginx"));
        RtmpPublisher publisher = RtmpPublisher.publish(folder, nginx.rtmp("cam2"));
        ChildReelway child =
            ChildReelway.sidecar(folder, store.endpoint())
                .set("reelway.servers.api", "edge1=nginx-rtmp:" + nginx.http().resolve("/stat"))
                .set("reelway.servers.ask-every", "1s")
                .startReady()) {
      child.await("what began before is found", () -> names(child, "live").equals(List.of("cam2")));
      assertThat(publisher.isAlive()).isTrue();
      assertThat(streams(child, "live").get(0).path("foundBy").asText()).isEqualTo("api");
      nginx.kill();
      child.await("a dead server has no streams", () -> names(child, "live").isEmpty());
      child.await("health says so", () -> child.management().get("/observe/health").body().contains("nothing listens"));
    }
  }

  @Test
  void whatWasAnsweredIsActedOnAlsoAfterAKill() throws Exception {
    List<String> answered = new CopyOnWriteArrayList<>();
    ChildReelway.CommandLine sidecar = ChildReelway.sidecar(folder, store.endpoint());
    Path recording = new Recordings(folder.resolve("recordings")).random("a.mp4", 1000, 1);
    try (ChildReelway child = sidecar.startReady()) {
      List<Thread> senders = new ArrayList<>();
      for (int sender = 0; sender < 8; sender++) {
        int number = sender;
        senders.add(
            new Thread(
                () -> {
                  try {
                    for (int i = 0; i < 1000; i++) {
                      String name = "s" + number + "-" + i;
                      Answer answer =
                          child.http().post(
                              "/hooks/srs", JSON,
                              "{\"action\":\"on_publish\",\"client_id\":\"c\",\"app\":\"live\",\"stream\":\"" + name + "\"}");
                      if (answer.status() == 200) {
                        answered.add(name);
                      }
                    }
                  } catch (java.io.UncheckedIOException killed) {
                    // Nobody answers any more.
                  }
                }));
      }
      senders.forEach(Thread::start);
      child.await("some are answered", () -> answered.size() > 300);
      child.http().post("/hooks/mediamtx", FORM, "event=segment-complete&path=cam&file=" + recording);
      child.kill();
      for (Thread sender : senders) {
        sender.join(20_000);
      }
    }
    try (ChildReelway child = sidecar.startReady()) {
      child.await("nothing waits", () -> child.http().get("/streams/registry").json().path("eventsWaiting").asInt() == 0);
      assertThat(names(child, "live")).containsAll(answered);
      child.await("the recording is sent", () -> store.has("a.mp4"));
    }
  }

  @Test
  void whatAStepHadNotFinishedWhenItWasKilledIsDoneAfterTheNextStart() throws Exception {
    String publish = "{\"action\":\"on_publish\",\"client_id\":\"c\",\"app\":\"live\",\"stream\":\"a\"}";
    try (ChildReelway child = withStep("- delay:\n            id: wait\n            expression:\n              constant:"
        + "\n                expression: \"600000\"\n        ").startReady()) {
      assertThat(child.http().post("/hooks/srs", JSON, publish).status()).isEqualTo(200);
      child.await("the step is at it", () -> names(child, "live").equals(List.of("a")));
      child.kill();
      assertThat(child.err()).doesNotContain("told of a");
    }
    try (ChildReelway child = withStep("").startReady()) {
      child.awaitLog("told of a");
      child.await("nothing waits", () -> child.http().get("/streams/registry").json().path("eventsWaiting").asInt() == 0);
    }
  }

  /** The shipped routes, with steps of an operator's at the end of stream-events. */
  private ChildReelway.CommandLine withStep(String before) throws Exception {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (var shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        String text = Files.readString(file);
        String step = "        " + before + "- log:\n            id: say\n            message: \"told of ${header.StreamName}\"\n";
        Files.writeString(
            routes.resolve(file.getFileName()), file.getFileName().toString().equals("15-events.camel.yaml") ? text + step : text);
      }
    }
    return ChildReelway.sidecar(folder, store.endpoint()).set("reelway.routes.folder", routes);
  }

  @Test
  void eachServerGetsTheAnswerThatItWantsAndMediaMtxTellsByACommandToo() throws Exception {
    try (ChildReelway child = ChildReelway.sidecar(folder, store.endpoint()).startReady()) {
      String status = recorded("wcs/StreamStatusEvent.json");
      for (String path : List.of("/StreamStatusEvent", "/wcs/StreamStatusEvent", "/wcs/connect")) {
        String own = status.replace("b4e7", path);
        Answer answer = child.http().post(path, JSON, own);
        assertThat(answer.status() + answer.body()).as(path).isEqualTo("200" + own);
      }
      Answer nginx =
          child.http().post("/hooks/nginx-rtmp?server=edge1", FORM, recorded("nginx-rtmp/publish.form") + "&server=x");
      assertThat(nginx.status() + nginx.body()).isEqualTo("200");
      assertThat(child.http().post("/hooks/mediamtx", FORM, recorded("mediamtx/ready.form")).status()).isEqualTo(200);
      assertThat(child.http().post("/evowebservices", JSON, recorded("ems/inStreamCreated.json")).status()).isEqualTo(200);
      Path recording = new Recordings(folder.resolve("recordings")).random("live/cam/1796016292028.flv", 1000, 1);
      for (String action : List.of("prePublish", "postPublish", "postRecord", "postPublish-refused", "donePlay", "doneRecord")) {
        String post = recorded("node-media-server/" + action + ".json")
            .replace("/var/lib/media/recordings/live/cam/1796016292028.flv", recording.toString()).replace("\"cam\"", "\"node cam\"");
        Answer answer =
            child.http().post("/hooks/node-media-server", "text/plain;charset=UTF-8", post, "sec-fetch-mode", "cors", "accept-language", "*");
        assertThat(answer.status()).as(action).isEqualTo(200);
      }
      child.await("its recording is sent", () -> store.has("live/cam/1796016292028.flv"));
      child.await("all are known",
          () ->
              names(child, "live")
                  .equals(
                      List.of(
                          "/StreamStatusEvent", "/wcs/StreamStatusEvent", "cam 1", "forwardthese cam 1", "live/cam 1", "node cam")));
      assertThat(streams(child, "live")).anyMatch(stream -> stream.path("server").asText().equals("edge1"));
      assertThat(child.http().get("/streams/registry").body()).doesNotContain("secret", "ice-pwd");
      assertThat(child.http().post("/StreamEvent", JSON, "{\"type\":\"stoppedRecording\"}").error())
          .contains("\"payload\" is missing, or no object");
      assertThat(child.http().post("/hooks/nginx-rtmp", FORM, "call=record_done&name=a&path=/etc/passwd").error())
          .contains("/etc/passwd is in none of the recording folders");
      assertThat(child.http().get("/streams/registry?state=x").error()).contains("allowed: live, ended");
      assertMediaMtxTellsByACommandToo(child);
      assertThat(child.err()).doesNotContain("ERROR", "Exception");
    }
  }

  private void assertMediaMtxTellsByACommandToo(ChildReelway child) {
    Path file = new Recordings(folder.resolve("recordings")).random("live/cam 1/x.mp4", 1000, 1);
    int port = child.http().server().getPort();
    assertThat(hook(port, file, "ready")).isEqualTo(new Finished(0, "", ""));
    child.await("the stream is on", () -> names(child, "live").contains("live/$(x) cam"));
    assertThat(hook(port, file, "segment-complete").code()).isZero();
    child.await("the segment is sent", () -> store.has("live/cam 1/x.mp4"));
    assertThat(hook(port, file, "not-ready").code()).isZero();
    child.await("the stream has ended", () -> names(child, "ended").equals(List.of("live/$(x) cam")));
    assertThat(hook(port, file, "started").err()).contains("allowed: ready, not-ready, segment-complete");
    assertThat(hook(1, file, "ready").err()).contains("does the sidecar run?");
  }

  private Finished hook(int port, Path file, String event) {
    return ChildReelway.command(folder, "hook", "mediamtx", event)
        .set("reelway.recordings.folder", folder.resolve("recordings"))
        .set("reelway.state.folder", folder.resolve("state"))
        .set("reelway.http.port", port)
        .environment("MTX_PATH", "live/$(x) cam")
        .environment("MTX_SOURCE_ID", "8d5a5f2e")
        .environment("MTX_SOURCE_TYPE", "rtmpConn")
        .environment("MTX_SEGMENT_PATH", file.toString())
        .finish();
  }

  /** As EvoStream's sink of type file writes them. @param id 0 for an older one, without id */
  private static String ems(int id, String type, String name, int run) {
    String envelope = id == 0 ? "" : "\"id\":" + id + ",\"processId\":77,\"timestamp\":1790000000,";
    return "{" + envelope + "\"type\":\"" + type + "\",\"payload\":{\"uniqueId\":" + run + ",\"type\":\"INR\",\"name\":\"" + name
        + "\",\"appName\":\"live\"}}\n";
  }

  private static void append(Path file, String text) throws Exception {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Of events that were stored for the first time. */
  private static int taken(ChildReelway child) {
    return child.management().get("/observe/metrics").body().lines()
        .filter(line -> line.matches("reelway_server_events_total\\{outcome=\"taken\",source=\"ems\".*stream-started.*"))
        .mapToInt(line -> (int) Double.parseDouble(line.replaceFirst(".* ", ""))).sum();
  }

  @Test
  void evoStreamsEventLogIsReadWhileItGrowsAndIsRotatedAndAfterKills() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Path file = logs.resolve("events.20261130.json");
    append(file, ems(1, "inStreamCreated", "of-yesterday", 1));
    ChildReelway.CommandLine line =
        ChildReelway.sidecar(folder, store.endpoint()).set("reelway.servers.event-log", logs).set("reelway.recordings.settle-time", "0s");
    String half = ems(3, "inStreamCreated", "cam2", 12);
    try (ChildReelway first = line.startReady()) {
      append(file, ems(2, "inStreamCreated", "cam1", 11) + "no event\n" + half.substring(0, 40));
      first.await("what is whole is known", () -> names(first, "live").equals(List.of("cam1")));
      assertThat(streams(first, "live").get(0).path("server").asText()).isEqualTo("127.0.0.1");
      first.awaitLog("the line is passed over");
      assertThat(first.err()).contains("the route events-ems-log failed (input)");
      append(file, half.substring(40));
      first.await("the rest came", () -> names(first, "live").equals(List.of("cam1", "cam2")));
      // An older EMS tells no ids, and this very line comes again.
      append(file, ems(0, "inStreamCreated", "cam3", 0).replace("\"uniqueId\":0,", ""));
      append(file, ems(0, "inStreamClosed", "cam3", 0).replace("\"uniqueId\":0,", ""));
      append(file, ems(0, "inStreamCreated", "cam3", 0).replace("\"uniqueId\":0,", ""));
      first.await("both are taken", () -> taken(first) == 4);
      assertThat(names(first, "live")).containsExactly("cam1", "cam2", "cam3");
      first.kill();
    }
    append(file, ems(4, "inStreamClosed", "cam1", 11));
    Path renamed = Files.move(file, logs.resolve("events.20261130.json.old"));
    append(logs.resolve("events.20261201.json"), ems(5, "inStreamCreated", "cam4", 14));
    try (ChildReelway second = line.startReady()) {
      second.await("what came meanwhile is known", () -> names(second, "live").equals(List.of("cam2", "cam3", "cam4")));
      append(renamed, ems(6, "inStreamClosed", "cam2", 12));
      append(logs.resolve("other.txt"), ems(7, "inStreamCreated", "cam5", 15));
      second.await("a rotated one goes on", () -> names(second, "live").equals(List.of("cam3", "cam4")));
      assertThat(taken(second)).isEqualTo(1);
      // Killed at any moment while many come: each is known, and none twice.
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 400; i++) {
        many.append(ems(1000 + i, "inStreamCreated", "many-" + i, 5000 + i));
      }
      append(logs.resolve("events.20261201.json"), many.toString());
      second.await("some are known", () -> names(second, "live").size() > 20);
      second.kill();
    }
    try (ChildReelway third = line.startReady()) {
      third.await("all are", () -> names(third, "live").size() == 402);
      assertThat(third.err()).doesNotContain("ERROR");
    }
  }
}
