package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.reelway.failure.Failure;

/** A file of a recorder that was killed: made whole where it lies, up to the last fragment that is. */
public final class TornPiece {
  private static final int HEADER = 8;
  private static final int LARGE = 16;
  private static final int LARGEST_IN_MEMORY = 4 << 20;

  private TornPiece() {}

  /** @return whether there is media in it; where not, it is left as it is */
  public static boolean mend(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return mend(channel);
    } catch (Failure | IllegalArgumentException | IndexOutOfBoundsException foreign) {
      throw new IOException(file + " is not what a recorder writes: " + foreign.getMessage(), foreign);
    }
  }

  private static boolean mend(FileChannel channel) throws IOException {
    long at = 0;
    long whole = 0;
    double end = 0;
    byte[] head = new byte[0];
    StreamBeginning beginning = null;
    Fragment fragment = null;
    for (Optional<Box> box = box(channel, at); box.isPresent(); box = box(channel, at)) {
      long next = at + box.get().size();
      if (next > channel.size()) {
        break;
      }
      switch (box.get().type()) {
        case "ftyp", "moov" -> {
          head = joined(head, bytes(channel, at, box.get().size()));
          beginning = box.get().type().equals("moov") ? StreamBeginning.of(head) : beginning;
        }
        case "moof" -> fragment = beginning == null ? null : new Fragment(bytes(channel, at, box.get().size()), beginning);
        case "mdat" -> {
          end = fragment == null ? end : Math.max(end, fragment.end());
          whole = fragment == null ? whole : next;
        }
        default -> { }
      }
      at = next;
    }
    if (whole == 0) {
      return false;
    }
    channel.truncate(whole);
    writeLength(channel, head, end);
    channel.force(true);
    return true;
  }

  private static void writeLength(FileChannel channel, byte[] head, double seconds) throws IOException {
    Mp4Boxes boxes = Mp4Boxes.of(head);
    Optional<Mp4Boxes.Box> mehd = boxes.at("moov", "mvex", "mehd");
    Optional<Mp4Boxes.Box> mvhd = boxes.at("moov", "mvhd");
    if (mehd.isPresent() && mvhd.isPresent()) {
      int body = mvhd.get().body();
      long timescale = boxes.bytes().getInt(body + (boxes.bytes().get(body) == 1 ? 20 : 12)) & 0xffffffffL;
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).putLong(Math.round(seconds * timescale)).flip();
      channel.write(length, mehd.get().body() + 4L);
    }
  }

  private record Box(String type, long size) {}

  private static Optional<Box> box(FileChannel channel, long at) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(LARGE);
    while (header.hasRemaining() && channel.read(header, at + header.position()) >= 0) {
      // Until there is no more.
    }
    if (header.position() < HEADER) {
      return Optional.empty();
    }
    long size = header.getInt(0) & 0xffffffffL;
    size = size == 1 && header.position() == LARGE ? header.getLong(HEADER) : size;
    return size < HEADER ? Optional.empty() : Optional.of(new Box(Mp4Boxes.type(header, 4), size));
  }

  private static byte[] bytes(FileChannel channel, long at, long size) throws IOException {
    if (size > LARGEST_IN_MEMORY) {
      throw new IOException("a table of " + size + " bytes at " + at);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // Until it is whole: its end is within the file.
    }
    return bytes.array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
