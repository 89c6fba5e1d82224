package org.reelway.stream.workflow.archive;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * What lies in an archive, by names without its prefix. A listing is made once; used by one thread, for one request.
 */
final class ArchiveFolder {
  static final String INDEX = "index.m3u8";
  /** Of objects: each takes some 300 bytes here. */
  private static final int MOST = 200_000;

  /** Of a playlist: so many objects have shorter ones. */
  private static final int LONGEST = 32 << 20;

  private final Store store;
  private final ArchiveRoot root;
  private final Map<String, Map<String, ListedObject>> listed = new HashMap<>();
  private int objects;

  ArchiveFolder(Store store, ArchiveRoot root) {
    this.store = store;
    this.root = root;
  }

  ArchiveRoot root() {
    return root;
  }

  /** All whose names begin so. */
  void each(String beginning, BiConsumer<String, ListedObject> each) {
    beginning(beginning).forEach(each);
  }

  private Map<String, ListedObject> beginning(String beginning) {
    Map<String, ListedObject> known = listed.get(beginning);
    if (known != null) {
      return known;
    }
    Map<String, ListedObject> found = new HashMap<>();
    store.list(root.bucket(), root.prefix() + beginning, object -> {
      String name = object.key().substring(root.prefix().length());
      if (!name.isEmpty() && !name.contains("/")) {
        requireRoom();
        found.put(name, object);
      }
    });
    listed.put(beginning, found);
    return found;
  }

  private void requireRoom() {
    if (++objects > MOST) {
      throw new InputFailure("the archive " + root + " has more than " + MOST + " objects, and so many are not split");
    }
  }

  /** Of a counted name, listed with the thousand of its counter: a page of a listing. Null where it is not there. */
  ListedObject counted(String name) {
    int point = name.lastIndexOf('.');
    int end = point < 0 ? name.length() : point;
    int from = end;
    while (from > 0 && end - from < 3 && Character.isDigit(name.charAt(from - 1))) {
      from--;
    }
    return beginning(name.substring(0, from)).get(name);
  }

  /** Null where it is not there. */
  ListedObject object(String name, String beginning) {
    return beginning(beginning).get(name);
  }

  /** @throws InputFailure it is too long for a playlist */
  byte[] get(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
      @Override
      public synchronized void write(byte[] from, int offset, int length) {
        if (length > LONGEST - count) {
          throw new InputFailure(root + name + " is longer than the " + (LONGEST >> 20) + " MiB that are read of a playlist");
        }
        super.write(from, offset, length);
      }
    };
    store.get(root.bucket(), root.prefix() + name, bytes);
    return bytes.toByteArray();
  }

  /** Empty where it is not there. */
  Optional<byte[]> find(String name) {
    try {
      return Optional.of(get(name));
    } catch (StoreFailure e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
