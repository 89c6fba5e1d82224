package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** A bucket that the real program filled, meddled with by the AWS SDK's client, and audited by {@code reelway verify}. */
class VerifyIT {
  private static final String SECRET = "manifest secret";
  private static final List<String> NAMES =
      List.of("a.mp4", "b.mp4", "c.mp4", "d.mp4", "live/large.mp4");

  @TempDir Path folder;
  private TestStore store;

  private ChildReelway.CommandLine with(ChildReelway.CommandLine line) {
    return line.set("reelway.store.prefix", "rec")
        .set("reelway.transfer.manifest", "full")
        .set("reelway.transfer.manifest-secret", SECRET);
  }

  private ChildReelway.CommandLine verify(String... options) {
    List<String> words = new ArrayList<>(List.of("verify"));
    words.addAll(List.of(options));
    return with(
        ChildReelway.command(folder, words.toArray(String[]::new))
            .set("reelway.state.folder", folder.resolve("state"))
            .set("reelway.store.endpoint", store.endpoint())
            .set("reelway.store.bucket", TestStore.BUCKET)
            .set("reelway.store.access-key", TestStore.ACCESS_KEY)
            .set("reelway.store.secret-key", TestStore.SECRET_KEY));
  }

  /** What was found, as {@code kind key}. */
  private List<String> findings(int code, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--json");
    ChildReelway.Finished run = verify(all.toArray(String[]::new)).finish();
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
    JsonNode json = new ObjectMapper().readTree(run.out());
    List<String> found = new ArrayList<>();
    json.path("findings").forEach(one -> found.add(one.path("kind").asText() + " " + one.path("key").asText()));
    assertThat(json.path("count").asInt()).isEqualTo(found.size());
    return found;
  }

  private void upload() {
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    try (ChildReelway child = with(ChildReelway.sidecar(folder, store.endpoint())).startReady()) {
      for (String name : NAMES) {
        int bytes = name.contains("large") ? 11 * Recordings.MIB : 2000;
        Recordings.mark(recordings.random(name, bytes, name.hashCode()));
      }
      child.await(
          "all are done", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == NAMES.size());
      child.terminate();
      child.awaitExit();
    }
  }

  private void put(String key, String content) {
    store.client().putObject(put -> put.bucket(TestStore.BUCKET).key(key), RequestBody.fromString(content));
  }

  private void delete(String key) {
    store.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(key));
  }

  /** As a disk of the store's does in the course of time. */
  private void flipByteBehindTheStore(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
      Path file = files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, 1000);
        one.put(0, (byte) ~one.get(0));
        channel.write(one.rewind(), 1000);
      }
    }
  }

  @Test
  void exactlyWhatOthersChangedInTheBucketIsFound() throws Exception {
    try (TestStore server = TestStore.start(folder.resolve("store"))) {
      store = server;
      upload();
      assertThat(store.keys()).hasSize(2 * NAMES.size());
      assertThat(findings(0, "--deep")).isEmpty();

      delete("rec/a.mp4");
      put("rec/b.mp4", "x".repeat(2000));
      put("rec/foreign.mp4", "somebody else's");
      put("elsewhere/foreign.mp4", "not ours to judge");
      delete("rec/c.mp4.manifest.json");
      String altered = new String(store.bytes("rec/d.mp4.manifest.json"), "UTF-8").replace("2000", "2001");
      put("rec/d.mp4.manifest.json", altered);

      List<String> expected =
          List.of(
              "missing rec/a.mp4",
              "altered rec/b.mp4",
              "unknown rec/foreign.mp4",
              "manifest-missing rec/c.mp4.manifest.json",
              "altered rec/d.mp4.manifest.json");
      assertThat(findings(1)).containsExactlyInAnyOrderElementsOf(expected);
      ChildReelway.Finished table = verify().finish();
      assertThat(table.code()).isEqualTo(1);
      assertThat(table.out()).contains("missing", "rec/a.mp4", "5 findings", "its ETag is");

      flipByteBehindTheStore("large.mp4");
      assertThat(findings(0, "--prefix", "rec/live/")).as("size and ETag are as they were").isEmpty();
      assertThat(findings(1, "--prefix", "rec/live/", "--deep")).containsExactly("altered rec/live/large.mp4");
    }
  }

  @Test
  void stateOrManifestsAloneAreEnough() throws Exception {
    assumeFalse(TestState.isOnPostgres(folder), "the state is in no folder that could be moved away");
    try (TestStore server = TestStore.start(folder.resolve("store"))) {
      store = server;
      upload();
      delete("rec/a.mp4");
      Path state = folder.resolve("state");
      Path lost = Files.move(state, folder.resolve("lost"));

      assertThat(findings(1)).as("by manifests").containsExactly("missing rec/a.mp4");
      assertThat(state).as("nothing is made").doesNotExist();

      store.keys().stream().filter(key -> key.endsWith(".manifest.json")).forEach(this::delete);
      ChildReelway.Finished neither = verify().finish();
      assertThat(neither.code()).as(neither.err()).isEqualTo(2);
      assertThat(neither.err()).contains("nothing can be compared");

      Files.move(lost, state);
      assertThat(findings(1)).as("by the state, which also knows of the manifests")
          .contains("missing rec/a.mp4", "manifest-missing rec/b.mp4.manifest.json")
          .hasSize(1 + NAMES.size());
    }
  }

  @Test
  void aBucketThatCannotBeListedIsNoAnswer() throws Exception {
    try (TestStore server = TestStore.start(folder.resolve("store"))) {
      store = server;
      ChildReelway.Finished run = verify().set("reelway.store.bucket", "nowhere").finish();

      assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
      assertThat(run.err()).contains("NoSuchBucket");
    }
  }
}
