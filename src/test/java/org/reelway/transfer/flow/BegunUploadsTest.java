package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.BegunUploads;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredPart;

/** What the state knows of our own uploads at every step of a transfer through a real store. */
class BegunUploadsTest {
  private static final int LARGE = 11 * Recordings.MIB;

  @TempDir Path temp;
  private TestStore server;
  private FlowFixture parts;
  private final List<BegunUploads.Upload> atCreation = new ArrayList<>();
  private final List<Boolean> oursAtParts = new ArrayList<>();
  private RuntimeException createFails;
  private boolean afterTheDeed;

  @BeforeEach
  void join() {
    server = TestStore.start(temp.resolve("store"));
    parts = new FlowFixture(temp, server, Watching::new);
  }

  @AfterEach
  void part() {
    parts.close();
    server.close();
  }

  private final class Watching extends ForwardingStore {
    Watching(Store real) {
      super(real);
    }

    @Override
    public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
      atCreation.addAll(parts.begun.all());
      RuntimeException failure = createFails;
      createFails = null;
      String id = failure == null || afterTheDeed ? super.createMultipart(bucket, key, attributes, kind) : null;
      if (failure != null) {
        throw failure;
      }
      return id;
    }

    @Override
    public synchronized StoredPart uploadPart(
        String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
      oursAtParts.add(parts.begun.isOurs(bucket, key, uploadId));
      return super.uploadPart(bucket, key, uploadId, number, body, checksum, sent);
    }
  }

  private RecordingWork large() {
    Path file = parts.recordings.random("large.mp4", LARGE, 1);
    Recordings.mark(file);
    return parts.inHand(parts.found(file));
  }

  private void awaitRows(int count) {
    await().until(() -> parts.begun.all().size() == count);
  }

  @Test
  void anUploadIsKnownBeforeItsCreationAndOursUntilItIsComplete() {
    RecordingWork work = large();

    parts.flow.transfer(work, FlowFixture.target());

    BegunUploads.Upload intent = atCreation.get(0);
    assertThat(intent.uploadId()).isNull();
    assertThat(intent.key()).isEqualTo("large.mp4");
    assertThat(intent.recordingId()).isEqualTo(work.id());
    assertThat(intent.store()).isEqualTo(parts.store.address());
    assertThat(oursAtParts).hasSize(3).containsOnly(true);
    awaitRows(0);
  }

  @Test
  void aSmallRecordingCostsNoRow() {
    RecordingWork work = parts.inHand(parts.marked("small.mp4"));

    parts.flow.transfer(work, FlowFixture.target());

    assertThat(atCreation).isEmpty();
    assertThat(parts.begun.all()).isEmpty();
  }

  @Test
  void aCreationWhoseAnswerIsLostLeavesItsIntentAndTheNextOneIsOurs() {
    createFails = new StoreFailure(0, "ConnectionReset", "the answer was lost", null);
    afterTheDeed = true;

    parts.flow.transfer(large(), FlowFixture.target());

    awaitRows(1);
    assertThat(parts.begun.all()).singleElement().satisfies(row -> assertThat(row.uploadId()).isNull());
    assertThat(server.uploads()).as("the upload that only the intent tells of").hasSize(1);
    assertThat(parts.begun.isOurs(TestStore.BUCKET, "large.mp4", server.uploads().get(0))).isFalse();
  }

  @Test
  void aCreationThatTheStoreRefusesLeavesNothing() {
    createFails = new StoreFailure(403, "AccessDenied", "no", null);
    RecordingWork work = large();

    assertThatThrownBy(() -> parts.flow.transfer(work, FlowFixture.target())).hasMessage("no");

    awaitRows(0);
    assertThat(atCreation).hasSize(1);
  }

  @Test
  void anAbortedUploadIsNoLongerOurs() {
    String id = parts.store.createMultipart(TestStore.BUCKET, "a.mp4", ObjectAttributes.NONE, ChecksumKind.NONE);
    assertThat(parts.begun.isOurs(TestStore.BUCKET, "a.mp4", id)).isTrue();

    parts.aborts.abort(TestStore.BUCKET, "a.mp4", id, "the file changed");

    awaitRows(0);
  }

  @Test
  void onlyThisVeryUploadIsOurs() {
    String id = parts.store.createMultipart(TestStore.BUCKET, "a.mp4", ObjectAttributes.NONE, ChecksumKind.NONE);
    String others = server.beginUpload("a.mp4");

    assertThat(parts.begun.isOurs(TestStore.BUCKET, "a.mp4", id)).isTrue();
    assertThat(parts.begun.isOurs(TestStore.BUCKET, "b.mp4", id)).isFalse();
    assertThat(parts.begun.isOurs(TestStore.BUCKET, "a.mp4", others)).isFalse();
  }

  @Test
  void staleIsWhatWasBegunLongerAgo() {
    parts.store.createMultipart(TestStore.BUCKET, "old.mp4", ObjectAttributes.NONE, ChecksumKind.NONE);
    parts.clock.forward(Duration.ofDays(6));
    parts.store.createMultipart(TestStore.BUCKET, "new.mp4", ObjectAttributes.NONE, ChecksumKind.NONE);
    parts.clock.forward(Duration.ofDays(2));

    assertThat(parts.begun.stale(Duration.ofDays(7)))
        .extracting(BegunUploads.Upload::key)
        .containsExactly("old.mp4");
  }

  @Test
  void anUploadCanBeBegunAndAbortedWhereThatCannotBeNoted() {
    parts.database.jdbi().useHandle(handle -> handle.execute("DROP TABLE upload"));
    try (Store store = new LedgerStore(FlowFixture.connect(server), parts.begun)) {
      String id = store.createMultipart(TestStore.BUCKET, "a.mp4", ObjectAttributes.NONE, ChecksumKind.NONE);
      assertThat(server.uploads()).containsExactly(id);

      store.abortMultipart(TestStore.BUCKET, "a.mp4", id);
    }

    assertThat(server.uploads()).isEmpty();
  }
}
