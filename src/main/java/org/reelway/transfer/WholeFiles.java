package org.reelway.transfer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reelway.failure.Failure;
import org.reelway.recording.FileIdentity;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/**
 * Carries small files that have no marker into the store, each by one request, and verifies them as {@link Verification}
 * does. A call is one try; whoever calls decides on retries. A key that holds something else is never written over.
 */
public final class WholeFiles {
  /** Metadata that tells of which file an object is: {@code size:modifiedNanos}. */
  public static final String FILE = "reelway-file";

  /** A store may show what another writer did a moment later than it minds it. */
  private static final int MOST_IN_VAIN = 2;

  private final Store store;
  private final Capabilities capabilities;
  private final Verification verification;

  public WholeFiles(Store store, Capabilities capabilities) {
    this.store = store;
    this.capabilities = capabilities;
    this.verification = new Verification(store);
  }

  /** The value of {@link #FILE}. It holds no inode: a folder that is mounted anew has others. */
  public static String mark(FileIdentity identity) {
    return identity.size() + ":" + identity.modifiedNanos();
  }

  /**
   * What is known of the key.
   *
   * @param object null where nothing is there
   * @param same whether it holds the file's bytes
   */
  public record Place(StoredObject object, boolean same) {
    /** Whether something else is there. */
    public boolean isTaken() {
      return object != null && !same;
    }
  }

  /** Compares the file with what is at the key; reads the file only where the object does not tell which one it is. */
  public Place look(String bucket, String key, Path file) {
    Optional<StoredObject> found = store.head(bucket, key);
    if (found.isEmpty()) {
      return new Place(null, false);
    }
    try (SourceFile source = SourceFile.open(file)) {
      return new Place(found.get(), isSame(bucket, key, found.get(), source));
    }
  }

  private boolean isSame(String bucket, String key, StoredObject found, SourceFile source) {
    boolean marked = mark(source.identity()).equals(found.metadata().get(FILE)) && found.size() == source.size();
    return marked
        || verification.ofExisting(bucket, key, found, source, TransferPlan.single(source.size())).isPresent();
  }

  /**
   * Sends the file as it is now.
   *
   * @param attributes given the file's identity
   * @return the file that is in the store; empty where something else is at the key
   * @throws RecordingChanged when the file changed meanwhile
   * @throws Failure also {@link StoreFailure}
   */
  public Optional<FileIdentity> put(
      String bucket, String key, Path file, Function<FileIdentity, ObjectAttributes> attributes) {
    try (SourceFile source = SourceFile.open(file)) {
      for (int refusals = 0; ; refusals++) {
        StoreCapabilities does = capabilities.apply(bucket);
        Precondition condition =
            does.putIfAbsent() && refusals < MOST_IN_VAIN ? Precondition.ABSENT : Precondition.NONE;
        if (condition == Precondition.NONE) {
          Optional<StoredObject> found = store.head(bucket, key);
          if (found.isPresent()) {
            return ifSame(bucket, key, found.get(), source);
          }
        }
        try {
          send(bucket, key, source, attributes.apply(source.identity()), condition, does);
          return Optional.of(source.identity());
        } catch (StoreFailure e) {
          // A put whose answer was lost is refused by its own object when it is repeated.
          if (!e.isPreconditionFailed() && !e.isAnswerLost()) {
            throw e;
          }
          Optional<StoredObject> found = store.head(bucket, key);
          if (found.isPresent()) {
            return ifSame(bucket, key, found.get(), source);
          }
          if (!e.isPreconditionFailed() || condition == Precondition.NONE) {
            throw e;
          }
          if (refusals + 1 == MOST_IN_VAIN) {
            capabilities.doubt(bucket, store.address(bucket, key) + " is refused as if it were there, and it is not");
          }
        }
      }
    }
  }

  private Optional<FileIdentity> ifSame(String bucket, String key, StoredObject found, SourceFile source) {
    return isSame(bucket, key, found, source) ? Optional.of(source.identity()) : Optional.empty();
  }

  /**
   * Sends the start of a file that grows, over an earlier start of the same file.
   *
   * @param atLeast bytes that it must have; what it has more is sent too
   * @param attributes given the file's identity, and the earlier start
   * @return the file and how much of it is in the store; empty where something else than an earlier start is at the key
   */
  public Optional<FileIdentity> putStart(
      String bucket,
      String key,
      Path file,
      long atLeast,
      BiFunction<FileIdentity, Optional<StoredObject>, ObjectAttributes> attributes) {
    StoreCapabilities does = capabilities.apply(bucket);
    try (SourceFile source = SourceFile.openStart(file, atLeast)) {
      Optional<StoredObject> found = store.head(bucket, key);
      if (found.isPresent() && !isStart(found.get(), source)) {
        return Optional.empty();
      }
      if (found.isEmpty() || found.get().size() < source.size()) {
        send(bucket, key, source, attributes.apply(source.identity(), found), Precondition.NONE, does);
      }
      return Optional.of(source.identity());
    }
  }

  /** Whether the object holds as many bytes of the file as it has. */
  private static boolean isStart(StoredObject found, SourceFile source) {
    if (found.size() > source.size()) {
      return false;
    }
    for (ChecksumKind kind : new ChecksumKind[] {ChecksumKind.CRC64NVME, ChecksumKind.CRC32C}) {
      Optional<String> shown = found.checksum(kind);
      if (shown.isPresent()) {
        return source.checksum(kind, 0, found.size()).base64().equals(shown.get());
      }
    }
    Checksum md5 = source.checksum(ChecksumKind.MD5, 0, found.size());
    return found.etag().equals(Checksums.etag(md5));
  }

  private void send(
      String bucket,
      String key,
      SourceFile source,
      ObjectAttributes attributes,
      Precondition precondition,
      StoreCapabilities does) {
    Checksum checksum = source.whole(does.checksum());
    StoredObject answered;
    try {
      answered =
          store.put(bucket, key, source.slice(0, source.size()), checksum, attributes, precondition, Sent.NOBODY);
    } catch (StoreFailure e) {
      capabilities.failed(bucket, e);
      throw e;
    }
    verification.afterPut(bucket, key, answered, source, does);
  }
}
