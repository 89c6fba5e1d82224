package org.reelway.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;

/** The recording while it is read: one open channel, the identity it had then, and its digests as they become known. */
final class SourceFile implements AutoCloseable {
  private final Path path;
  private final FileIdentity identity;
  private final FileChannel channel;
  private final boolean mayGrow;
  private final Map<PartKey, Checksum> parts = new ConcurrentHashMap<>();
  private final Map<ChecksumKind, Checksum> whole = new EnumMap<>(ChecksumKind.class);

  private record PartKey(ChecksumKind kind, long offset, long length) {}

  private SourceFile(Path path, FileIdentity identity, FileChannel channel, boolean mayGrow) {
    this.path = path;
    this.identity = identity;
    this.channel = channel;
    this.mayGrow = mayGrow;
  }

  /**
   * The start of a file that is still written to at its end, taken for the whole.
   *
   * @param atLeast bytes that it must have by now
   * @throws RecordingChanged when the file is shorter
   */
  static SourceFile openStart(Path path, long atLeast) {
    SourceFile source = open(path);
    if (source.size() < atLeast) {
      source.close();
      throw new RecordingChanged(path + " has " + source.size() + " bytes; " + atLeast + " are wanted of it");
    }
    return new SourceFile(path, source.identity, source.channel, true);
  }

  /** @throws InputFailure when the file is missing or not a regular file */
  static SourceFile open(Path path) {
    try {
      FileIdentity identity = FileIdentity.of(path);
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      SourceFile source = new SourceFile(path, identity, channel, false);
      try {
        // The name may have been given to another file between the two calls above.
        source.requireUnchanged();
      } catch (RuntimeException e) {
        source.close();
        throw e;
      }
      return source;
    } catch (NoSuchFileException e) {
      throw new InputFailure(
          path + " " + FileIdentity.whyNone(e) + " although its marker is there: put the file there, and it is sent; or"
              + " delete the marker",
          e);
    } catch (IOException e) {
      throw new OurFailure(path + " cannot be read: " + e + "; give Reelway's user the right to read it", e);
    }
  }

  FileIdentity identity() {
    return identity;
  }

  long size() {
    return identity.size();
  }

  /** @throws RecordingChanged when the path holds another file, or this one was written to, since it was opened */
  void requireUnchanged() {
    FileIdentity now;
    try {
      now = FileIdentity.of(path);
    } catch (NoSuchFileException e) {
      throw new RecordingChanged(path + " was moved or deleted during its transfer");
    } catch (IOException e) {
      throw new OurFailure(path + " cannot be looked at: " + e, e);
    }
    boolean same =
        mayGrow ? now.fileKey().equals(identity.fileKey()) && now.size() >= identity.size() : now.equals(identity);
    if (!same) {
      throw new RecordingChanged(
          path + " changed during its transfer (" + identity.size() + " bytes then, " + now.size()
              + " now): it was marked before it was finished, or replaced; it is sent again from its start");
    }
  }

  Body.FileSlice slice(long offset, long length) {
    return new Body.FileSlice(channel, offset, length);
  }

  /** @return null for {@link ChecksumKind#NONE} */
  Checksum checksum(ChecksumKind kind, long offset, long length) {
    if (kind == ChecksumKind.NONE) {
      return null;
    }
    try {
      return Checksums.of(kind, slice(offset, length));
    } catch (InputFailure shorter) {
      throw new RecordingChanged(path + " became shorter during its transfer: " + shorter.getMessage());
    } catch (OurFailure e) {
      throw Thread.currentThread().isInterrupted() ? new TransferStopped(e) : e;
    }
  }

  /** The whole file's checksum, computed once. */
  Checksum whole(ChecksumKind kind) {
    Checksum known = whole.get(kind);
    if (known == null) {
      known = checksum(kind, 0, size());
      whole.put(kind, known);
    }
    return known;
  }

  /** Takes a checksum that was put together from those of the parts. */
  void knowWhole(Checksum checksum) {
    whole.put(checksum.kind(), checksum);
  }

  /** A part's checksum, computed once; null for {@link ChecksumKind#NONE}. */
  Checksum part(ChecksumKind kind, TransferPlan plan, int number) {
    if (kind == ChecksumKind.NONE) {
      return null;
    }
    return parts.computeIfAbsent(
        new PartKey(kind, plan.offset(number), plan.length(number)),
        part -> checksum(part.kind(), part.offset(), part.length()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new OurFailure(path + " cannot be closed: " + e, e);
    }
  }
}
