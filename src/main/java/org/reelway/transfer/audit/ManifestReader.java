package org.reelway.transfer.audit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/** Reads manifests from the bucket, a few at a time, for each is a request of its own. */
final class ManifestReader implements AutoCloseable {
  private static final int AT_ONCE = 8;

  private final Store store;
  private final String bucket;
  private final ManifestFormat format;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("manifest-reader"));

  ManifestReader(Store store, String bucket, ManifestFormat format) {
    this.store = store;
    this.bucket = bucket;
    this.format = format;
  }

  /**
   * @param manifest null where it cannot be used
   * @param problem why it cannot be used; null where it can
   */
  record Read(String key, Manifest manifest, String problem) {}

  /** In the order of the objects. */
  List<Read> read(List<ListedObject> objects) throws InterruptedException {
    List<Future<Read>> asked = new ArrayList<>();
    objects.forEach(object -> asked.add(threads.submit(() -> read(object))));
    List<Read> all = new ArrayList<>();
    for (Future<Read> one : asked) {
      try {
        all.add(one.get());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
      }
    }
    return all;
  }

  private Read read(ListedObject object) {
    if (object.size() > ManifestFormat.LARGEST) {
      return new Read(object.key(), null, "it is " + object.size() + " bytes long, manifests have at most "
          + ManifestFormat.LARGEST);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) object.size());
    try {
      store.get(bucket, object.key(), bytes);
      return new Read(object.key(), format.read(bytes.toByteArray()), null);
    } catch (InputFailure e) {
      return new Read(object.key(), null, e.getMessage());
    } catch (StoreFailure e) {
      if (e.status() == 404) {
        return new Read(object.key(), null, "it went away while the bucket was listed");
      }
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
