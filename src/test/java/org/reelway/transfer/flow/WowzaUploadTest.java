package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/**
 * Uploads that the Wowza module began of files with more than ten thousand parts of the size that its marker notes. The
 * store takes parts of any size here, so that a megabyte stands for 52 GB.
 */
class WowzaUploadTest {
  private static final int NOTED = 100;
  private static final int PART = 101;
  private static final int SIZE = 10_000 * PART - 50;
  private static final int STORED = 9_990;

  @TempDir Path temp;

  /** Holds parts of any size, and puts them together. */
  private static final class SmallParts extends ForwardingStore {
    final SortedMap<Integer, byte[]> parts = new ConcurrentSkipListMap<>();
    int sent;
    int created;

    SmallParts(Store real) {
      super(real);
    }

    @Override
    public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
      created++;
      return super.createMultipart(bucket, key, attributes, kind);
    }

    private static StoredPart part(int number, byte[] bytes) {
      try {
        byte[] md5 = MessageDigest.getInstance("MD5").digest(bytes);
        return new StoredPart(number, bytes.length, HexFormat.of().formatHex(md5), Map.of());
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<StoredPart> listParts(String bucket, String key, String uploadId) {
      return parts.entrySet().stream().map(entry -> part(entry.getKey(), entry.getValue())).toList();
    }

    @Override
    public synchronized StoredPart uploadPart(
        String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent to) {
      Body.FileSlice slice = (Body.FileSlice) body;
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate((int) slice.length());
      try {
        slice.channel().read(bytes, slice.offset());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      parts.put(number, bytes.array());
      sent++;
      return part(number, bytes.array());
    }

    @Override
    public StoredObject completeMultipart(
        String bucket, String key, String uploadId, List<StoredPart> all, Checksum full, Precondition precondition) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      parts.values().forEach(whole::writeBytes);
      Body.Bytes body = new Body.Bytes(whole.toByteArray());
      return super.put(
          bucket, key, body, Checksums.of(ChecksumKind.CRC32C, body), ObjectAttributes.NONE, precondition, Sent.NOBODY);
    }
  }

  @Test
  void partsThatAreLargerThanTheMarkerNotesAreGoneOnWith() throws Exception {
    try (TestStore server = TestStore.start(temp.resolve("store"))) {
      SmallParts store = new SmallParts(FlowFixture.connect(server));
      try (FlowFixture parts =
          new FlowFixture(temp, store, new StoreCapabilities(ChecksumKind.CRC32C, true, true, true))) {
        Path file = parts.recordings.random("long.mp4", SIZE, 1);
        byte[] content = Recordings.bytes(file);
        for (int number = 1; number <= STORED; number++) {
          store.parts.put(number, Arrays.copyOfRange(content, (number - 1) * PART, number * PART));
        }
        Recordings.mark(
            file,
            "{\"pauseType\":\"upload\",\"bucketName\":\"" + TestStore.BUCKET + "\",\"key\":\"long.mp4\",\"file\":\"" + file
                + "\",\"multipartUploadId\":\"of-wowza\",\"partSize\":" + NOTED
                + ",\"mutlipartUploadThreshold\":16777216}");
        RecordingWork work = parts.inHand(parts.found(file));

        parts.flow.transfer(work, FlowFixture.target());
        parts.flow.ended(work, null);

        assertThat(store.sent).as("parts that were missing").isEqualTo(10_000 - STORED);
        assertThat(store.created).as("nothing is begun anew").isZero();
        assertThat(server.bytes("long.mp4")).isEqualTo(content);
      }
    }
  }
}
