package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * The whole program in a storm: any request may be refused, cut, lost, altered or met by silence, the probe's included.
 * {@code -Dreelway.seed=N} repeats one; {@code -Dreelway.faults=long} runs many.
 */
@Tag("campaign")
class FaultStormIT {
  private static final List<StoreFault> FAULTS = List.of(
      StoreFault.refusal(429, "TooManyRequests"),
      StoreFault.refusal(500, "InternalError"),
      StoreFault.refusal(503, "SlowDown"),
      StoreFault.refusal(403, "AccessDenied"),
      StoreFault.refusal(409, "OperationAborted"),
      StoreFault.reset(),
      StoreFault.silence(),
      StoreFault.lostAnswer(),
      StoreFault.halfAnswer(),
      StoreFault.errorInSuccess("InternalError"),
      StoreFault.flippedByte());

  @TempDir Path folder;

  static LongStream seeds() {
    if (System.getProperty("reelway.seed") != null) {
      return LongStream.of(Long.getLong("reelway.seed"));
    }
    long first = System.nanoTime();
    return "long".equals(System.getProperty("reelway.faults")) ? LongStream.range(first, first + 20) : LongStream.of(first);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRecordingBecomesOneVerifiedObject(long seed) throws Exception {
    System.out.println("fault storm: -Dreelway.seed=" + seed);
    boolean longer = "long".equals(System.getProperty("reelway.faults"));
    TreeMap<String, String> sent = recordings(seed, longer ? 100 : 24, longer ? 16 : 6);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      faulty.storm(seed, 0.2, FAULTS, request -> true);
      try (ChildReelway child = sidecar(faulty).startReady()) {
        child.await("all is done", () -> Stream.of(sent).flatMap(all -> all.keySet().stream())
            .noneMatch(name -> Recordings.isMarked(file(name))));
        faulty.heal();
        child.await("all stories end", () ->
            child.http().get("/recordings").json().at("/counts/done").asInt() == sent.size());
        assertRetriesAreTold(child);
        assertThat(child.err()).doesNotContain("ERROR");
      }
      assertThat(faulty.played()).as("faults").isGreaterThan(sent.size() / 4);
      assertStored(store, sent);
      assertNothingIsLeft(store);
    }
  }

  private Path file(String name) {
    return folder.resolve("recordings").resolve(name);
  }

  private TreeMap<String, String> recordings(long seed, int small, int large) throws Exception {
    Random random = new Random(seed);
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    TreeMap<String, String> digests = new TreeMap<>();
    for (int i = 0; i < small + large; i++) {
      int size = i < small ? random.nextInt(300_000) : 5 * Recordings.MIB + 1 + random.nextInt(7 * Recordings.MIB);
      String name = "day " + i % 3 + "/rec-" + i + ".mp4";
      Path file = recordings.random(name, size, random.nextLong());
      digests.put(name, sha256(Recordings.bytes(file)));
      Recordings.mark(file);
    }
    return digests;
  }

  private ChildReelway.CommandLine sidecar(FaultyStore faulty) {
    return ChildReelway.sidecar(folder, faulty.endpoint())
        .set("reelway.recordings.tidy", "delete")
        .set("reelway.store.idle-timeout", "500ms")
        .set("reelway.transfer.attempts", 3)
        .set("reelway.transfer.retry-first", "10ms")
        .set("reelway.transfer.retry-max", "100ms");
  }

  private static void assertRetriesAreTold(ChildReelway child) {
    String metrics = child.management().get("/observe/metrics").body();
    assertThat(value(metrics, "reelway_transfer_retries_total{class=\"destination\"}")).isPositive();
    assertThat(value(metrics, "reelway_store_up{store=\"primary\"}")).isEqualTo(1);
    int tries = 0;
    for (JsonNode story : child.http().get("/recordings?limit=500").json().path("recordings")) {
      tries += story.path("tries").asInt() + story.path("retries").asInt();
      // A probe in the storm may not have seen that the store shows checksums of whole objects.
      assertThat(story.path("evidence").asText()).as("what a store shows that checks: %s", story)
          .matches("crc(32c|64nvme):.*|crc32c of every request");
    }
    assertThat(tries).isPositive();
  }

  private static double value(String metrics, String name) {
    return metrics.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  private void assertStored(TestStore store, TreeMap<String, String> sent) throws Exception {
    List<String> keys = new ArrayList<>(store.keys());
    keys.removeIf(FaultStormIT::isOfAProbe);
    assertThat(keys).containsExactlyInAnyOrderElementsOf(sent.keySet());
    for (var each : sent.entrySet()) {
      assertThat(sha256(store.bytes(each.getKey()))).as(each.getKey()).isEqualTo(each.getValue());
      assertThat(Files.exists(file(each.getKey()))).as("tidied").isFalse();
    }
  }

  /** Only uploads whose id was lost with the answer to their creation: empty, and nobody can name them. */
  private static void assertNothingIsLeft(TestStore store) {
    for (MultipartUpload upload :
        store.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads()) {
      if (!isOfAProbe(upload.key())) {
        assertThat(store.parts(upload.key(), upload.uploadId())).as("%s", upload).isEmpty();
      }
    }
  }

  /** A probe that no answer reached may leave a few bytes below its own prefix; its uploads are the janitor's. */
  private static boolean isOfAProbe(String key) {
    return key.startsWith(".reelway-probe/");
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
