package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.recording.MarkedRecording;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/**
 * Two sidecars with states of their own on one folder, without claims: while one is before one of its calls, the other
 * sends, verifies and tidies the same recording, marker and all.
 */
class TwoSidecarsTest {
  private static final StoreCapabilities CONDITIONS = new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true);
  private static final StoreCapabilities NONE = new StoreCapabilities(ChecksumKind.MD5, false, false, false);

  @TempDir Path temp;
  private TestStore server;

  @BeforeEach
  void start() {
    server = TestStore.start(temp.resolve("store"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Calls the other sidecar before the call of this number. */
  private static final class Interrupted extends ForwardingStore {
    private final AtomicInteger calls = new AtomicInteger();
    private Runnable other;
    private int at;
    private int interrupted;

    Interrupted(Store real) {
      super(real);
    }

    void interruptBefore(int call, Runnable by) {
      calls.set(0);
      at = call;
      other = by;
    }

    /** The last call before which it happened. */
    int interrupted() {
      return interrupted;
    }

    private void called() {
      if (calls.incrementAndGet() == at) {
        interrupted = at;
        other.run();
      }
    }

    @Override
    public Optional<StoredObject> head(String bucket, String key) {
      called();
      return super.head(bucket, key);
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
      called();
      return super.put(bucket, key, body, checksum, attributes, precondition, sent);
    }

    @Override
    public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
      called();
      return super.createMultipart(bucket, key, attributes, kind);
    }

    @Override
    public StoredPart uploadPart(
        String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
      called();
      return super.uploadPart(bucket, key, uploadId, number, body, checksum, sent);
    }

    @Override
    public StoredObject completeMultipart(
        String bucket,
        String key,
        String uploadId,
        java.util.List<StoredPart> parts,
        Checksum full,
        Precondition precondition) {
      called();
      return super.completeMultipart(bucket, key, uploadId, parts, full, precondition);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000,KEEP,true", "1000,DELETE,true", "1000,MOVE,false",
    "6500000,KEEP,false", "6500000,DELETE,true", "6500000,DELETE,false", "6500000,MOVE,true"
  })
  void whoeverIsSlowerEndsQuietlyWhereverItWas(int size, Tidy tidy, boolean conditions) throws Exception {
    Path watched = temp.resolve("recordings");
    StoreCapabilities capabilities = conditions ? CONDITIONS : NONE;
    Interrupted through = new Interrupted(FlowFixture.connect(server));
    try (FlowFixture fast =
            new FlowFixture(temp.resolve("fast"), watched, FlowFixture.connect(server), capabilities);
        FlowFixture slow = new FlowFixture(temp.resolve("slow"), watched, through, capabilities)) {
      int call = 1;
      do {
        overtake(call, size, tidy, fast, slow, through);
      } while (through.interrupted() == call++);
    }
  }

  private void overtake(
      int call, int size, Tidy tidy, FlowFixture fast, FlowFixture slow, Interrupted through) throws Exception {
    Path moved = temp.resolve("moved");
    String name = "cam-" + call + ".mp4";
    try (LogLines log = new LogLines("org.reelway")) {
      Path file = fast.recordings.random(name, size, call).toRealPath();
      byte[] content = Recordings.bytes(file);
      Recordings.mark(file);
      MarkedRecording recording = fast.found(file);
      through.interruptBefore(call, () -> send(fast, fast.inHand(recording), tidy, moved));
      send(slow, slow.inHand(slow.found(file)), tidy, moved);
      for (int tries = 0; slow.queue.size() > 0; tries++) {
        assertThat(tries).as("tries of the slower one, %s", log.all()).isLessThan(3);
        slow.clock.forward(Duration.ofMinutes(10));
        send(slow, slow.next(), tidy, moved);
      }
      assertThat(Recordings.isMarked(file)).as("%d %s", call, log.all()).isFalse();
      assertThat(file.toFile().exists()).as("%d", call).isEqualTo(tidy == Tidy.KEEP);
      assertThat(server.bytes(name)).as("%d", call).isEqualTo(content);
      assertThat(server.uploads()).as("%d %s", call, log.all()).isEmpty();
      assertThat(log.of("ERROR")).as("%d", call).isEmpty();
      assertThat(log.of("WARN")).as("%d", call).isEmpty();
      if (tidy == Tidy.MOVE) {
        assertThat(moved.resolve(name)).as("%d", call).hasBinaryContent(content);
        assertThat(moved.resolve(name.replace(".mp4", "_1.mp4"))).doesNotExist();
      }
    }
  }

  /** What the shipped routes do. */
  private static void send(FlowFixture sidecar, RecordingWork work, Tidy tidy, Path moved) {
    try {
      sidecar.flow.transfer(work, FlowFixture.target());
      sidecar.flow.tidy(work, tidy, moved);
      sidecar.flow.ended(work, null);
    } catch (RuntimeException e) {
      sidecar.flow.ended(work, e);
    }
  }
}
