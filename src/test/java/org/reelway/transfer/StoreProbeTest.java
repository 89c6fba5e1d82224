package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.SetClock;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.StoreHabit;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/** What a probe finds of a real store, and of the same store with one thing taken from it. */
class StoreProbeTest {
  @TempDir static Path stored;
  private static TestStore server;
  private static S3Store real;

  @TempDir Path temp;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final AtomicInteger probes = new AtomicInteger();

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
    real = connect("http://127.0.0.1:" + server.endpoint().getPort());
  }

  private static S3Store connect(String endpoint) {
    return new S3Store(
        new StoreConnection(
            java.net.URI.create(endpoint),
            "us-east-1",
            true,
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY),
            null));
  }

  @AfterAll
  static void stop() {
    real.close();
    server.close();
  }

  private static StoreProbe probe(Store store) {
    return new StoreProbe(store, TestStore.BUCKET, "pre", Optional.empty());
  }

  private static ProbeReport run(Store store) {
    return probe(store).run();
  }

  private static ProbeReport.Step step(ProbeReport report, String what) {
    return report.steps().stream().filter(step -> step.what().equals(what)).findFirst().orElseThrow();
  }

  private static class Ignoring extends ForwardingStore {
    Ignoring() {
      super(StoreProbeTest.real);
    }

    Checksum checksum(Checksum given) {
      return given;
    }

    Precondition condition(Precondition given) {
      return given;
    }

    @Override
    public StoredObject put(
        String bucket,
        String key,
        Body body,
        Checksum checksum,
        ObjectAttributes attributes,
        Precondition precondition,
        Sent sent) {
      return super.put(bucket, key, body, checksum(checksum), attributes, condition(precondition), sent);
    }

    @Override
    public StoredObject completeMultipart(
        String bucket, String key, String id, List<StoredPart> parts, Checksum full, Precondition precondition) {
      return super.completeMultipart(bucket, key, id, parts, full, condition(precondition));
    }
  }

  @Test
  void theEmbeddedStoreTakesRecordingsAndTheProbeLeavesNothingBehind() {
    ProbeReport report = run(real);

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().checksum()).isNotEqualTo(ChecksumKind.NONE);
    assertThat(report.steps()).noneMatch(step -> step.outcome() == Outcome.FAILED);
    assertThat(server.keys()).noneMatch(key -> key.contains(".reelway-probe"));
    assertThat(server.uploads()).isEmpty();
  }

  @Test
  void aChecksumThatIsTakenAndIgnoredIsNotUsed() {
    ProbeReport report =
        run(
            new Ignoring() {
              @Override
              Checksum checksum(Checksum given) {
                return null;
              }
            });

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().checksum()).isEqualTo(ChecksumKind.NONE);
    assertThat(step(report, "checksum crc32c").found()).isEqualTo("ignored: a wrong value was taken");
    assertThat(step(report, "checksum in use").outcome()).isEqualTo(Outcome.LESS);
  }

  @Test
  void conditionsThatAreIgnoredAreNotReliedOn() {
    ProbeReport report =
        run(
            new Ignoring() {
              @Override
              Precondition condition(Precondition given) {
                return Precondition.NONE;
              }
            });

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().putIfAbsent()).isFalse();
    assertThat(report.capabilities().completeIfAbsent()).isFalse();
    assertThat(report.capabilities().putIfMatch()).isFalse();
    assertThat(report.capabilities().completeIfMatch()).isFalse();
    assertThat(step(report, "put if absent").found()).isEqualTo("ignored: the last writer wins");
  }

  private static ProbeReport through(StoreHabit habit) {
    try (FaultyStore picky = FaultyStore.before(server.endpoint());
        S3Store store = connect(picky.endpoint().toString())) {
      picky.direct(habit);
      return run(store);
    }
  }

  @Test
  void anIfMatchThatIsNeverTrueIsNotUsedAndTheOtherConditionsAre() {
    ProbeReport report = through(StoreHabit.comparesEtagsToTheLetter());

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().putIfMatch()).isFalse();
    assertThat(report.capabilities().completeIfMatch()).isFalse();
    assertThat(report.capabilities().putIfAbsent()).isTrue();
    assertThat(report.capabilities().completeIfAbsent()).isTrue();
    assertThat(step(report, "put if match").found())
        .isEqualTo("not used: one that is true is refused as well: 412 PreconditionFailed");
    assertThat(server.keys()).noneMatch(key -> key.contains(".reelway-probe"));
    assertThat(server.uploads()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = Operation.class, names = {"PUT", "COMPLETE"})
  void conditionsOfPutsAndCompletionsAreFoundEachByItself(Operation operation) {
    StoreCapabilities found = through(StoreHabit.refusesConditions(operation)).capabilities();

    assertThat(List.of(found.putIfAbsent(), found.putIfMatch())).containsOnly(operation == Operation.COMPLETE);
    assertThat(List.of(found.completeIfAbsent(), found.completeIfMatch())).containsOnly(operation == Operation.PUT);
  }

  // ---- checksums, each call by itself

  static Stream<Arguments> refusals() {
    ChecksumKind crc = ChecksumKind.CRC32C;
    UploadChecksums full = UploadChecksums.of(crc);
    UploadChecksums md5 = UploadChecksums.of(ChecksumKind.MD5);
    return Stream.of(
        arguments("HEAD", StoreHabit.refusesChecksums(400, "InvalidArgument", Operation.HEAD), crc, full),
        arguments("put", StoreHabit.refusesCrcs(400, "InvalidArgument", Operation.PUT), ChecksumKind.MD5, full),
        arguments("creation", StoreHabit.refusesCrcs(501, "NotImplemented", Operation.CREATE), crc,
            new UploadChecksums(crc, false, false)),
        arguments("part", StoreHabit.refusesCrcs(400, "BadDigest", Operation.PART), crc, md5),
        arguments("completion", StoreHabit.refusesCrcs(400, "InvalidPart", Operation.COMPLETE), crc,
            new UploadChecksums(crc, true, false)),
        arguments("completion with 500", StoreHabit.refusesCrcs(500, "InternalError", Operation.COMPLETE), crc,
            new UploadChecksums(crc, true, false)),
        arguments("all", StoreHabit.refusesAllChecksums(), ChecksumKind.NONE, UploadChecksums.of(ChecksumKind.NONE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aChecksumThatOneCallRefusesIsUsedAtTheOthers(
      String where, StoreHabit habit, ChecksumKind put, UploadChecksums upload) {
    ProbeReport report = through(habit);

    assertThat(report.works()).as("%s", report.steps()).isTrue();
    assertThat(report.capabilities().checksum()).isEqualTo(put);
    assertThat(report.capabilities().upload()).isEqualTo(upload);
    assertThat(report.capabilities().putIfAbsent()).as("found by itself").isTrue();
    assertThat(server.keys()).noneMatch(key -> key.contains(".reelway-probe"));
    assertThat(server.uploads()).isEmpty();
  }

  @Test
  void whatWasChosenAndWhyIsTold() {
    ProbeReport none = through(StoreHabit.refusesAllChecksums());
    assertThat(step(none, "checksums of head").found())
        .isEqualTo("refused (x-amz-checksum-mode): not asked for, ETags and checked requests show what is stored");
    assertThat(step(none, "checksum in use").found())
        .isEqualTo("none (none is checked); the ETag, an MD5, shows what is stored");
    assertThat(step(none, "checksum of parts").found())
        .isEqualTo(
            "none (the ETag, the MD5 of the parts' MD5s, shows what is stored); not used: crc32c, creation: 400"
                + " InvalidArgument; crc64nvme, creation: 400 InvalidArgument; crc32c that is not named at creation, a part:"
                + " 400 InvalidArgument; crc64nvme that is not named at creation, a part: 400 InvalidArgument; md5, a part:"
                + " 400 InvalidArgument");

    ProbeReport part = through(StoreHabit.refusesCrcs(400, "InvalidPart", Operation.COMPLETE));
    assertThat(step(part, "checksum of parts").found())
        .isEqualTo(
            "crc32c (named at creation, sent with each part); not used: crc32c, the whole object's at completion: 400"
                + " InvalidPart");
  }

  @Test
  void aKindThatTheOperatorChoseAndTheStoreRefusesIsSaidWithTheSettingThatHelps() {
    try (FaultyStore picky = FaultyStore.before(server.endpoint());
        S3Store store = connect(picky.endpoint().toString())) {
      picky.direct(StoreHabit.refusesAllChecksums());
      ProbeReport report = new StoreProbe(store, TestStore.BUCKET, "", Optional.of(ChecksumKind.CRC32C)).run();

      assertThat(report.works()).isFalse();
      assertThat(step(report, "checksum in use").found())
          .isEqualTo(
              "reelway.store.checksum=crc32c, which the store does not take: set reelway.store.checksum to auto, which finds"
                  + " one that is");
      assertThat(step(report, "multipart").found())
          .endsWith("a part: 400 InvalidArgument; set reelway.store.checksum to auto, which finds one that is");
    }
  }

  @Test
  void aStoreThatShowsAnotherChecksumThanWasSentIsUsedWithAnother() {
    ProbeReport report =
        run(
            new ForwardingStore(StoreProbeTest.real) {
              @Override
              public Optional<StoredObject> head(String bucket, String key) {
                return super.head(bucket, key).map(
                    found ->
                        found.checksum(ChecksumKind.CRC32C).isEmpty()
                            ? found
                            : new StoredObject(
                                found.size(), found.etag(), null, Map.of(ChecksumKind.CRC32C, "AAAAAA=="), Map.of()));
              }
            });

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().checksum()).isEqualTo(ChecksumKind.CRC64NVME);
    assertThat(report.capabilities().upload()).isEqualTo(UploadChecksums.of(ChecksumKind.CRC64NVME));
  }

  @Test
  void aStoreThatShowsAnObjectWhereNoneIsDoesNotWork() {
    ProbeReport report =
        run(
            new ForwardingStore(StoreProbeTest.real) {
              @Override
              public Optional<StoredObject> head(String bucket, String key) {
                return super.head(bucket, key.replaceFirst("-none$", ""));
              }
            });

    assertThat(report.works()).isFalse();
    assertThat(step(report, "free key").found()).isEqualTo("the store shows an object where none is");
  }

  @Test
  void aStoreThatRefusesDeletesAndListingsStillTakesRecordings() {
    ProbeReport report =
        run(
            new ForwardingStore(StoreProbeTest.real) {
              @Override
              public void delete(String bucket, String key) {
                super.delete(bucket, key);
                throw new StoreFailure(403, "AccessDenied", "no deletes", null);
              }

              @Override
              public List<StoredPart> listParts(String bucket, String key, String uploadId) {
                throw new StoreFailure(403, "AccessDenied", "no listings", null);
              }
            });

    assertThat(report.works()).isTrue();
    assertThat(step(report, "delete").outcome()).isEqualTo(Outcome.LESS);
    assertThat(step(report, "list parts").found()).isEqualTo("interrupted uploads start again: no listings");
  }

  @Test
  void aMissingBucketAndAStoreThatIsAwayDoNotWork() {
    ProbeReport missing = new StoreProbe(real, "missing-bucket", "", Optional.empty()).run();
    assertThat(missing.works()).isFalse();
    assertThat(missing.capabilities()).isNull();

    try (S3Store away = connect("http://127.0.0.1:1")) {
      ProbeReport report = run(away);
      assertThat(report.works()).isFalse();
      assertThat(report.steps()).hasSize(1).allMatch(step -> step.outcome() == Outcome.FAILED);
    }
  }

  /** Refuses every other put: what the probe asks for by turns with plain ones, or all of them. */
  private static Store busy(int status, String code, java.util.function.Predicate<Checksum> refused) {
    return new ForwardingStore(StoreProbeTest.real) {
      @Override
      public StoredObject put(
          String bucket, String key, Body body, Checksum checksum, ObjectAttributes attributes,
          Precondition precondition, Sent sent) {
        if (refused.test(checksum)) {
          throw new StoreFailure(status, code, "not now", null);
        }
        return super.put(bucket, key, body, checksum, attributes, precondition, sent);
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"429, TooManyRequests", "503, SlowDown", "500, InternalError", "0, Timeout"})
  void aStoreThatIsBusyHalfWayIsNotTakenForOneThatChecksNothing(int status, String code) {
    AtomicInteger puts = new AtomicInteger();
    ProbedCapabilities busy = capabilities(busy(status, code, checksum -> puts.incrementAndGet() > 2), "AUTO");

    assertThatThrownBy(() -> busy.apply(TestStore.BUCKET))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageStartingWith("the store does not take recordings yet: busy: nothing can be told")
        .hasMessageContaining("not now");

    assertThat(temp.resolve("store-probe.json")).doesNotExist();
    assertThat(server.keys()).noneMatch(key -> key.contains(".reelway-probe"));
  }

  @Test
  void aStoreThatAlwaysFailsOnChecksumsButTakesTheRestIsUsedWithout() {
    ProbeReport report = run(busy(500, "InternalError", checksum -> checksum != null
        && checksum.kind() != ChecksumKind.MD5));

    assertThat(report.works()).isTrue();
    assertThat(report.capabilities().checksum()).isEqualTo(ChecksumKind.MD5);
  }

  @Test
  void aRefusalOfAccessSaysNothingAboutChecksums() {
    AtomicInteger puts = new AtomicInteger();
    // The third put is the one with a wrong CRC32C.
    ProbeReport report = run(busy(403, "AccessDenied", checksum -> puts.incrementAndGet() == 3));

    assertThat(step(report, "checksum crc32c").found()).isEqualTo("unclear: AccessDenied");
    assertThat(report.capabilities().checksum()).isEqualTo(ChecksumKind.CRC64NVME);
  }

  // ---- what is remembered

  private ProbedCapabilities capabilities(Store store, String wanted) {
    return new ProbedCapabilities(
        bucket -> {
          probes.incrementAndGet();
          return new StoreProbe(store, bucket, "", Optional.empty());
        },
        real.address(),
        wanted,
        temp.resolve("store-probe.json"),
        clock);
  }

  @Test
  void aProbeIsRememberedOverRestartsForAWeekAndForOneChoiceOfChecksum() throws Exception {
    StoreCapabilities found = capabilities(real, "AUTO").apply(TestStore.BUCKET);
    clock.forward(Duration.ofDays(7));
    assertThat(capabilities(real, "AUTO").apply(TestStore.BUCKET)).isEqualTo(found);
    assertThat(probes).hasValue(1);

    capabilities(real, "MD5").apply(TestStore.BUCKET);
    assertThat(probes).as("another choice").hasValue(2);
    capabilities(real, "AUTO").apply(TestStore.BUCKET);
    assertThat(probes).as("the first is still known").hasValue(2);

    clock.forward(Duration.ofMillis(1));
    capabilities(real, "AUTO").apply(TestStore.BUCKET);
    assertThat(probes).as("after a week").hasValue(3);

    Files.writeString(temp.resolve("store-probe.json"), "{\"torn");
    assertThat(capabilities(real, "AUTO").apply(TestStore.BUCKET)).isEqualTo(found);
    assertThat(probes).as("unreadable").hasValue(4);
  }

  @Test
  void aProbeThatFailedIsNotRemembered() {
    try (S3Store away = connect("http://127.0.0.1:1")) {
      ProbedCapabilities failing = capabilities(away, "AUTO");
      for (int tries = 1; tries <= 2; tries++) {
        assertThatThrownBy(() -> failing.apply(TestStore.BUCKET))
            .isInstanceOf(DestinationFailure.class)
            .hasMessageStartingWith("the store does not take recordings yet: bucket: ");
        assertThat(probes).hasValue(tries);
      }
    }
    assertThat(temp.resolve("store-probe.json")).doesNotExist();
    assertThat(capabilities(real, "AUTO").apply(TestStore.BUCKET)).isNotNull();
  }
}
