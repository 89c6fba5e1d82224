package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TurnStore;
import org.reelway.testkit.Turns;
import org.reelway.testkit.Turns.Turn;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Two Reelways that know nothing of each other and write at the same time: each is stopped before every one of its calls
 * to the store while the other makes any number of its own.
 */
class TwoWritersTest {
  /** More than a writer makes in any of the tests. */
  private static final int MOST_CALLS = 20;

  @TempDir Path temp;
  private TestStore server;
  private Store real;

  private enum How {
    SINGLE,
    PARTS
  }

  private record Result(VerifiedObject first, VerifiedObject second, String prefix, Turns turns) {}

  @BeforeEach
  void start() {
    server = TestStore.start(temp.resolve("store"));
    real =
        new S3Store(
            new StoreConnection(
                server.endpoint(),
                "us-east-1",
                true,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY),
                null));
  }

  @AfterEach
  void stop() {
    real.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"SINGLE,true", "SINGLE,false", "PARTS,true", "PARTS,false"})
  void twoRecordingsOfOneNameBecomeTwoVersionsWhateverTheOrderOfTheirCalls(How how, boolean conditions)
      throws Exception {
    Path one = new Recordings(temp.resolve("one")).random("cam.mp4", 3000, 1).toRealPath();
    Path two = new Recordings(temp.resolve("two")).random("cam.mp4", 3000, 2).toRealPath();
    inEveryOrder(script -> {
      Result result = run(script, how, conditions, OnExisting.VERSION, one, two);

      assertThat(result.first().key()).as("%s", script).isNotEqualTo(result.second().key());
      assertThat(server.bytes(result.first().key())).as("%s", script).isEqualTo(Recordings.bytes(one));
      assertThat(server.bytes(result.second().key())).as("%s", script).isEqualTo(Recordings.bytes(two));
      assertThat(keys(result)).as("%s", script).hasSize(2);
      assertThat(server.uploads()).as("%s", script).isEmpty();
      return result;
    });
  }

  @ParameterizedTest
  @CsvSource({
    "SINGLE,true,VERSION", "SINGLE,false,VERSION", "PARTS,true,VERSION", "PARTS,false,VERSION",
    "SINGLE,true,OVERWRITE", "SINGLE,false,OVERWRITE", "PARTS,true,OVERWRITE", "PARTS,false,OVERWRITE"
  })
  void oneRecordingSentByTwoAtOnceIsOneObjectAlsoWithoutClaims(How how, boolean conditions, OnExisting choice)
      throws Exception {
    Path file = new Recordings(temp.resolve("one")).random("cam.mp4", 3000, 1).toRealPath();
    inEveryOrder(script -> {
      Result result = run(script, how, conditions, choice, file, file);

      assertThat(keys(result)).as("%s", script).containsExactly(result.first().key());
      assertThat(result.second().key()).as("%s", script).isEqualTo(result.first().key());
      assertThat(server.bytes(result.first().key())).as("%s", script).isEqualTo(Recordings.bytes(file));
      assertThat(server.uploads()).as("%s", script).isEmpty();
      return result;
    });
  }

  /** The first writer makes some calls, the second some, then the first goes on to its end, and then the second. */
  private static void inEveryOrder(Try once) throws Exception {
    for (int first = 0; first < MOST_CALLS; first++) {
      Result result = null;
      for (int second : List.of(1, 2, 3, MOST_CALLS)) {
        if (result == null || !result.turns().endedInItsTurn(1)) {
          result = once.run(List.of(new Turn(0, first), new Turn(1, second)));
        }
      }
      if (result.turns().endedInItsTurn(0)) {
        return;
      }
    }
    throw new AssertionError("a writer makes more than " + MOST_CALLS + " calls: try more");
  }

  @FunctionalInterface
  private interface Try {
    Result run(List<Turn> script) throws Exception;
  }

  private List<String> keys(Result result) {
    return server
        .client()
        .listObjectsV2(list -> list.bucket(TestStore.BUCKET).prefix(result.prefix() + "/"))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private Result run(
      List<Turn> script, How how, boolean conditions, OnExisting choice, Path first, Path second) throws Exception {
    String prefix = script.get(0).calls() + "-" + script.get(1).calls();
    TransferTarget target = new TransferTarget(TestStore.BUCKET, prefix, "", choice);
    Turns turns = new Turns(script);
    CompletableFuture<VerifiedObject> one = writer(0, turns, how, conditions, target, first);
    CompletableFuture<VerifiedObject> two = writer(1, turns, how, conditions, target, second);
    return new Result(one.get(90, TimeUnit.SECONDS), two.get(90, TimeUnit.SECONDS), prefix, turns);
  }

  private CompletableFuture<VerifiedObject> writer(
      int number, Turns turns, How how, boolean conditions, TransferTarget target, Path file) throws Exception {
    Path state = Files.createDirectories(temp.resolve("state-" + number));
    RecordingFolder folder = RecordingFolder.of(file.getParent(), state.resolve("markers"));
    Markers markers = new Markers(state.resolve("set-aside"), Clock.systemUTC());
    Own own = new Own(new TurnStore(real, turns, number, conditions));
    var recording = markers.mark(folder, file, null);
    return CompletableFuture.supplyAsync(
        () -> {
          try (Transfers transfers = transfers(own, markers, how, conditions)) {
            VerifiedObject object = transfers.transfer(recording, target);
            markers.remove(recording);
            return object;
          } finally {
            turns.finished(number);
          }
        },
        work -> new Thread(work, "writer-" + number).start());
  }

  private Transfers transfers(Own own, Markers markers, How how, boolean conditions) {
    StoreCapabilities capabilities = new StoreCapabilities(ChecksumKind.CRC32C, conditions, conditions, conditions);
    return new Transfers(
        own,
        markers,
        bucket -> capabilities,
        own,
        new TransferObserver() {},
        new Transfers.Limits(
            how == How.SINGLE ? 1 << 20 : 0,
            5L << 20,
            1,
            3,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(2))),
        RecordingAttributes.NONE,
        Clock.systemUTC(),
        new StoreDirectory());
  }

  /** Aborts what this writer began, and fails where it is asked to abort the other's. */
  private static final class Own extends org.reelway.testkit.ForwardingStore implements Abandoned {
    private final Set<String> begun = ConcurrentHashMap.newKeySet();

    Own(Store store) {
      super(store);
    }

    @Override
    public String createMultipart(
        String bucket,
        String key,
        org.reelway.transfer.store.ObjectAttributes attributes,
        ChecksumKind kind) {
      String id = super.createMultipart(bucket, key, attributes, kind);
      begun.add(id);
      return id;
    }

    @Override
    public void abort(String bucket, String key, String uploadId, String why) {
      if (begun.contains(uploadId)) {
        super.abortMultipart(bucket, key, uploadId);
      }
    }
  }
}
