package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.BegunUploads;
import org.reelway.state.InstanceId;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.state.StateWriter;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;

/** {@code reelway janitor} and {@code GET /uploads}, with one old upload of our own and one of somebody else. */
class JanitorIT {
  @TempDir Path folder;
  private TestStore server;
  private String ours;
  private String foreign;

  /** As the sidecar left it eight days ago. */
  @BeforeEach
  void leaveUploads() throws Exception {
    server = TestStore.start(folder.resolve("store"));
    Clock then = Clock.fixed(Instant.now().minus(Duration.ofDays(8)), ZoneOffset.UTC);
    StateDatabase database = TestState.open(Files.createDirectories(folder.resolve("state")), then);
    try (StateWriter writer = new StateWriter(database.jdbi());
        Store store = new LedgerStore(connect(), new BegunUploads(database.jdbi(), writer, then, InstanceId.of(folder.resolve("state"))))) {
      ours = store.createMultipart(TestStore.BUCKET, "a.mp4", new ObjectAttributes(null, Map.of()), ChecksumKind.NONE);
    }
    foreign = server.beginUpload("a.mp4");
  }

  private S3Store connect() {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ChildReelway.CommandLine janitor(String... more) {
    String[] words = new String[more.length + 1];
    words[0] = "janitor";
    System.arraycopy(more, 0, words, 1, more.length);
    return ChildReelway.command(folder, words)
        .set("reelway.recordings.folder", folder.resolve("recordings"))
        .set("reelway.state.folder", folder.resolve("state"))
        .set("reelway.store.endpoint", server.endpoint())
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY);
  }

  @Test
  void whatIsStaleIsToldAndOnlyAbortedOnDemand() throws Exception {
    Files.createDirectories(folder.resolve("recordings"));

    ChildReelway.Finished told = janitor().finish();
    assertThat(told.code()).as(told.out() + told.err()).isZero();
    assertThat(told.out()).contains("stale", ours, "1 would be aborted (--abort)",
        "whether the bucket aborts unfinished uploads is unknown: 501 NotImplemented");
    assertThat(server.uploads()).containsExactlyInAnyOrder(ours, foreign);

    ChildReelway.Finished done = janitor("--abort").finish();
    assertThat(done.code()).as(done.out() + done.err()).isZero();
    assertThat(done.out()).contains("1 aborted");
    assertThat(server.uploads()).containsExactly(foreign);
    assertThat(janitor().finish().out()).contains("0 would be aborted");
  }

  @Test
  void theSidecarTellsOfThemByApiHealthAndMetrics() {
    try (ChildReelway child = ChildReelway.sidecar(folder, server.endpoint()).startReady()) {
      JsonNode uploads = child.http().get("/uploads").json();
      assertThat(uploads.at("/uploads/0/kind").asText()).isEqualTo("stale");
      assertThat(uploads.at("/uploads/0/uploadId").asText()).isEqualTo(ours);
      assertThat(uploads.at("/lifecycle/state").asText()).isEqualTo("UNKNOWN");
      assertThat(child.management().get("/observe/health?data=true").body())
          .contains("uploads.stale", "whether the bucket aborts unfinished uploads is unknown");
      assertThat(child.management().get("/observe/metrics").body())
          .contains("reelway_uploads_stale{whose=\"unknown\"}", "reelway_store_lifecycle_missing 0.0",
              "reelway_uploads_aborted_total 0.0");
      assertThat(server.uploads()).as("shown, not aborted").containsExactlyInAnyOrder(ours, foreign);
    }
  }

  @Test
  void withoutAStateNothingIsOurs() {
    assumeFalse(TestState.isOnPostgres(folder), "a schema is there");
    ChildReelway.Finished run = janitor("--abort").set("reelway.state.folder", folder.resolve("elsewhere")).finish();

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains("no state is in " + folder.resolve("elsewhere"));
    assertThat(folder.resolve("elsewhere")).doesNotExist();
    assertThat(server.uploads()).containsExactlyInAnyOrder(ours, foreign);
  }
}
