package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.RecordingStory;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.StoreDirectory;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.observe.TransferHistory;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredPart;

/** What becomes of a recording when its route, the names of stores or their settings change between two tries (P1, P2, P3, P6). */
class OtherStoresTest {
  private static final String KEY = "show.mp4";
  private static final StoreCapabilities ABLE = new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true);

  @TempDir static Path servers;
  private static TestStore one;
  private static TestStore other;

  @TempDir Path temp;
  private FlowFixture parts;
  private MarkedRecording recording;
  private byte[] bytes;

  @BeforeAll
  static void start() {
    one = TestStore.start(servers.resolve("one"));
    other = TestStore.start(servers.resolve("other"));
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
  }

  @BeforeEach
  void record() {
    parts = new FlowFixture(temp, one);
    Path file = parts.recordings.random(KEY, 12 * Recordings.MIB, System.nanoTime());
    bytes = Recordings.bytes(file);
    Recordings.mark(file);
    recording = parts.found(file);
  }

  @AfterEach
  void clear() {
    parts.close();
    for (TestStore server : new TestStore[] {one, other}) {
      server.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(KEY));
      server.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads().forEach(upload ->
          server.client().abortMultipartUpload(
              abort -> abort.bucket(TestStore.BUCKET).key(upload.key()).uploadId(upload.uploadId())));
    }
  }

  /** Takes the first part of an upload and no other. */
  private static final class Breaking extends ForwardingStore {
    private final AtomicInteger sent = new AtomicInteger();

    Breaking(Store real) {
      super(real);
    }

    @Override
    public StoredPart uploadPart(
        String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent told) {
      if (sent.incrementAndGet() > 1) {
        throw new DestinationFailure("the line is cut");
      }
      return super.uploadPart(bucket, key, uploadId, number, body, checksum, told);
    }
  }

  /** As a program has them whose settings name these stores beside the primary. */
  private final class Program {
    private final StoreDirectory directory = new StoreDirectory();
    private final Map<String, StoreWay> ways = new HashMap<>();
    private RecordingFlow flow;

    Program with(String name, TestStore server, boolean breaks) {
      S3Store connected = FlowFixture.connect(server.endpoint(), Duration.ofSeconds(20), name);
      Store store = new LedgerStore(breaks ? new Breaking(connected) : connected, parts.begun);
      AbortQueue aborts = new AbortQueue(
          store, new AbandonedUploads(parts.database.jdbi(), parts.clock, "here", name.isEmpty() ? null : "reelway.store." + name),
          parts.begun::isOurs);
      directory.add(store, aborts);
      Transfers transfers = new Transfers(
          store, parts.markers, bucket -> ABLE, aborts, new TransferHistory(parts.history),
          new Transfers.Limits(6L << 20, 5L << 20, 1, 1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2))),
          RecordingAttributes.NONE, parts.clock, directory);
      ways.put(name, new StoreWay(transfers, new StoreOutlook(name, parts.clock), SecondStore.NONE));
      return this;
    }

    Program with(String name, TestStore server) {
      return with(name, server, false);
    }

    RecordingFlow flow() {
      if (flow == null) {
        flow = new RecordingFlow(
            ways, parts.markers, parts.history, parts.finished, FlowFixture.BACKOFF, FlowFixture.REST, parts.clock, () -> false);
      }
      return flow;
    }

    VerifiedObject send(String store) {
      return flow().transfer(parts.inHand(recording), to(store));
    }
  }

  private static TransferTarget to(String store) {
    return new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE, false, store);
  }

  /** One part of three is in the store, and the marker names the upload. */
  private Resume halfSent(String store, TestStore server) {
    Program program = new Program().with("", one).with(store, server, true);
    assertThatThrownBy(() -> program.send(store)).hasMessageContaining("the line is cut");
    Resume marker = (Resume) parts.markers.read(recording);
    assertThat(marker.upload().store()).isEqualTo(store);
    assertThat(server.parts(KEY, marker.upload().uploadId())).hasSize(1);
    parts.queue.again(recording, Duration.ZERO);
    return marker;
  }

  private RecordingStory story(VerifiedObject object) {
    String id = org.reelway.recording.RecordingId.of(recording.file(), object.file());
    return parts.history.findWritten(id).orElseThrow();
  }

  @Test
  void aRecordingGoesWhereItsRouteLeadsAndItsMarkerAndStorySayWhere() {
    RecordingWork work = parts.inHand(recording);
    Program program = new Program().with("", one).with("archive", other);

    VerifiedObject object = program.flow().transfer(work, to("archive"));

    assertThat(other.bytes(KEY)).isEqualTo(bytes);
    assertThat(one.keys()).isEmpty();
    assertThat(((Verified) parts.markers.read(recording)).verified().store()).isEqualTo("archive");
    assertThat(story(object).store()).isEqualTo("archive");
    program.flow().tidy(work, Tidy.DELETE, null);
    assertThat(recording.file()).doesNotExist();
    assertThat(recording.marker()).doesNotExist();
  }

  @Test
  void anUploadGoesOnInItsNamedStoreAfterARestart() {
    halfSent("archive", other);

    VerifiedObject object = new Program().with("", one).with("archive", other).send("archive");

    assertThat(story(object).partsResumed()).isEqualTo(1);
    assertThat(other.bytes(KEY)).isEqualTo(bytes);
    assertThat(one.keys()).isEmpty();
  }

  @Test
  void aRouteThatLeadsElsewhereNowGivesTheUploadUpInTheStoreWhereItWasBegun() {
    halfSent("archive", other);

    VerifiedObject object = new Program().with("", one).with("archive", other).send("");

    assertThat(story(object).partsResumed()).isZero();
    assertThat(story(object).store()).isNull();
    assertThat(one.bytes(KEY)).isEqualTo(bytes);
    assertThat(other.uploads()).as("ours, and aborted there").isEmpty();
    assertThat(parts.events(story(object).id()))
        .contains("not resumed: the marker's upload is in the store archive, this recording now goes to the primary store");
  }

  @Test
  void aStoreThatGotAnotherNameIsKnownByThePartsThatItLists() {
    halfSent("archive", other);

    VerifiedObject object = new Program().with("", one).with("vault", other).send("vault");

    assertThat(story(object).partsResumed()).isEqualTo(1);
    assertThat(other.uploads()).isEmpty();
    assertThat(((Verified) parts.markers.read(recording)).verified().store()).isEqualTo("vault");
  }

  @Test
  void oneStoreUnderTwoNamesIsKnownByItsAddress() {
    halfSent("archive", other);

    VerifiedObject object = new Program().with("", one).with("archive", other).with("again", other).send("again");

    assertThat(story(object).partsResumed()).isEqualTo(1);
  }

  @Test
  void anUploadInAStoreThatIsNotNamedAnyMoreIsToldAndLeftAndTheRecordingSent() {
    Resume marker = halfSent("archive", other);

    try (LogLines log = new LogLines(StoreDirectory.class.getName())) {
      new Program().with("", one).send("");

      assertThat(log.all()).singleElement().asString()
          .contains("stays in the store archive").contains("reelway.stores does not name it any more")
          .contains(marker.upload().uploadId());
    }
    assertThat(one.bytes(KEY)).isEqualTo(bytes);
    assertThat(other.uploads()).containsExactly(marker.upload().uploadId());
    assertThat(parts.begun.all()).extracting(upload -> upload.uploadId()).as("the janitor tells of it")
        .contains(marker.upload().uploadId());
  }

  @Test
  void aMarkerThatIsRestartedAbortsItsUploadWhereItIs() {
    halfSent("archive", other);
    Program program = new Program().with("", one).with("archive", other);

    new RestartPolicy(
        OnRestart.RESTART, parts.markers, new org.reelway.recording.Claims(), program.directory, parts.history, parts.finished)
        .apply(parts.folder);

    assertThat(other.uploads()).isEmpty();
    assertThat(parts.markers.read(recording)).isNotInstanceOf(Resume.class);
  }

  /** Verified in the store, its file deleted, and killed before the marker went away. */
  private void tidiedAndKilled() throws IOException {
    new Program().with("", one).with("archive", other).send("archive");
    Files.delete(recording.file());
    parts.queue.again(recording, Duration.ZERO);
  }

  @Test
  void aTidiedRecordingIsLookedForWhereItWasSentWhereverItsRouteLeadsNow() throws IOException {
    tidiedAndKilled();

    VerifiedObject object = new Program().with("", one).with("archive", other).send("");

    assertThat(object.store()).isEqualTo("archive");
    assertThat(one.keys()).isEmpty();
  }

  @Test
  void theMarkerOfATidiedRecordingWaitsUntilItsStoreIsNamedAgain() throws IOException {
    tidiedAndKilled();
    VerifiedState before = ((Verified) parts.markers.read(recording)).verified();

    Throwable failure = catchThrowable(() -> new Program().with("", one).send(""));

    assertThat(failure).isInstanceOf(OurFailure.class)
        .hasMessageContaining("was verified in the store archive as recordings/show.mp4 and tidied")
        .hasMessageContaining("name it again").hasMessageContaining(recording.marker().toString());
    assertThat(((Verified) parts.markers.read(recording)).verified()).isEqualTo(before);
    parts.queue.again(recording, Duration.ZERO);
    assertThat(new Program().with("", one).with("archive", other).send("archive").store()).isEqualTo("archive");
  }

  @Test
  void aNameThatARouteComputedAndNothingHasWaits() {
    assertThatThrownBy(() -> new Program().with("", one).send("nowhere"))
        .isInstanceOf(OurFailure.class)
        .hasMessage("the route sends to the store \"nowhere\", which reelway.stores does not name; name it there, with"
            + " reelway.store.nowhere.bucket, or correct the route");
    assertThat(Recordings.isMarked(recording.file())).isTrue();
  }
}
