package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SeenRequests;
import org.reelway.testkit.SeenRequests.Seen;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** What the settings say of objects goes with every request it belongs to, also after a kill. */
class ObjectAttributesIT {
  private static final Map<String, String> ASKED = Map.of(
      "x-amz-storage-class", "STANDARD",
      "x-amz-tagging", "keep=90d&stream=cam_1",
      "x-amz-acl", "private",
      "cache-control", "max-age=60",
      "content-disposition", "attachment",
      "content-type", "video/x-studio",
      "x-amz-meta-station", "studio-1");

  @TempDir Path folder;
  private TestStore store;
  private Recordings recordings;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
    recordings = new Recordings(folder.resolve("recordings"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private ChildReelway.CommandLine sidecar(URI endpoint) {
    return ChildReelway.sidecar(folder, endpoint)
        .set("reelway.transfer.parts-at-once", 2)
        .set("reelway.store.storage-class", "STANDARD")
        .set("reelway.store.tags", "keep=90d,stream=cam_1")
        .set("reelway.store.acl", "private")
        .set("reelway.store.cache-control", "max-age=60")
        .set("reelway.store.content-disposition", "attachment")
        .set("reelway.store.content-types", "mp4=video/x-studio")
        .set("reelway.store.metadata", "station=studio-1,from={name}")
        .set("reelway.store.bucket-owner", "123456789012")
        .set("reelway.store.requester-pays", "true");
  }

  private static List<Seen> of(SeenRequests seen, String method, String contains) {
    return seen.all().stream()
        .filter(request -> request.line().startsWith(method + " ") && request.line().contains(contains))
        .toList();
  }

  @Test
  void everyRequestCarriesWhatBelongsToItAlsoWhenAnUploadGoesOnAfterAKill() {
    Path small = recordings.random("small.mp4", 1000, 1);
    Path large = recordings.random("large.mp4", 22 * Recordings.MIB, 2);
    try (SlowWire wire = SlowWire.to(store.endpoint(), 17L * Recordings.MIB);
        SeenRequests seen = SeenRequests.of(wire.endpoint())) {
      var sidecar = sidecar(seen.endpoint());
      try (ChildReelway child = sidecar.startReady()) {
        Recordings.mark(small);
        child.await("the small one is sent", () -> !Recordings.isMarked(small));
        Recordings.mark(large);
        child.await("two parts are in the store", () -> {
          var begun = store.uploadOf("large.mp4", List.of());
          return begun.isPresent() && store.parts("large.mp4", begun.get()).size() >= 2;
        });
        child.kill();
        wire.cut();
      }
      wire.allowAll();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("the large one is sent", () -> !Recordings.isMarked(large));
      }

      assertThat(of(seen, "PUT", "/small.mp4")).hasSize(1).allSatisfy(put ->
          assertThat(put.headers()).containsAllEntriesOf(ASKED).containsEntry("x-amz-meta-from", "small.mp4"));
      assertThat(of(seen, "POST", "/large.mp4?uploads")).hasSize(1).allSatisfy(create ->
          assertThat(create.headers()).containsAllEntriesOf(ASKED).containsEntry("x-amz-meta-from", "large.mp4"));
      assertThat(of(seen, "PUT", "partNumber=")).hasSizeGreaterThan(4).allSatisfy(part ->
          assertThat(part.headers()).doesNotContainKeys("x-amz-storage-class", "x-amz-tagging", "x-amz-acl"));
      assertThat(of(seen, "POST", "/large.mp4?uploadId=")).isNotEmpty().allSatisfy(complete ->
          assertThat(complete.headers()).doesNotContainKeys("x-amz-storage-class", "x-amz-tagging", "x-amz-acl"));
      assertThat(of(seen, "PUT", "/.reelway-probe/")).isNotEmpty()
          .anySatisfy(put -> assertThat(put.headers()).containsEntry("x-amz-acl", "private"));
      assertThat(seen.all()).allSatisfy(request -> assertThat(request.headers())
          .containsEntry("x-amz-expected-bucket-owner", "123456789012")
          .containsEntry("x-amz-request-payer", "requester"));
    }
    for (Path file : List.of(small, large)) {
      String key = file.getFileName().toString();
      assertThat(store.bytes(key)).isEqualTo(Recordings.bytes(file));
      var head = store.client().headObject(get -> get.bucket(TestStore.BUCKET).key(key));
      assertThat(head.contentType()).isEqualTo("video/x-studio");
      assertThat(head.cacheControl()).isEqualTo("max-age=60");
      assertThat(head.contentDisposition()).isEqualTo("attachment");
      assertThat(head.metadata()).containsEntry("station", "studio-1").containsEntry("from", key);
    }
  }

  @Test
  void aStoreThatDoesNotEncryptIsFoundByCheckAndByTheFirstRecordingBeforeItIsSent() {
    Path file = recordings.random("secret.mp4", 6 * Recordings.MIB, 3);
    Recordings.mark(file);
    try (SeenRequests seen = SeenRequests.of(store.endpoint())) {
      var check = ChildReelway.command(folder, "check")
          .set("reelway.recordings.folder", folder.resolve("recordings"))
          .set("reelway.store.endpoint", seen.endpoint())
          .set("reelway.store.bucket", TestStore.BUCKET)
          .set("reelway.store.access-key", TestStore.ACCESS_KEY)
          .set("reelway.store.secret-key", TestStore.SECRET_KEY)
          .set("reelway.store.encryption", "s3")
          .finish();
      assertThat(check.code()).isEqualTo(1);
      assertThat(check.out()).contains("reelway.store.encryption").contains("not ok");

      try (ChildReelway child = ChildReelway.sidecar(folder, seen.endpoint())
          .set("reelway.store.encryption", "s3").startReady()) {
        child.awaitLog("the object was to carry what reelway.store.encryption asks for");
        child.await("health says so", () -> child.management().get("/observe/health").body().contains("NotImplemented"));
      }
      assertThat(seen.all()).noneMatch(request -> request.line().contains("secret.mp4"));
    }
    assertThat(Recordings.isMarked(file)).isTrue();
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereIsSaidAtStartOnceAndByHealthAndStopsNothing() {
    try (ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.store.bucket", "elsewhere").startReady()) {
      child.awaitLog("the bucket is not as it should be: HEAD " + store.endpoint() + "/elsewhere: 404 NoSuchBucket");
      assertThat(child.err()).contains("create bucket elsewhere or correct reelway.store.bucket; recordings stay where");
      assertThat(child.management().get("/observe/health").body()).contains("404 NoSuchBucket");
      assertThat(child.err().split("the bucket is not as it should be", -1)).hasSize(2);
    }
  }
}
