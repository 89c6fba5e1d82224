package org.reelway.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.reelway.failure.InputFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;

/** A playlist's file, read when it changed and never while it is half written. Used by one thread. */
final class PlaylistFile {
  /** A day of chunks of a second has 6 MB. */
  static final int LARGEST = 16 * 1024 * 1024;
  private static final Duration TORN_AT_MOST = Duration.ofSeconds(1);

  private final Path path;
  private final Predicate<byte[]> looksWhole;
  private volatile FileIdentity read;
  private Instant changedAt;
  private boolean torn;
  private boolean again;

  /** @param looksWhole whether bytes are not torn off, as far as their end tells */
  PlaylistFile(Path path, Predicate<byte[]> looksWhole) {
    this.path = path;
    this.looksWhole = looksWhole;
  }

  /**
   * @return the whole file where it changed since the last call that gave one; empty also while it is being written
   * @throws NoSuchFileException where it is gone
   * @throws InputFailure where it is too large; once for each version
   */
  Optional<byte[]> next(Instant now) throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    torn = false;
    if (identity.equals(read) && !again) {
      return Optional.empty();
    }
    if (identity.size() > LARGEST) {
      read = identity;
      throw new InputFailure(
          "it has " + identity.size() + " bytes, at most " + LARGEST + " are read; have the packager keep fewer chunks in it");
    }
    byte[] bytes = DurableFiles.read(path, LARGEST);
    Duration age = Duration.between(Instant.ofEpochSecond(0, identity.modifiedNanos()), now);
    boolean settled = age.compareTo(TORN_AT_MOST) > 0 || age.isNegative();
    boolean whole = looksWhole.test(bytes);
    torn = !FileIdentity.of(path).equals(identity) || bytes.length != identity.size() || !whole && !settled;
    if (torn) {
      return Optional.empty();
    }
    read = identity;
    again = false;
    changedAt = now;
    return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
  }

  /** The last call found it half written: its end comes in a moment. */
  boolean isTorn() {
    return torn;
  }

  /** Whether it is another file than was read; also where it is gone. May be asked by any thread. */
  boolean isChanged() {
    try {
      return !FileIdentity.of(path).equals(read);
    } catch (IOException gone) {
      return true;
    }
  }

  /** The next call gives the file whether it changed or not. */
  void readAgain() {
    again = true;
  }

  /** Last write of what was read. */
  Instant modified() {
    return Instant.ofEpochSecond(0, read.modifiedNanos());
  }

  /** When it was found to have changed; null before it was read. */
  Instant changedAt() {
    return changedAt;
  }
}
