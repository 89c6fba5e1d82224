package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalDouble;
import org.reelway.failure.Failure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;

/** A file of a recorder that was killed: made whole where it lies, up to the last fragment that is. */
public final class TornPiece {
  private static final int LARGEST_IN_MEMORY = 4 << 20;

  private TornPiece() {}

  /** @return its length in seconds; empty where there is no media in it, and it is left as it is */
  public static OptionalDouble mend(Path file) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return mend(Box.file(bytes), channel);
    } catch (Failure foreign) {
      throw new IOException(file + " is not what a recorder writes: " + foreign.getMessage(), foreign);
    }
  }

  private static OptionalDouble mend(Box file, FileChannel channel) throws IOException {
    long whole = 0;
    double end = 0;
    StreamBeginning beginning = null;
    Fragment fragment = null;
    for (Box box = file.at(0); box != null && !box.isTorn() && !box.isOpen(); box = file.at(box.end())) {
      switch (box.type()) {
        case "moov" -> beginning = StreamBeginning.of(box.whole(LARGEST_IN_MEMORY));
        case "moof" -> fragment = beginning == null ? null : new Fragment(box.whole(LARGEST_IN_MEMORY), beginning);
        case "mdat" -> {
          end = fragment == null ? end : Math.max(end, fragment.end());
          whole = fragment == null ? whole : box.end();
        }
        default -> { }
      }
    }
    if (whole == 0) {
      return OptionalDouble.empty();
    }
    channel.truncate(whole);
    writeLength(channel, file.need("moov"), end);
    channel.force(true);
    return OptionalDouble.of(end);
  }

  private static void writeLength(FileChannel channel, Box moov, double seconds) throws IOException {
    Optional<Box> mehd = moov.find("mvex", "mehd");
    if (mehd.isPresent()) {
      long units = Math.round(seconds * moov.need("mvhd").timescale());
      channel.write(ByteBuffer.allocate(Long.BYTES).putLong(units).flip(), mehd.get().body() + 4);
    }
  }
}
