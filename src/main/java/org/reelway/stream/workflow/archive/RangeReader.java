package org.reelway.stream.workflow.archive;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/** Parts of an object in the store; what was fetched last is not fetched again. Used by one thread. */
final class RangeReader {
  private static final int TRIES = 3;

  private final Store store;
  private final String bucket;
  private final ListedObject object;
  private byte[] window = {};
  private long windowStart;

  RangeReader(Store store, String bucket, ListedObject object) {
    this.store = store;
    this.bucket = bucket;
    this.object = object;
  }

  ListedObject object() {
    return object;
  }

  long size() {
    return object.size();
  }

  /** As many bytes as there are, up to the given number. */
  byte[] read(long offset, int most) {
    return read(offset, most, most);
  }

  /** @param ahead bytes that are fetched, where some have to be */
  byte[] read(long offset, int most, int ahead) {
    int length = (int) Math.min(most, size() - offset);
    if (offset < windowStart || offset + length > windowStart + window.length) {
      int fetched = (int) Math.min(Math.max(length, ahead), size() - offset);
      window = fetch(offset, fetched);
      windowStart = offset;
    }
    int from = (int) (offset - windowStart);
    return Arrays.copyOfRange(window, from, from + length);
  }

  /** Of hundreds of reads that somebody waits for, one may fail. */
  private byte[] fetch(long offset, int length) {
    for (int attempt = 1; ; attempt++) {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        store.get(bucket, object.key(), offset, length, bytes);
        return bytes.toByteArray();
      } catch (StoreFailure e) {
        if (!e.isTransient() || attempt == TRIES || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }
}
