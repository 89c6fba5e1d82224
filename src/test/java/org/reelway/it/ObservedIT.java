package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** What can be seen from outside while a recording travels, while the store is away, and who may look. */
class ObservedIT {
  private static final int SIZE = 21 * Recordings.MIB;

  @TempDir Path folder;

  private static double metric(ChildReelway child, String name) {
    return child.management().get("/observe/metrics").body().lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  private static JsonNode check(ChildReelway child, String name) {
    JsonNode checks = child.management().get("/observe/health?data=true").json().path("checks");
    for (JsonNode check : checks) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name + " in " + checks);
  }

  @Test
  void aTransferUnderWayIsSeenByApiMetricsHealthAndJmx() {
    try (TestStore store = TestStore.start(folder.resolve("store"));
        SlowWire wire = SlowWire.to(store.endpoint(), 12L * Recordings.MIB);
        ChildReelway child = ChildReelway.sidecar(folder, wire.endpoint())
            .set("reelway.transfer.parts-at-once", 1)
            .set("reelway.recordings.files-at-once", 1)
            .startReady()) {
      Recordings recordings = new Recordings(folder.resolve("recordings"));
      Path file = recordings.random("studio/cam1.mp4", SIZE, 1);
      Path waiting = recordings.random("studio/cam2.mp4", 3 * Recordings.MIB, 2);
      HttpCalls api = child.http();
      String id = api.post("/hooks/recorded", "application/json", "{\"file\": \"" + file + "\"}")
          .json().path("id").asText();
      child.await("two parts are stored",
          () -> api.get("/recordings/" + id).json().at("/transferring/partsDone").asInt() == 2);
      Recordings.mark(waiting);

      JsonNode one = api.get("/recordings/" + id).json();
      assertThat(one.at("/recording/state").asText()).isEqualTo("transferring");
      JsonNode listed = api.get("/recordings?state=transferring").json().at("/recordings/0");
      for (JsonNode story : List.of(one.at("/recording"), listed)) {
        assertThat(story.path("parts").asInt()).as("while it is sent").isEqualTo(5);
        assertThat(story.path("bytesSent").asLong()).isBetween(2L * Recordings.PART, (long) SIZE);
      }
      assertThat(one.at("/transferring/state").asText()).isEqualTo("sending");
      assertThat(one.at("/transferring/key").asText()).isEqualTo("studio/cam1.mp4");
      assertThat(one.at("/transferring/parts").asInt()).isEqualTo(5);
      assertThat(one.at("/transferring/size").asLong()).isEqualTo(SIZE);
      assertThat(one.at("/transferring/bytesDone").asLong()).isBetween(2L * Recordings.PART, (long) SIZE - 1);
      assertThat(api.get("/recordings").json().at("/transferring/0/id").asText()).isEqualTo(id);

      child.await("the other one waits", () -> metric(child, "reelway_recordings_unsent") == 2);
      child.await("its bytes are pending",
          () -> metric(child, "reelway_recordings_pending_bytes") == 3 * Recordings.MIB);
      assertThat(metric(child, "reelway_transfers_in_flight")).isEqualTo(1);
      assertThat(metric(child, "reelway_transfer_parts_total")).isEqualTo(2);
      assertThat(metric(child, "reelway_transfer_bytes_total")).isBetween(2.0 * Recordings.PART, (double) SIZE);
      assertThat(metric(child, "reelway_recordings_verified_total")).isZero();
      child.await("the oldest marker ages", () -> metric(child, "reelway_recordings_oldest_unsent_seconds") >= 1);
      assertThat(check(child, "backlog").at("/data/recordings.unsent").asInt()).isEqualTo(2);

      JsonNode bean = child.management().get("/observe/jolokia/read/org.reelway:type=Transfer,id=" + id).json()
          .path("value");
      assertThat(bean.path("File").asText()).isEqualTo(file.toString());
      assertThat(bean.path("Key").asText()).isEqualTo("studio/cam1.mp4");
      assertThat(bean.path("PartsDone").asInt()).isEqualTo(2);
      assertThat(bean.path("PartsTotal").asInt()).isEqualTo(5);
      assertThat(bean.path("BytesDone").asLong()).isGreaterThanOrEqualTo(2L * Recordings.PART);
      assertThat(bean.path("State").asText()).isEqualTo("sending");
      assertThat(bean.has("BytesPerSecond")).isTrue();
      assertThat(bean.has("LastError")).isTrue();

      wire.allowAll();
      child.await("both are done", () -> !Recordings.isMarked(file) && !Recordings.isMarked(waiting));
      child.await("the story is whole",
          () -> api.get("/recordings/" + id).json().at("/recording/state").asText().equals("done"));
      JsonNode done = api.get("/recordings/" + id).json();
      assertThat(done.has("transferring")).isFalse();
      assertThat(done.at("/recording/evidence").asText()).startsWith("crc32c:");
      assertThat(done.at("/recording/bytesSent").asLong()).isEqualTo(SIZE);
      assertThat(done.at("/recording/events").findValuesAsText("what"))
          .contains("transfer begun", "multipart upload begun: 5 parts of 5242880 bytes", "tidied: kept")
          .anyMatch(what -> what.startsWith("found ("))
          .anyMatch(what -> what.startsWith("verified: crc32c:"));
      assertThat(metric(child, "reelway_recordings_verified_total")).isEqualTo(2);
      assertThat(metric(child, "reelway_transfers_in_flight")).isZero();
      assertThat(metric(child, "reelway_recordings_oldest_unsent_seconds")).isZero();
      assertThat(api.get("/recordings?state=done&limit=1").json().path("recordings")).hasSize(1);
    }
  }

