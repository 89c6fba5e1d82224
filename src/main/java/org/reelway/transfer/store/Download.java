package org.reelway.transfer.store;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/**
 * An object that becomes a file: under a temporary, hidden name until every byte is there and compared, so that nobody takes half of
 * it for the whole. What breaks off goes on where it was.
 */
public final class Download {
  private static final Pattern MD5_ETAG = Pattern.compile("[0-9a-f]{32}");
  private static final int TRIES = 5;

  private final Store store;
  private final String bucket;
  private final String key;
  private final boolean compared;
  private final long firstPause;

  /**
   * @param compared whether its bytes are compared with what the store shows
   * @param firstPause milliseconds before the second try; each further one waits twice as long
   */
  public Download(Store store, String bucket, String key, boolean compared, long firstPause) {
    this.store = store;
    this.bucket = bucket;
    this.key = key;
    this.compared = compared;
    this.firstPause = firstPause;
  }

  /** @param evidence what was compared, such as {@code crc32c:…}; empty where the store shows no digest of the whole object */
  public record Done(long size, String evidence) {}

  /**
   * @param over whether a file that is there is written over
   * @throws DestinationFailure when the object is not there, cannot be read, or is not what the store says of it
   */
  public Done to(Path file, boolean over) {
    if (!over && Files.exists(file)) {
      throw there(file, null);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new InputFailure("the folder " + folder + " is not there; make it, or name another FILE");
    }
    StoredObject object = head();
    Path temporary = folder.resolve(".reelway-get-" + ProcessHandle.current().pid() + ".part");
    temporary.toFile().deleteOnExit();
    try {
      Done done = read(object, temporary);
      put(temporary, file, over);
      return done;
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be written: " + e.getMessage(), e);
    } finally {
      temporary.toFile().delete();
    }
  }

  private StoredObject head() {
    return store.head(bucket, key).orElseThrow(() -> new DestinationFailure(
        "no object is at " + store.address(bucket, key) + "; `reelway ls` lists what is there, keys begin with the store's prefix"));
  }

  private Done read(StoredObject object, Path temporary) throws IOException {
    Optional<ChecksumKind> kind = compared ? kind(object) : Optional.empty();
    try (FileOutputStream file = new FileOutputStream(temporary.toFile()); Bytes bytes = new Bytes(file, kind)) {
      for (int tries = 1; bytes.count < object.size(); tries++) {
        read(bytes, object.size(), tries);
      }
      file.getFD().sync();
      StoredObject now = head();
      if (bytes.count != object.size() || !now.etag().equals(object.etag())) {
        throw new DestinationFailure(store.address(bucket, key) + " was replaced while it was read; get it again");
      }
      return new Done(object.size(), kind.map(one -> evidence(one, object, bytes)).orElse(""));
    }
  }

  private void read(Bytes bytes, long size, int tries) {
    try {
      if (bytes.count == 0) {
        store.get(bucket, key, bytes);
      } else {
        store.get(bucket, key, bytes.count, size - bytes.count, bytes);
      }
    } catch (StoreFailure e) {
      if (!e.isTransient() || tries >= TRIES) {
        throw e;
      }
      pause(firstPause << tries - 1, e);
    }
  }

  private static void pause(long millis, StoreFailure failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private static Optional<ChecksumKind> kind(StoredObject object) {
    for (ChecksumKind kind : new ChecksumKind[] {ChecksumKind.CRC64NVME, ChecksumKind.CRC32C}) {
      if (object.checksum(kind).isPresent()) {
        return Optional.of(kind);
      }
    }
    boolean isMd5 = MD5_ETAG.matcher(object.etag()).matches() && !object.encryption().hidesMd5();
    return isMd5 ? Optional.of(ChecksumKind.MD5) : Optional.empty();
  }

  private String evidence(ChecksumKind kind, StoredObject object, Bytes bytes) {
    Checksum made = bytes.running.checksum();
    String shown = kind == ChecksumKind.MD5 ? object.etag() : object.checksums().get(kind);
    String found = kind == ChecksumKind.MD5 ? Checksums.etag(made) : made.base64();
    String word = kind.name().toLowerCase(Locale.ROOT);
    if (!found.equals(shown)) {
      throw new DestinationFailure("the bytes of " + store.address(bucket, key) + " have the " + word + " " + found
          + ", the store shows " + shown + "; nothing was kept. Get it again"
          + (kind == ChecksumKind.MD5 ? "; where this store's ETags are no MD5s, with --no-checksum" : ""));
    }
    return word + ":" + found;
  }

  /** Not over a file that came meanwhile, unless that is wanted. */
  private static void put(Path temporary, Path file, boolean over) throws IOException {
    try {
      if (over) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.move(temporary, file);
      }
    } catch (FileAlreadyExistsException e) {
      throw there(file, e);
    }
  }

  private static InputFailure there(Path file, Exception cause) {
    return new InputFailure(file + " is there already; name another FILE, or write over it with --force", cause);
  }

  private static final class Bytes extends OutputStream {
    private final OutputStream to;
    private final Checksums.Running running;
    private long count;

    Bytes(OutputStream to, Optional<ChecksumKind> kind) {
      this.to = to;
      this.running = kind.map(Checksums.Running::new).orElse(null);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
      if (running != null) {
        running.update(bytes, offset, length);
      }
      count += length;
    }
  }
}
