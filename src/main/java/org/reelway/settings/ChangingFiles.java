package org.reelway.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one or more small files say. They are read again when they change; where they cannot be read any more, or say
 * something wrong, what they said before holds on, and the log says so once. Safe for several threads.
 *
 * @param <T> what their bytes are made into
 */
public final class ChangingFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ChangingFiles.class);
  private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LONGEST = 1 << 20;

  private final String what;
  private final List<Path> files;
  private final Function<List<byte[]>, T> reading;
  private final LongSupplier nanos;
  private List<byte[]> read;
  private long lookedAt;
  private volatile T value;
  private volatile String trouble = "";
  private String saidTrouble = "";

  /**
   * @param what names them in the log, such as a setting's key
   * @param reading makes the value of the files' bytes, in their order; throws {@link InputFailure} where they are wrong
   * @throws InputFailure where they cannot be read now, or are wrong
   */
  public ChangingFiles(String what, List<Path> files, Function<List<byte[]>, T> reading) {
    this(what, files, reading, System::nanoTime);
  }

  ChangingFiles(String what, List<Path> files, Function<List<byte[]>, T> reading, LongSupplier nanos) {
    this.what = what;
    this.files = List.copyOf(files);
    this.reading = reading;
    this.nanos = nanos;
    this.lookedAt = nanos.getAsLong();
    this.read = bytes();
    this.value = reading.apply(read);
  }

  /** As they were last read; nothing is looked at. */
  public T last() {
    return value;
  }

  /** As they are, not looked at more often than once a second. */
  public T now() {
    look();
    return value;
  }

  /** Why they are not read as they are now; empty where all is well. */
  public Optional<String> trouble() {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  private synchronized void look() {
    long now = nanos.getAsLong();
    if (now - lookedAt < LOOK_EVERY_NANOS) {
      return;
    }
    lookedAt = now;
    try {
      List<byte[]> found = bytes();
      if (!same(found, read)) {
        value = reading.apply(found);
        read = found;
        LOG.info("{}: read again, for {} changed", what, names());
      }
      trouble = "";
      saidTrouble = "";
    } catch (InputFailure e) {
      tell(e.getMessage());
    }
  }

  /** Files that are replaced one after the other are wrong for a moment: that is not said. */
  private void tell(String found) {
    if (found.equals(trouble) && !found.equals(saidTrouble)) {
      LOG.warn("{}: {}; what was read before holds on", what, found);
      saidTrouble = found;
    }
    trouble = found;
  }

  private String names() {
    return String.join(" or ", files.stream().map(Path::toString).toList());
  }

  private static boolean same(List<byte[]> some, List<byte[]> others) {
    return IntStream.range(0, some.size()).allMatch(i -> Arrays.equals(some.get(i), others.get(i)));
  }

  private List<byte[]> bytes() {
    List<byte[]> all = new ArrayList<>();
    files.forEach(file -> all.add(bytes(file)));
    return all;
  }

  /** @throws InputFailure where it cannot be read, is no regular file, or is larger than 1 MiB */
  static byte[] bytes(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      // A pipe that nobody writes to would hold up whoever reads all the others, for ever.
      throw new InputFailure("the file " + file + " is a pipe or a device; name a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new InputFailure("the file " + file + " is larger than 1 MiB; name the right one");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new InputFailure("the file " + file + " is not there; make it, or name another", e);
    } catch (AccessDeniedException e) {
      throw new InputFailure("the file " + file + " may not be read by this user; change its owner or permissions", e);
    } catch (IOException e) {
      throw new InputFailure(
          "the file " + file + (Files.isDirectory(file) ? " is a folder" : " cannot be read: " + e.getMessage())
              + "; name a file that can be read", e);
    }
  }
}
