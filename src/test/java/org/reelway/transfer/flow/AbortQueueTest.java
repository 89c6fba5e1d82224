package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.StateDatabase;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

class AbortQueueTest {
  @TempDir Path temp;
  private String refused = "";

  private final class Refusing extends ForwardingStore {
    Refusing(Store real) {
      super(real);
    }

    @Override
    public void abortMultipart(String bucket, String key, String uploadId) {
      if (key.equals(refused)) {
        throw new StoreFailure(403, "AccessDenied", "no right to abort " + key, null);
      }
      super.abortMultipart(bucket, key, uploadId);
    }
  }

  @Test
  void anAbortThatTheStoreDoesNotTakeWaitsOverARestartAndKeepsNoOtherFromItsTurn() {
    try (TestStore server = TestStore.start(temp.resolve("store"))) {
      String others = server.beginUpload("second.mp4");
      String first;
      try (FlowFixture parts = new FlowFixture(temp, server, Refusing::new)) {
        first = parts.beginUpload("first.mp4");
        String second = parts.beginUpload("second.mp4");
        refused = "first.mp4";
        parts.aborts.abort(TestStore.BUCKET, "first.mp4", first, "the file changed");
        parts.clock.forward(Duration.ofSeconds(1));
        refused = "second.mp4";
        parts.aborts.abort(TestStore.BUCKET, "second.mp4", second, "the file changed");
        refused = "first.mp4";
        assertThat(parts.abandoned.all()).hasSize(2);

        parts.aborts.work();

        assertThat(server.uploads()).as("only our own is aborted").containsExactlyInAnyOrder(first, others);
        assertThat(parts.abandoned.all()).extracting(AbandonedUploads.Upload::uploadId).containsExactly(first);
      }
      refused = "";
      try (FlowFixture parts = new FlowFixture(temp, server, Refusing::new)) {
        parts.aborts.work();

        assertThat(server.uploads()).containsExactly(others);
        assertThat(parts.abandoned.all()).isEmpty();
      }
    }
  }

  @Test
  void whatTheStateDoesNotKnowAsOursIsNeverAbortedAndSaidWhileItCostsAnything() {
    try (TestStore server = TestStore.start(temp.resolve("store"));
        FlowFixture parts = new FlowFixture(temp, server)) {
      String others = server.beginUpload("a.mp4");
      server.storePart("a.mp4", others, 1, new byte[] {1});
      try (LogLines log = new LogLines(AbortQueue.class.getName())) {
        parts.aborts.abort(TestStore.BUCKET, "a.mp4", others, "the file changed");
        parts.aborts.abort(TestStore.BUCKET, "a.mp4", others + "0", "the file changed");

        assertThat(log.all()).singleElement().asString().contains(others + " of", "is left alone");
      }
      assertThat(server.uploads()).containsExactly(others);
      assertThat(parts.abandoned.all()).isEmpty();
    }
  }

  @Test
  void anUploadIsAbortedAlsoWhereThatCannotBeNoted() throws Exception {
    try (TestStore server = TestStore.start(temp.resolve("store"));
        FlowFixture parts = new FlowFixture(temp, server)) {
      String id = server.beginUpload("a.mp4");
      StateDatabase broken = StateDatabase.open(temp.resolve("other"), parts.clock);
      broken.jdbi().useHandle(handle -> handle.execute("DROP TABLE abandoned_upload"));

      AbandonedUploads unwritable = new AbandonedUploads(broken.jdbi(), parts.clock, "here");
      AbortQueue queue = new AbortQueue(parts.store, unwritable, (in, at, upload) -> true);
      queue.abort(TestStore.BUCKET, "a.mp4", id, "the file changed");
      queue.work();

      assertThat(server.uploads()).isEmpty();
    }
  }
}
