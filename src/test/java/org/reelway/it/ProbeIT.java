package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.TestStore;

/** {@code reelway probe} by its command line. */
class ProbeIT {
  @TempDir Path folder;

  private ChildReelway.CommandLine probe(TestStore store, String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "probe";
    System.arraycopy(options, 0, words, 1, options.length);
    return ChildReelway.command(folder, words)
        .set("reelway.store.endpoint", store.endpoint())
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY);
  }

  @Test
  void aProbeIsKeptAndComparedWithAnotherDayAndAnotherFile() throws Exception {
    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      ChildReelway.Finished kept = probe(store, "--out", "kept.json").finish();
      assertThat(kept.code()).as(kept.out() + kept.err()).isZero();
      String text = Files.readString(folder.resolve("kept.json"));
      assertThat(text).contains("\n    \"put.etag\": \"MD5\",\n").doesNotContain(TestStore.SECRET_KEY);

      ChildReelway.Finished same = probe(store, "--compare", "kept.json").finish();
      assertThat(same.code()).as(same.out() + same.err()).isZero();
      assertThat(same.out()).contains("nothing differs in ");

      String altered = text.replace("\"put.etag\": \"MD5\"", "\"put.etag\": \"none\"");
      Files.writeString(folder.resolve("altered.json"), altered);
      ChildReelway.Finished other =
          ChildReelway.command(folder, "probe", "--compare", "altered.json", "--with", "kept.json").finish();
      assertThat(other.code()).as(other.out() + other.err()).isEqualTo(1);
      assertThat(other.out()).containsPattern("put\\.etag +none +MD5").contains("1 of ");
      assertThat(store.keys()).isEmpty();
      assertThat(store.uploads()).isEmpty();
    }
  }

  @Test
  void whatCannotBeToldIsNoDifference() throws Exception {
    TestStore store = TestStore.start(folder.resolve("store"));
    ChildReelway.Finished denied = probe(store).set("reelway.store.secret-key", "another-secret").finish();
    assertThat(denied.code()).as(denied.out() + denied.err()).isEqualTo(2);
    assertThat(denied.err()).contains("403 SignatureDoesNotMatch", "correct reelway.store.secret-key");
    ChildReelway.CommandLine nowhere = probe(store, "--out", "away.json");
    ChildReelway.CommandLine compared = probe(store, "--compare", "other.json");
    store.close();

    ChildReelway.Finished away = nowhere.finish();
    assertThat(away.code()).as(away.out() + away.err()).isEqualTo(2);
    assertThat(away.err()).contains("check that the store runs");
    assertThat(folder.resolve("away.json")).doesNotExist();

    Files.writeString(folder.resolve("other.json"), "{}");
    ChildReelway.Finished noProbe = compared.finish();
    assertThat(noProbe.code()).isEqualTo(2);
    assertThat(noProbe.err()).contains("other.json is no probe");
  }
}
