package org.reelway.transfer;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Map;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.transfer.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores that the settings name now: a marker can name another one than its route leads to. */
public final class StoreDirectory implements Abandoned {
  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);

  private final Map<String, Entry> stores = new ConcurrentHashMap<>();

  private record Entry(Store store, Abandoned abandoned) {}

  /** @param abandoned told of uploads of our own in it that nobody will complete */
  public void add(Store store, Abandoned abandoned) {
    stores.put(store.name(), new Entry(store, abandoned));
  }

  /** @param name empty for the primary store */
  public Optional<Store> find(String name) {
    return Optional.ofNullable(stores.get(name)).map(Entry::store);
  }

  /** One of the primary store. */
  @Override
  public void abort(String bucket, String key, String uploadId, String why) {
    stores.get("").abandoned().abort(bucket, key, uploadId, why);
  }

  @Override
  public void abort(UploadState upload, String why) {
    Entry entry = stores.get(upload.store());
    if (entry == null) {
      LOG.warn(
          "the unfinished upload {} of {}/{} stays in the store {} ({}): reelway.stores does not name it any more; the bucket's"
              + " lifecycle rule ends it",
          upload.uploadId(), upload.bucket(), upload.key(), upload.store(), why);
    } else {
      entry.abandoned().abort(upload.bucket(), upload.key(), upload.uploadId(), why);
    }
  }

  /** What is begun in the store of the name is aborted there, and what a marker names in its own. */
  Abandoned in(String name, Abandoned own) {
    return new Abandoned() {
      @Override
      public void abort(String bucket, String key, String uploadId, String why) {
        own.abort(bucket, key, uploadId, why);
      }

      @Override
      public void abort(UploadState upload, String why) {
        if (upload.store().equals(name)) {
          own.abort(upload, why);
        } else {
          StoreDirectory.this.abort(upload, why);
        }
      }
    };
  }
}
