package org.reelway.live;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;
import org.reelway.recording.FileIdentity;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.WholeFiles;
import org.reelway.transfer.store.StoredObject;

/**
 * Brings one chunk into the store: once, under its own name, or under one with a short hash where something else has the
 * name, such as a chunk of the encoder's run before. Nothing that players may hold in a cache is ever written over.
 */
final class ChunkSender {
  private static final int DIGITS = 8;

  private final LiveStores stores;
  private final References references;
  private final Clock clock;
  private final Duration settle;
  private final Instant startedAt;

  /** @param settle as {@link LiveTarget#settle} */
  ChunkSender(LiveStores stores, References references, Duration settle, Clock clock) {
    this.stores = stores;
    this.references = references;
    this.settle = settle;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** What came of a try. */
  enum Outcome {
    SENT,
    /** It, or what has its number, was in the store before. */
    FOUND
  }

  /**
   * One try.
   *
   * @throws NoSuchFileException when neither the file nor its object is there
   * @throws org.reelway.failure.Failure when it could not be sent
   */
  Outcome send(Chunk chunk) throws NoSuchFileException {
    if (!references.isInside(chunk.file())) {
      return withoutFile(chunk);
    }
    FileIdentity file;
    try {
      file = FileIdentity.of(chunk.file());
    } catch (NoSuchFileException gone) {
      return withoutFile(chunk);
    } catch (IOException e) {
      throw new OurFailure(chunk.file() + " cannot be looked at: " + e, e);
    }
    if (chunk.wanted() < 0) {
      requireSettled(chunk, file);
    }
    try {
      return chunk.wanted() >= 0 || chunk.isGrowing() ? sendStart(chunk, file) : sendWhole(chunk, file);
    } catch (RecordingChanged e) {
      if (FileIdentity.isThere(chunk.file()) || !isSent(chunk, file)) {
        throw e;
      }
      chunk.stored(file, false, clock.instant());
      return Outcome.SENT;
    } catch (InputFailure e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return withoutFile(chunk);
      }
      throw e;
    }
  }

  private void requireSettled(Chunk chunk, FileIdentity file) throws NoSuchFileException {
    if (file.size() == 0) {
      throw new NoSuchFileException(chunk.file().toString(), null, "its file is empty");
    }
    if (!isSettled(chunk, file)) {
      throw new RecordingChanged(
          chunk.file() + " is still being written: its " + file.size() + " bytes end in the middle of a packet or box");
    }
  }

  /** Whether the file is whole as far as its end tells, or has not been written to for long enough. */
  boolean isSettled(Chunk chunk, FileIdentity file) {
    boolean atRest = chunk.isAtRest(file, settle, clock.instant());
    Instant written = Instant.ofEpochSecond(0, file.modifiedNanos());
    return atRest || written.plus(settle).isBefore(startedAt) || ChunkEnd.isWhole(chunk.file());
  }

  /** The media server may have removed the file while the store took its last bytes. */
  private boolean isSent(Chunk chunk, FileIdentity file) {
    return stores
        .head(chunk.key())
        .filter(found -> found.size() == file.size())
        .filter(found -> WholeFiles.mark(file).equals(found.metadata().get(WholeFiles.FILE)))
        .isPresent();
  }

  /** The media server may have removed what was sent before a restart. */
  private Outcome withoutFile(Chunk chunk) throws NoSuchFileException {
    String before = chunk.takeKeyBefore();
    if (before == null) {
      throw new NoSuchFileException(chunk.file().toString());
    }
    Optional<StoredObject> object;
    try {
      object = stores.head(before);
    } catch (RuntimeException away) {
      chunk.mayBeAt(before);
      throw away;
    }
    if (object.filter(found -> found.metadata().containsKey(WholeFiles.FILE)).isEmpty()) {
      throw new NoSuchFileException(chunk.file().toString());
    }
    chunk.rename(before);
    chunk.stored(null, false, clock.instant());
    return Outcome.FOUND;
  }

  private Outcome sendWhole(Chunk chunk, FileIdentity file) {
    // What was written before the start may be in the store from before it.
    boolean mayBeThere = file.modifiedNanos() / 1_000_000 < startedAt.toEpochMilli();
    if (mayBeThere && stores.look(chunk.key(), chunk.file()).same()) {
      chunk.stored(file, false, clock.instant());
      return Outcome.FOUND;
    }
    Optional<FileIdentity> sent = stores.put(chunk.key(), chunk.file());
    if (sent.isEmpty() && chunk.isNumbered()) {
      chunk.take();
      return Outcome.FOUND;
    }
    if (sent.isEmpty()) {
      chunk.rename(renamed(chunk.name(), file));
      if (stores.look(chunk.key(), chunk.file()).same()) {
        chunk.stored(file, false, clock.instant());
        return Outcome.FOUND;
      }
      sent = stores.put(chunk.key(), chunk.file());
    }
    chunk.stored(sent.orElseThrow(() -> taken(chunk)), false, clock.instant());
    return Outcome.SENT;
  }

  private Outcome sendStart(Chunk chunk, FileIdentity file) {
    Optional<FileIdentity> sent = stores.putStart(chunk.key(), chunk.file(), Math.max(chunk.wanted(), 0));
    if (sent.isEmpty()) {
      // By the inode: a file that grows changes its size and time.
      chunk.rename(renamed(chunk.name(), new FileIdentity(file.fileKey(), 0, 0)));
      sent = stores.putStart(chunk.key(), chunk.file(), Math.max(chunk.wanted(), 0));
    }
    chunk.stored(sent.orElseThrow(() -> taken(chunk)), chunk.wanted() >= 0, clock.instant());
    return Outcome.SENT;
  }

  private static String renamed(String key, FileIdentity file) {
    int slash = key.lastIndexOf('/');
    int dot = key.lastIndexOf('.');
    int at = dot > slash + 1 ? dot : key.length();
    String mark = file.size() == 0 && file.modifiedNanos() == 0 ? file.fileKey() : WholeFiles.mark(file);
    return key.substring(0, at) + "-" + hash(mark) + key.substring(at);
  }

  /** A short mark for a name. */
  static String hash(String text) {
    return Sha256.hex(text, DIGITS);
  }

  private InputFailure taken(Chunk chunk) {
    return new InputFailure(
        stores.address(chunk.name()) + " and " + chunk.key() + " hold something else than " + chunk.file()
            + "; nothing is written over: remove them, or set another reelway.live.prefix");
  }
}
