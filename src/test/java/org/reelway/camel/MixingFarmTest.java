package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.Postgres;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Sidecars with one state and one broker: one orders mixes, others make them. */
class MixingFarmTest {
  private static final String NOW = "(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT";

  @TempDir static Path made;
  @TempDir Path folder;
  private static Postgres postgres;
  private static CallbackReceiver backend;
  private final int port = FreePort.any();
  private String schema;
  private TestStore store;
  private EmbeddedActiveMQ broker;
  private final Map<String, Sidecar> sidecars = new LinkedHashMap<>();

  @BeforeAll
  static void record() throws Exception {
    postgres = Postgres.shared();
    backend = new CallbackReceiver();
    backend.behave(CallbackReceiver.answering(200));
    new MultiTrackMp4()
        .take("Ann", "a", 0, 1, 0).video("red", 160, 90, 10).audio(500, 48000, "mono").and()
        .write(made.resolve("room.mp4"));
  }

  @AfterAll
  static void end() {
    backend.close();
  }

  @BeforeEach
  void open() throws Exception {
    schema = postgres.newSchema();
    store = TestStore.start(folder.resolve("store"));
    brokerStarts();
    Files.writeString(folder.resolve("mixer.json"), """
        {"minAvailableSpace": "0", "mixerVideoFps": 10, "mixerVideoWidth": 160, "mixerVideoHeight": 90, "callbackUrl": "%s"}
        """.formatted(backend.uri("/mixed")));
  }

  @AfterEach
  void close() throws Exception {
    List.copyOf(sidecars.values()).forEach(Sidecar::close);
    broker.stop();
    store.close();
  }

