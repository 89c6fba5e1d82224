package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recipe;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** A second store with a name: its folder's recordings go there, and all that is known of them is asked there. */
class NamedStoresIT {
  @TempDir Path folder;
  private TestStore first;
  private TestStore other;
  private Recordings recordings;
  private Recordings offsite;
  private Path routes;

  @BeforeEach
  void start() throws IOException {
    first = TestStore.start(folder.resolve("first"));
    other = TestStore.start(folder.resolve("other"));
    recordings = new Recordings(folder.resolve("recordings"));
    offsite = new Recordings(folder.resolve("offsite"));
    routes = Recipe.shippedRoutes(folder.resolve("routes"));
    Recipe.add("28-named-store.camel.yaml", routes);
  }

  @AfterEach
  void stop() {
    first.close();
    other.close();
  }

  private void settings(URI endpoint, String... more) throws IOException {
    Files.writeString(folder.resolve("application.properties"), """
        offsite.folder=%s
        reelway.routes.folder=%s
        reelway.transfer.manifest=on
        reelway.recordings.tidy=delete
        reelway.state.folder=%s
        reelway.stores=offsite
        reelway.store.endpoint=%s
        reelway.store.bucket=%s
        reelway.store.offsite.endpoint=%s
        reelway.store.offsite.bucket=%s
        reelway.store.offsite.prefix=far
        %s
        """.formatted(
            offsite.folder(), routes, folder.resolve("state"), first.endpoint(), TestStore.BUCKET, endpoint, TestStore.BUCKET,
            String.join("\n", more)));
  }