  private static void assertWhatIsNotThereIsToldAndJmxIsReadOnly(ChildReelway child) {
    HttpCalls api = child.http();
    Answer unknown = api.get("/recordings/none");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.error()).isEqualTo("no recording has the id \"none\"; GET /recordings lists them");
    assertThat(api.get("/recordings?state=lost").error()).isEqualTo(
        "state is \"lost\"; allowed are [waiting, transferring, verified, done, set-aside, skipped, discarded]");
    assertThat(api.get("/recordings?limit=0").error()).isEqualTo("limit is \"0\"; allowed are 1 to 1000");
    assertThat(api.get("/recordings?limit=all").status()).isEqualTo(422);

    HttpCalls management = child.management();
    JsonNode routes = management.get("/observe/jolokia/search/org.apache.camel:type=routes,*").json().path("value");
    assertThat(routes.toString()).contains("recordings-transfer", "recordings-verified");
    JsonNode memory = management.get("/observe/jolokia/read/java.lang:type=Memory/Verbose").json();
    for (String attribute : List.of("", "/SystemProperties", "/InputArguments")) {
      assertThat(management.get("/observe/jolokia/read/java.lang:type=Runtime" + attribute).body())
          .as("the command line").doesNotContain("sun.java.command", "reelway.home", "-X");
    }
    assertThat(memory.path("status").asInt()).isEqualTo(200);
    for (String forbidden : List.of(
        "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc\"}",
        "{\"type\":\"write\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"Verbose\",\"value\":true}",
        "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=reelway,type=routes,name=\\\"recordings-transfer\\\"\","
            + "\"operation\":\"stop()\"}")) {
      Answer answer = management.post("/observe/jolokia", "application/json", forbidden);
      assertThat(answer.json().path("status").asInt()).as(answer.body()).isEqualTo(403);
    }
    assertThat(check(child, "expected-routes").path("status").asText()).isEqualTo("UP");
  }

  private static void assertLoopbackOnly(URI server) {
    assertThat(server.getHost()).isEqualTo("127.0.0.1");
    Optional<InetAddress> other = otherAddress();
    org.junit.jupiter.api.Assumptions.assumeTrue(other.isPresent(), "this machine has no address but loopback");
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(other.get(), server.getPort()), 2000);
      throw new AssertionError(other.get() + ":" + server.getPort() + " answers");
    } catch (ConnectException refused) {
      assertThat(refused).hasMessageContaining("refused");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<InetAddress> otherAddress() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && address instanceof java.net.Inet4Address)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void whatIsNotThereIsToldJmxIsReadOnlyAndHealthKnowsTheStoreWhereLivenessDoesNot() {
    TestStore store = TestStore.start(folder.resolve("store"));
    int port = store.endpoint().getPort();
    try (ChildReelway child = ChildReelway.sidecar(folder, store.endpoint()).startReady()) {
      assertThat(child.management().get("/observe/health").status()).isEqualTo(200);
      assertThat(check(child, "store").path("status").asText()).isEqualTo("UP");
      assertWhatIsNotThereIsToldAndJmxIsReadOnly(child);
      store.close();
      Path file = new Recordings(folder.resolve("recordings")).random("a.mp4", 1000, 1);
      Recordings.mark(file);

      child.await("health is DOWN", () -> child.management().get("/observe/health").status() == 503);
      child.await("the failure is counted", () -> metric(child, "reelway_store_up{store=\"primary\"}") == 0);
      JsonNode away = check(child, "store");
      assertThat(away.path("status").asText()).isEqualTo("DOWN");
      assertThat(away.toString()).contains("127.0.0.1:" + port);
      assertThat(child.management().get("/observe/health/ready").status()).isEqualTo(503);
      assertThat(child.management().get("/observe/health/live").status()).isEqualTo(200);
      String id = child.http().get("/recordings").json().at("/recordings/0/id").asText();
      child.await("the story tells the error", () -> child.http().get("/recordings/" + id).json()
          .at("/recording/errorClass").asText().equals("destination"));

      try (TestStore back = TestStore.start(folder.resolve("store"), port)) {
        child.await("the recording is sent", () -> !Recordings.isMarked(file));
        child.await("health is UP", () -> child.management().get("/observe/health").status() == 200);
        assertThat(back.bytes("a.mp4")).isEqualTo(Recordings.bytes(file));
      }
      assertLoopbackOnly(child.http().server());
      assertLoopbackOnly(child.management().server());
    }
  }

  @Test
  void anExpectedRouteThatIsNotThereIsNoHealthySidecar() throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.filter(path -> !path.toString().contains("10-recordings-in")).toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child =
            ChildReelway.sidecar(folder, store.endpoint()).set("reelway.routes.folder", routes).startReady()) {
      assertThat(child.management().get("/observe/health").status()).isEqualTo(503);
      assertThat(check(child, "expected-routes").toString())
          .contains("route recordings-hook is missing, route recordings-rescan is missing");
    }
  }

  private static void assertASourceOfWrongLoginsWaitsAndNoOtherDoes(ChildReelway child, HttpCalls near, InetAddress other) {
    HttpCalls far = new HttpCalls(URI.create("http://" + other.getHostAddress() + ":" + near.server().getPort()));
    List<CompletableFuture<Answer>> wrong = IntStream.range(0, 8)
        .mapToObj(i -> CompletableFuture.supplyAsync(() -> far.as("operator", "guess-" + i).get("/recordings"))).toList();
    Answer refused = wrong.stream().map(CompletableFuture::join).filter(answer -> answer.status() == 429).findFirst().orElseThrow();

    // A system that translates addresses, as Docker has it do, may show another one of its own.
    assertThat(refused.error()).startsWith("too many wrong logins came from ").doesNotContain("127.0.0.1");
    assertThat(refused.header("Retry-After")).matches("[1-9][0-9]?");
    assertThat(near.as("operator", "api-password").get("/recordings").status()).as("from elsewhere").isEqualTo(200);
    child.await("the source has waited", () -> far.as("operator", "api-password").get("/recordings").status() == 200);
    assertThat(far.as("operator", "wrong").get("/recordings").status()).isEqualTo(401);
    assertThat(far.as("operator", "api-password").get("/recordings").status()).as("one that is known").isEqualTo(200);
  }

  @Test
  void withAPasswordNobodyIsAnsweredWithoutItAndASourceOfWrongOnesWaits() {
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.http.host", "0.0.0.0")
            .set("reelway.http.username", "operator")
            .set("reelway.http.password", "api-password")
            .set("reelway.management.username", "watcher")
            .set("reelway.management.password", "management-password")
            .startReady()) {
      HttpCalls near = new HttpCalls(URI.create("http://127.0.0.1:" + child.http().server().getPort()));
      for (String path : List.of("/recordings", "/recordings/x", "/hooks/recorded", "/nothing")) {
        assertThat(near.get(path).status()).as(path).isEqualTo(401);
      }
      for (String path : List.of("/observe/health", "/observe/health/live", "/observe/metrics", "/observe/jolokia",
          "/observe/jolokia/read/java.lang:type=Memory", "/observe/info")) {
        assertThat(child.management().get(path).status()).as(path).isEqualTo(401);
      }
      assertThat(near.as("operator", "api-password").get("/recordings").status()).isEqualTo(200);
      for (int i = 0; i < 2; i++) {
        assertThat(near.as("operator", "wrong").get("/recordings").status()).isEqualTo(401);
      }
      assertThat(child.err().lines().filter(line -> line.contains("wrong logins: 1 "))).hasSize(1);
      HttpCalls watcher = child.management().as("watcher", "management-password");
      assertThat(watcher.get("/observe/health").status()).isEqualTo(200);
      assertThat(watcher.get("/observe/metrics").status()).isEqualTo(200);
      assertThat(watcher.get("/observe/jolokia/version").status()).isEqualTo(200);
      otherAddress().ifPresent(other -> assertASourceOfWrongLoginsWaitsAndNoOtherDoes(child, near, other));
      assertThat(child.err()).doesNotContain("api-password", "management-password", TestStore.SECRET_KEY);
    }
  }
}
