package org.reelway.transfer.habits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.habits.HabitsFile.Difference;
import org.reelway.transfer.store.CredentialsSource;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreFailure;
import software.amazon.awssdk.core.sync.RequestBody;

/** All habits of a real store, asked for below a prefix in which others have objects and uploads. */
class StoreHabitsTest {
  @TempDir Path temp;
  private TestStore server;
  private String foreign;

  @BeforeEach
  void start() {
    server = TestStore.start(temp.resolve("store"));
    server.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key("rec/.reelway-probe/others"), RequestBody.fromString("not ours"));
    foreign = server.beginUpload("rec/.reelway-probe/others");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void assertOnlyOthersAreLeft() {
    assertThat(server.keys()).containsExactly("rec/.reelway-probe/others");
    assertThat(server.uploads()).containsExactly(foreign);
  }

  private static S3Store store(URI endpoint, String secret) {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            CredentialsSource.fixed(TestStore.ACCESS_KEY, secret), null));
  }

  private static StoreHabits.Found find(S3Store store, String bucket) {
    return new StoreHabits(
            store, bucket, "rec", prefix -> new StoreProbe(store, bucket, prefix, Optional.empty()), Clock.systemUTC())
        .find("reelway test");
  }

  private StoreHabits.Found find(URI endpoint) {
    try (S3Store store = store(endpoint, TestStore.SECRET_KEY)) {
      return find(store, TestStore.BUCKET);
    }
  }

  @Test
  void theHabitsOfARealStoreAreFoundAndNothingIsLeft() {
    StoreHabits.Found found = find(server.endpoint());

    assertThat(found.left()).isEmpty();
    assertOnlyOthersAreLeft();
    assertThat(found.file().habits())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry("bucket.lifecycle.aborts-uploads", "unknown: 501 NotImplemented"),
                Map.entry("checksum.crc64nvme.complete.full-object.head", "crc64nvme, FULL_OBJECT"),
                Map.entry("checksum.sha256.complete.composite.head", "sha256-of-parts, COMPOSITE"),
                Map.entry("checksum.sha1.complete.full-object.create", "400 InvalidRequest"),
                Map.entry("checksum.md5.put.wrong", "400 BadDigest"),
                Map.entry("condition.complete.if-none-match.used-key", "412 PreconditionFailed"),
                Map.entry("condition.complete.if-none-match.used-key.upload-afterwards", "stays"),
                Map.entry("condition.put.if-match.other-etag", "412 PreconditionFailed"),
                Map.entry("condition.put.if-none-match.free-key", "200"),
                Map.entry("consistency.list-after-put", "at once"),
                Map.entry("errors.clock-an-hour-behind", "403 RequestTimeTooSkewed"),
                Map.entry("errors.get.missing-key", "404 NoSuchKey"),
                Map.entry("multipart.complete.unknown-upload", "404 NoSuchUpload"),
                Map.entry("multipart.complete.wrong-order", "200"),
                Map.entry("multipart.etag", "MD5 of the parts' MD5s, hyphen, number of parts"),
                Map.entry("multipart.first-part.5-mib-less-1-byte", "400 EntityTooSmall"),
                Map.entry("multipart.first-part.5-mib", "200"),
                Map.entry("multipart.list-parts.after-complete", "200, 0 parts"),
                Map.entry("put.etag", "MD5"),
                Map.entry("reelway.uses.checksum.put", "crc32c")));
  }

  @Test
  void twoProbesOfOneStoreAreTheSameLineByLine() {
    HabitsFile first = find(server.endpoint()).file();
    HabitsFile second = find(server.endpoint()).file();

    assertThat(first.differencesTo(second)).isEmpty();
    List<String> lines = first.text().lines().toList();
    List<String> others = second.text().lines().toList();
    assertThat(lines).filteredOn(line -> !others.contains(line)).allMatch(line -> line.startsWith("  \"header\": "));
    assertThat(HabitsFile.read("a", first.text())).isEqualTo(first);
  }

  @Test
  void aStoreThatDoesOtherwiseDiffersInThatOnly() {
    HabitsFile usual = find(server.endpoint()).file();
    try (FaultyStore wire = FaultyStore.before(server.endpoint())) {
      wire.direct(
          request ->
              request.operation() == Operation.COMPLETE && request.head().stream().anyMatch("If-None-Match: *"::equals)
                  ? StoreFault.errorInSuccess("NotImplemented")
                  : null);
      HabitsFile other = find(wire.endpoint()).file();

      assertThat(usual.differencesTo(other))
          .containsExactly(
              new Difference("condition.complete.if-none-match.free-key", "200", "200 NotImplemented"),
              new Difference(
                  "condition.complete.if-none-match.used-key", "412 PreconditionFailed", "200 NotImplemented"),
              new Difference("condition.complete.if-none-match.used-key.upload-afterwards", "stays", null),
              new Difference("reelway.uses.complete-if-absent", "yes", "no"));
      assertOnlyOthersAreLeft();
    }
  }

  @Test
  void aLostAnswerIsAskedForAgain() {
    HabitsFile usual = find(server.endpoint()).file();
    try (FaultyStore wire = FaultyStore.before(server.endpoint())) {
      wire.fail(Operation.PART, StoreFault.reset(), 1).fail(Operation.HEAD, StoreFault.refusal(503, "SlowDown"), 1);

      assertThat(usual.differencesTo(find(wire.endpoint()).file())).isEmpty();
    }
  }

  @Test
  void aBusyStoreIsNotTakenForOneThatCannotAndNothingIsLeft() {
    try (FaultyStore wire = FaultyStore.before(server.endpoint())) {
      wire.failAlways(Operation.COMPLETE, StoreFault.refusal(503, "SlowDown"));

      assertThatThrownBy(() -> find(wire.endpoint()))
          .isInstanceOf(DestinationFailure.class)
          .hasMessageContaining("too busy to be probed: it answered 3 times 503 SlowDown to POST rec/.reelway-probe/")
          .hasNoSuppressedExceptions();
      assertOnlyOthersAreLeft();
    }
  }

  @Test
  void whatCannotBeRemovedIsTold() {
    try (FaultyStore wire = FaultyStore.before(server.endpoint())) {
      wire.failAlways(Operation.ABORT, StoreFault.refusal(403, "AccessDenied"));

      StoreHabits.Found found = find(wire.endpoint());

      assertThat(found.left()).isNotEmpty().allMatch(left -> left.endsWith(" stays: 403 AccessDenied"));
      assertThat(found.left()).hasSize(server.uploads().size() - 1);
      assertThat(found.file().habits()).containsEntry("multipart.abort", "403 AccessDenied");
    }
  }

  @Test
  void whereNothingMayBeListedWhatTheProbeKnowsOfIsRemoved() {
    try (FaultyStore wire = FaultyStore.before(server.endpoint())) {
      wire.direct(
          request ->
              request.key().isEmpty() && request.operation() == Operation.OTHER
                  ? StoreFault.refusal(403, "AccessDenied")
                  : null);

      StoreHabits.Found found = find(wire.endpoint());

      assertThat(found.left()).isEmpty();
      assertThat(found.file().habits())
          .containsEntry("bucket.versioning", "403 AccessDenied")
          .containsEntry("consistency.list-after-put", "not within 10 looks");
      assertOnlyOthersAreLeft();
    }
  }

  @Test
  void aStoreThatIsAwayRefusesOrHasNoBucketSaysSo() {
    URI gone = server.endpoint();
    server.close();
    StoreFailure away = catchThrowableOfType(StoreFailure.class, () -> find(gone));
    assertThat(away).hasMessageContaining("check that the store runs, and reelway.store.endpoint");
    start();
    try (S3Store store = store(server.endpoint(), "another secret")) {
      assertThatThrownBy(() -> find(store, TestStore.BUCKET))
          .hasMessageContaining("403 SignatureDoesNotMatch")
          .hasMessageContaining("correct reelway.store.secret-key")
          .hasNoSuppressedExceptions();
    }
    try (S3Store store = store(server.endpoint(), TestStore.SECRET_KEY)) {
      assertThatThrownBy(() -> find(store, "nowhere")).hasMessageContaining("create bucket nowhere");
    }
  }

  @Test
  void aFileThatIsNoProbeOrOfANewerProgramIsRefused() {
    assertThatThrownBy(() -> HabitsFile.read("x.json", "{}"))
        .isInstanceOf(InputFailure.class)
        .hasMessage("x.json is no probe; name a file that reelway probe --out wrote");
    assertThatThrownBy(() -> HabitsFile.read("x.json", "{\"reelwayProbe\":"))
        .hasMessageStartingWith("x.json is not whole JSON");
    assertThatThrownBy(() -> HabitsFile.read("x.json", "{\"reelwayProbe\": 2, \"habits\": {}}"))
        .hasMessageContaining("was written by a newer Reelway (form 2, this one knows 1)");
  }
}
