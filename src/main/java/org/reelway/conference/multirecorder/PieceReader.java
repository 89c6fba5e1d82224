package org.reelway.conference.multirecorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.reelway.failure.InputFailure;
import org.reelway.stream.recorder.Mp4Boxes;

/** Reads a recorded piece fragment by fragment: memory does not depend on its length. Used by one thread. */
final class PieceReader implements AutoCloseable {
  private static final int HEADER = 8;
  private static final int LARGE = 16;
  private static final int LARGEST_TABLE = 16 << 20;

  private final Path file;
  private final FileChannel channel;
  private final Map<Integer, TrackHead> heads;
  private long at;
  private String trouble = "";

  /** Samples of one track that lie behind each other. */
  record Run(int track, long decodeTime, long dataOffset, Samples samples) {}

  /**
   * A fragment.
   *
   * @param data where its media begins in the file, and @param size how much it is
   */
  record Media(long data, long size, List<Run> runs) {}

  private record Box(String type, long start, int header, long size) {
    long end() {
      return start + size;
    }
  }

  private PieceReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    boolean whole = false;
    for (Optional<Box> box = box(); box.isPresent() && !whole; box = whole ? box : box()) {
      if (box.get().type().equals("ftyp") || box.get().type().equals("moov")) {
        head.writeBytes(bytes(box.get()));
      }
      whole = box.get().type().equals("moov");
      at = box.get().end();
    }
    if (!whole) {
      throw new InputFailure(file + " has no moov box: nothing was recorded in it");
    }
    this.heads = TrackHead.all(head.toByteArray());
  }

  /** @throws InputFailure when it is no piece, or there is no media in it */
  static PieceReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new PieceReader(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Its tracks, by their ids. */
  Map<Integer, TrackHead> heads() {
    return heads;
  }

  /**
   * How long a piece is, in seconds of its own.
   *
   * @param seconds behind the last sample; 0 where there is none
   * @param trouble why not all of it can be read; empty where it can
   */
  record Length(double seconds, String trouble) {}

  /** Reads the heads of all fragments. */
  static Length length(Path file) throws IOException {
    double seconds = 0;
    try (PieceReader reader = open(file)) {
      for (Optional<Media> media = reader.next(); media.isPresent(); media = reader.next()) {
        for (Run run : media.get().runs()) {
          double end = run.decodeTime() + IntStream.of(run.samples().durations()).asLongStream().sum();
          seconds = Math.max(seconds, end / reader.heads.get(run.track()).timescale());
        }
      }
      return new Length(seconds, reader.trouble);
    } catch (InputFailure e) {
      return new Length(0, e.getMessage());
    }
  }

  /** The next fragment that is whole; empty behind the last, and before one that cannot be read. */
  Optional<Media> next() throws IOException {
    try {
      return trouble.isEmpty() ? read() : Optional.empty();
    } catch (InputFailure e) {
      trouble = e.getMessage();
      return Optional.empty();
    }
  }

  private Optional<Media> read() throws IOException {
    Box moof = null;
    for (Optional<Box> box = box(); box.isPresent(); box = box()) {
      at = box.get().end();
      if (box.get().type().equals("moof")) {
        moof = box.get();
      } else if (box.get().type().equals("mdat") && moof != null) {
        Box mdat = box.get();
        return Optional.of(
            new Media(mdat.start() + mdat.header(), mdat.size() - mdat.header(), runs(moof)));
      }
    }
    return Optional.empty();
  }

  private List<Run> runs(Box moof) throws IOException {
    try {
      Mp4Boxes boxes = Mp4Boxes.of(bytes(moof));
      Mp4Boxes in = boxes.in(boxes.first("moof").orElseThrow());
      List<Run> runs = new ArrayList<>();
      for (Mp4Boxes.Box traf : in.all("traf")) {
        Samples.readTraf(in.in(traf), heads, moof.start(), runs);
      }
      return runs;
    } catch (java.util.NoSuchElementException | IndexOutOfBoundsException e) {
      throw new InputFailure(file + " has a fragment at byte " + moof.start() + " that is not whole: " + e);
    }
  }

  /** Copies media to where the target stands. */
  void copy(Media media, WritableByteChannel target) throws IOException {
    long from = media.data();
    long left = media.size();
    while (left > 0) {
      long copied = channel.transferTo(from, left, target);
      if (copied <= 0) {
        throw new IOException(file + " became shorter while it was read");
      }
      from += copied;
      left -= copied;
    }
  }

  /** The box here, if it is whole. */
  private Optional<Box> box() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(LARGE);
    while (header.hasRemaining() && channel.read(header, at + header.position()) >= 0) {
      // Until there is no more.
    }
    if (header.position() < HEADER) {
      return Optional.empty();
    }
    long size = header.getInt(0) & 0xffffffffL;
    boolean large = size == 1 && header.position() == LARGE;
    size = large ? header.getLong(HEADER) : size;
    return size < HEADER || size > channel.size() - at
        ? Optional.empty()
        : Optional.of(new Box(Mp4Boxes.type(header, 4), at, large ? LARGE : HEADER, size));
  }

  private byte[] bytes(Box box) throws IOException {
    if (box.size() > LARGEST_TABLE) {
      throw new InputFailure(file + " has a table of " + box.size() + " bytes at byte " + box.start());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) box.size());
    while (bytes.hasRemaining() && channel.read(bytes, box.start() + bytes.position()) >= 0) {
      // Until it is whole: its end is within the file.
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