  private static ChildReelway.CommandLine secrets(ChildReelway.CommandLine line) {
    return line.set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY)
        .environment("REELWAY_STORE_OFFSITE_ACCESS_KEY", TestStore.ACCESS_KEY)
        .environment("REELWAY_STORE_OFFSITE_SECRET_KEY", TestStore.SECRET_KEY);
  }

  private ChildReelway.CommandLine sidecar() {
    return secrets(ChildReelway.sidecar(folder, first.endpoint()));
  }

  private ChildReelway.Finished run(String... words) {
    return secrets(ChildReelway.command(folder, words)).finish();
  }

  private static double up(ChildReelway child, String store) {
    return child.management().get("/observe/metrics").body().lines()
        .filter(line -> line.startsWith("reelway_store_up{") && line.contains("store=\"" + store + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElse(-1);
  }

  @Test
  void eachFolderHasItsStoreAndEveryCommandAsksTheOneThatItIsToldTo() throws IOException {
    Path here = recordings.random("show.mp4", 1000, 1);
    Path there = offsite.random("sub/${sysenv.HOME}.mp4", 11 * Recordings.MIB, 2);
    byte[] content = Recordings.bytes(there);
    settings(other.endpoint());
    ChildReelway.Finished check = run("check");
    assertThat(check.code()).as(check.out()).isZero();
    assertThat(check.out()).contains("store offsite " + other.endpoint());
    try (ChildReelway child = sidecar().startReady()) {
      Recordings.mark(here);
      Recordings.mark(there);
      child.await("both are done", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == 2);

      String key = "far/sub/${sysenv.HOME}.mp4";
      assertThat(first.keys()).containsExactlyInAnyOrder("show.mp4", "show.mp4.manifest.json");
      assertThat(other.keys()).containsExactlyInAnyOrder(key, key + ".txt", key + ".manifest.json");
      assertThat(other.bytes(key)).isEqualTo(content);
      assertThat(new String(other.bytes(key + ".txt"))).startsWith("${sysenv.HOME}.mp4 came from ");
      assertThat(there).doesNotExist();
      child.http().get("/recordings").json().path("recordings").forEach(story ->
          assertThat(story.path("store").asText()).isEqualTo(story.path("path").asText().startsWith("sub") ? "offsite" : ""));
      assertThat(up(child, "offsite")).isEqualTo(1);
      assertThat(up(child, "primary")).isEqualTo(1);
      assertThat(child.management().get("/observe/health").body()).contains("store-offsite");
      assertThat(child.http().get("/dashboard/now").json().at("/stores/first/1/name").asText()).isEqualTo("offsite");
    }

    assertThat(run("ls", "--store", "offsite").out()).contains(key()).doesNotContain("show.mp4 ");
    assertThat(run("ls").out()).contains("show.mp4").doesNotContain("far/");
    assertThat(run("get", key(), folder.resolve("back.mp4").toString(), "--store", "offsite").code()).isZero();
    assertThat(folder.resolve("back.mp4")).hasBinaryContent(content);
    assertThat(run("link", key(), "--store", "offsite").out()).startsWith(other.endpoint().toString());
    assertThat(run("verify").out()).as("each audit knows its own only").contains("1 expected (1 by the state)", "0 findings");
    ChildReelway.Finished audit = run("verify", "--store", "offsite", "--deep");
    assertThat(audit.out()).contains("1 expected (1 by the state)").contains(key() + ".txt");
    assertThat(run("janitor", "--store", "offsite").code()).isZero();
    ChildReelway.Finished unknown = run("ls", "--store", "nowhere");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("--store is \"nowhere\", which reelway.stores does not name; allowed: primary, offsite");
  }

  private static String key() {
    return "far/sub/${sysenv.HOME}.mp4";
  }

  @Test
  void aKilledUploadGoesOnInItsStoreAndADryRunSaysSoWithoutWritingAnything() throws IOException {
    Path there = offsite.random("cam.mp4", 21 * Recordings.MIB, 3);
    byte[] content = Recordings.bytes(there);
    Path unmarked = recordings.random("unmarked.mp4", 1000, 4);
    try (SlowWire wire = SlowWire.to(other.endpoint(), 12L * Recordings.MIB)) {
      settings(wire.endpoint(), "reelway.transfer.parts-at-once=1", "reelway.recordings.settle-time=0s");
      try (ChildReelway child = sidecar().startReady()) {
        Recordings.mark(there);
        child.await("a part is there", () -> other.uploadOf("far/cam.mp4", List.of())
            .filter(upload -> !other.parts("far/cam.mp4", upload).isEmpty()).isPresent());
        child.kill();
        wire.cut();
      }
      long passed = wire.passed();
      Map<Path, FileTime> before = files();

      ChildReelway.Finished dry = run("run", "--dry-run", "--set", "reelway.recordings.folder=" + recordings.folder());

      assertThat(dry.code()).as(dry.err()).isZero();
      assertThat(dry.out())
          .containsPattern("cam\\.mp4 +offsite-transfer +offsite +recordings/far/cam\\.mp4 +goes on with its upload to offsite"
              + " recordings/far/cam\\.mp4, with the parts that the store lists; then the file: delete")
          .containsPattern("unmarked\\.mp4 +recordings-transfer +left alone: it has no marker, and settleTime is 0s")
          .contains("2 recordings; nothing was sent, asked or written");
      assertThat(files()).isEqualTo(before);
      assertThat(wire.passed()).isEqualTo(passed);
      assertThat(first.keys()).isEmpty();

      wire.allowAll();
      try (ChildReelway child = sidecar().startReady()) {
        child.await("it is done", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == 1);
        assertThat(child.http().get("/recordings").json().at("/recordings/0/partsResumed").asInt()).isPositive();
      }
    }
    assertThat(other.bytes("far/cam.mp4")).isEqualTo(content);
    assertThat(other.uploads()).isEmpty();
    assertThat(first.keys()).isEmpty();
    assertThat(unmarked).exists();
  }

  /** All of the machine's own folders, but what children say and keep for themselves. */
  private Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> all = new TreeMap<>();
    for (Path root : List.of(recordings.folder(), offsite.folder(), folder.resolve("state"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(each -> !each.toString().matches(".*reelway\\.db-(shm|wal)")).toList()) {
          all.put(root.relativize(file), Files.getLastModifiedTime(file));
        }
      }
    }
    return all;
  }

  @Test
  void aRouteThatNamesAStoreThatIsNotThereIsToldByItsLineAndNothingStarts() throws IOException {
    Path there = offsite.random("cam.mp4", 1000, 5);
    Recordings.mark(there);
    settings(other.endpoint());
    Path file = routes.resolve("28-named-store.camel.yaml");
    Files.writeString(file, Files.readString(file).replace("store: offsite", "store: ofsite"));

    for (ChildReelway.Finished refused : List.of(sidecar().finish(), run("run", "--dry-run"), run("check"))) {
      assertThat(refused.code()).isIn(1, 2);
      assertThat(refused.out() + refused.err())
          .containsPattern("28-named-store\\.camel\\.yaml:\\d+.*reelway\\.stores does not name the store 'ofsite': did you mean"
              + " 'offsite'\\?");
    }
    assertThat(Recordings.isMarked(there)).isTrue();
    assertThat(other.keys()).isEmpty();
  }
}