  /** With what it had, unless its folder was deleted. */
  private void brokerStarts() throws Exception {
    Path own = folder.resolve("broker");
    Configuration configuration = new ConfigurationImpl()
        .setSecurityEnabled(false).setJMXManagementEnabled(false).setJournalType(JournalType.NIO).setJournalFileSize(1 << 20)
        .setJournalDirectory(own.resolve("journal").toString()).setBindingsDirectory(own.resolve("bindings").toString())
        .setLargeMessagesDirectory(own.resolve("large").toString()).setPagingDirectory(own.resolve("paging").toString())
        .setMaxDiskUsage(-1).addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port);
    broker = new EmbeddedActiveMQ().setConfiguration(configuration);
    broker.start();
  }

  private Sidecar sidecar(String node, String roles, String... more) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve(node).resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve(node).resolve("state").toString(),
        "reelway.state.url", postgres.address(schema),
        "reelway.state.username", Postgres.USER,
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.put("reelway.node", node);
    settings.put("reelway.roles", roles);
    settings.put("reelway.queue.url", "tcp://127.0.0.1:" + port);
    settings.put("reelway.recordings.tidy", "delete");
    settings.put("reelway.mixer.settings", folder.resolve("mixer.json").toString());
    settings.put("reelway.callbacks.multi-recorder", "both");
    settings.put("reelway.callbacks.additions", "true");
    settings.put("reelway.callbacks.allow-private", "127.0.0.1");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    Sidecar sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecars.put(node, sidecar);
    sidecar.start();
    return sidecar;
  }

  private void stop(String node) {
    sidecars.remove(node).close();
  }

  private Path recording(String node, String name) throws IOException {
    Path file = folder.resolve(node).resolve("recordings").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.copy(made.resolve("room.mp4"), file);
  }

  private static HttpCalls http(Sidecar sidecar) {
    return new HttpCalls(sidecar.http());
  }

  /** @return the order's id */
  private static String order(Sidecar sidecar, Path file) {
    return http(sidecar).post("/mixes", "application/json", "{\"file\":\"" + file + "\",\"recorderUri\":\"multi-recorder://room\"}").json().path("id").asText();
  }

  private JsonNode mix(Sidecar sidecar, String id) {
    return StreamSupport.stream(http(sidecar).get("/mixes").json().path("mixes").spliterator(), false)
        .filter(each -> each.path("id").asText().equals(id)).findFirst().orElseThrow();
  }

  private String state(String id) {
    return String.join("", postgres.query("SELECT state FROM " + schema + ".mix_order WHERE id = '" + id + "'"));
  }

  private long messages(String queue) {
    var found = broker.getActiveMQServer().locateQueue(queue);
    return found == null ? 0 : found.getMessageCount();
  }

  private static void until(ThrowingRunnable seen) {
    await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100)).untilAsserted(seen);
  }

  private static List<String> steps(String name) {
    return backend.received().stream().filter(each -> each.body().contains("/" + name))
        .map(each -> each.body().contains("\"step\":\"uploaded\"") ? "uploaded" : "mixed").sorted().toList();
  }

  private static boolean hasFilesOf(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> Files.isRegularFile(file) && file.toString().contains(name));
    }
  }

  @Test
  void oneSidecarThatDoesAllTakesItsOwnOrders() throws Exception {
    Sidecar all = sidecar("all", "ingest,mixer,callbacks,api");
    Path file = recording("all", "sub/alone.mp4");
    String id = order(all, file);
    assertThat(state(id)).as("its recording is not in the store").isEqualTo("waiting");
    Recordings.mark(file);
    until(() -> assertThat(state(id)).isEqualTo("mixed"));
    assertThat(store.keys()).containsExactlyInAnyOrder("sub/alone.mp4", "sub/alone_mixed.mp4");
    until(() -> assertThat(steps("alone.mp4")).containsExactly("mixed", "uploaded"));
    until(() -> assertThat(messages("reelway.mixes")).isZero());
    assertThat(http(all).get("/mixes").json().path("mixes")).isEmpty();
    assertThat(hasFilesOf(folder.resolve("all/recordings"), "alone")).isFalse();
    assertThat(order(all, recording("all", "other.mp4"))).isNotEqualTo(id);
  }

  @Test
  void aWorkerMixesWhatAnotherSidecarOrderedAndTheMixLiesWhereItWouldHaveLainThere() throws Exception {
    Sidecar studio = sidecar("studio", "ingest,callbacks,api");
    Sidecar worker = sidecar("worker-1", "mixer");
    Path file = recording("studio", "rooms/r1.mp4");
    String id = order(studio, file);
    Recordings.mark(file);

    until(() -> assertThat(state(id)).isEqualTo("mixed"));
    assertThat(store.keys()).containsExactlyInAnyOrder("rooms/r1.mp4", "rooms/r1_mixed.mp4");
    until(() -> assertThat(steps("r1.mp4")).containsExactly("mixed", "uploaded"));
    assertThat(backend.received()).anyMatch(each -> each.body().contains("\"multiRecorderFilePath\":\"" + folder.resolve("studio")));
    assertThat(postgres.query("SELECT worker FROM " + schema + ".mix_order")).containsExactly("worker-1");
    until(() -> assertThat(messages("reelway.mixes")).isZero());
    assertThat(hasFilesOf(folder.resolve("worker-1/recordings"), "r1")).isFalse();
    assertThat(http(worker).get("/mixes").json().path("mixes")).isEmpty();
  }

  @Test
  void aMixIsOrderedAndMadeAlthoughTheBrokerIsAwayAndComesBackEmpty() throws Exception {
    Sidecar all = sidecar("all", "ingest,mixer,callbacks,api");
    HttpCalls management = new HttpCalls(all.management());
    broker.stop();
    until(() -> assertThat(management.get("/observe/health").body()).contains("\"name\":\"queue\",\"status\":\"DOWN\""));
    assertThat(management.get("/observe/health/live").status()).isEqualTo(200);
    Path file = recording("all", "r2.mp4");
    String id = order(all, file);
    Recordings.mark(file);
    until(() -> assertThat(state(id)).isEqualTo("ordered"));
    assertThat(store.keys()).as("recordings travel").containsExactly("r2.mp4");

    org.reelway.failure.FileTree.delete(folder.resolve("broker"));
    brokerStarts();

    until(() -> assertThat(state(id)).isEqualTo("mixed"));
    assertThat(store.keys()).containsExactlyInAnyOrder("r2.mp4", "r2_mixed.mp4");
    until(() -> assertThat(management.get("/observe/health").status()).isEqualTo(200));
  }

  @Test
  void aMessageThatIsLostIsSentAgain() throws Exception {
    Sidecar studio = sidecar("studio", "ingest,callbacks,api");
    Path file = recording("studio", "r3.mp4");
    String id = order(studio, file);
    Recordings.mark(file);
    until(() -> assertThat(messages("reelway.mixes")).isEqualTo(1));
    broker.stop();
    org.reelway.failure.FileTree.delete(folder.resolve("broker"));
    brokerStarts();
    // A minute has passed.
    postgres.execute("UPDATE " + schema + ".mix_order SET queued_at = queued_at - 70000");

    sidecar("worker-1", "mixer");

    until(() -> assertThat(state(id)).isEqualTo("mixed"));
  }

  @Test
  void whatCannotBeMixedIsADeadLetterAndIsTriedAgainWhereSomebodyAsksForIt() throws Exception {
    Sidecar all = sidecar("all", "ingest,mixer,callbacks,api");
    Path file = Files.writeString(folder.resolve("all/recordings/r4.mp4"), "no film");
    String id = order(all, file);
    // As a recording that nobody could look at before.
    store.client().putObject(put -> put.bucket(TestStore.BUCKET).key("r4.mp4"), file);
    postgres.execute("INSERT INTO " + schema + ".recording (id, file, path, size, state, bucket, object_key, evidence, found_at, updated_at)"
        + " VALUES ('" + id + "', '" + file + "', 'r4.mp4', 7, 'verified', '" + TestStore.BUCKET + "', 'r4.mp4', 'size', 1, 1)");

    until(() -> assertThat(messages("reelway.mixes.dead")).isEqualTo(1));
    assertThat(mix(all, id).path("state").asText()).isEqualTo("failed");
    assertThat(mix(all, id).path("trouble").asText()).isNotEmpty();
    assertThat(mix(all, id).path("worker").asText()).isEqualTo("all");
    assertThat(messages("reelway.mixes")).isZero();

    assertThat(http(all).post("/mixes/" + id + "/retry", "application/json", "").status()).isEqualTo(202);
    until(() -> assertThat(messages("reelway.mixes.dead")).isEqualTo(2));
    assertThat(http(all).delete("/mixes/" + id).status()).isEqualTo(200);
    assertThat(http(all).get("/mixes").json().path("mixes")).isEmpty();
  }

  @Test
  void aWorkerThatLostItsOrderDropsTheMixThatItHadNotSentAndTheNextOneSendsItOnce() throws Exception {
    // Its mix has its name and its marker, and is not sent.
    sidecar("worker-1", "mixer", "reelway.recordings.delay", "1h");
    Sidecar studio = sidecar("studio", "ingest,callbacks,api");
    Path file = recording("studio", "r5.mp4");
    String id = order(studio, file);
    Recordings.mark(file);
    Path mix = folder.resolve("worker-1/recordings/r5_mixed.mp4");
    until(() -> assertThat(mix).exists());
    until(() -> assertThat(Recordings.isMarked(mix)).isTrue());

    // As after a pause that was longer than its lease: another one has it.
    postgres.execute("UPDATE " + schema + ".lease SET node = 'worker-2', fence = fence + 1, ends_at = " + NOW + " + 600000"
        + " WHERE name = 'mix/" + id + "'; UPDATE " + schema + ".mix_order SET worker = 'worker-2', fence = fence + 1 WHERE id = '" + id + "'");

    until(() -> assertThat(hasFilesOf(folder.resolve("worker-1/recordings"), "r5")).isFalse());
    assertThat(state(id)).as("it is the other one's").isEqualTo("mixing");
    assertThat(store.keys()).containsExactly("r5.mp4");
    stop("worker-1");
    sidecar("worker-2", "mixer");
    // And that one is gone as well.
    postgres.execute("UPDATE " + schema + ".lease SET ends_at = 0 WHERE name = 'mix/" + id + "'; UPDATE " + schema
        + ".mix_order SET queued_at = 0");

    until(() -> assertThat(state(id)).isEqualTo("mixed"));
    assertThat(store.keys()).containsExactlyInAnyOrder("r5.mp4", "r5_mixed.mp4");
    until(() -> assertThat(steps("r5.mp4")).as("each step once, whoever tells it").containsExactly("mixed", "uploaded"));
  }
}
