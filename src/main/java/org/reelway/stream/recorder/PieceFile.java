package org.reelway.stream.recorder;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.reelway.media.mp4.BoxContent;
import org.reelway.recording.DurableFiles;

/**
 * One file of a recording while it is written: whole after every fragment, so that a crash costs the last one at most.
 * Used by one thread.
 */
public final class PieceFile implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final int MOST_SEEKS = 100_000;
  private static final double SEEK_EVERY = 1;

  private final Path file;
  private final StreamBeginning.Piece beginning;
  private final double start;
  private final FileChannel channel;
  private final byte[] buffer = new byte[BUFFER];
  private final List<Seek> seeks = new ArrayList<>();
  private double end;
  private double lastSeek = -SEEK_EVERY;
  private int frames;

  /** Where a player may begin. */
  private record Seek(Fragment.Seek to, long offset) {}

  private PieceFile(Path file, StreamBeginning.Piece beginning, double start, FileChannel channel) {
    this.file = file;
    this.beginning = beginning;
    this.start = start;
    this.end = start;
    this.channel = channel;
  }

  /**
   * @param file that must not be there yet
   * @param start time of the stream at which it begins, in seconds
   */
  public static PieceFile begin(Path file, StreamBeginning beginning, double start) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    PieceFile piece = new PieceFile(file, beginning.piece(start <= 0), start, channel);
    piece.write(piece.beginning.bytes());
    return piece;
  }

  /**
   * @param media what follows the {@code moof} box
   * @param mediaHeader of the {@code mdat} box, with its size
   * @throws EOFException the stream ended before the fragment was whole; the file is as it was before
   */
  void add(Fragment fragment, byte[] mediaHeader, InputStream media, long mediaSize) throws IOException {
    long offset = channel.position();
    if (fragment.mayBegin() && fragment.start() >= lastSeek + SEEK_EVERY && seeks.size() < MOST_SEEKS) {
      seeks.add(new Seek(fragment.seek(start, beginning.waitsInList()), offset));
      lastSeek = fragment.start();
    }
    write(fragment.since(start, beginning.waitsInList()));
    write(mediaHeader);
    for (long left = mediaSize; left > 0; ) {
      int read = media.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        // What is whole stays; a torn end would be in every player's way.
        channel.truncate(offset);
        throw new EOFException("the stream ended in the middle of a fragment");
      }
      write(ByteBuffer.wrap(buffer, 0, read));
      left -= read;
    }
    end = Math.max(end, fragment.end());
    frames += fragment.frames();
  }

  private void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes what is known at the end: the length, and where players may begin. Returns when it is on the disk. */
  void finish() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES);
    length.putLong(Math.round(seconds() * beginning.timescale())).flip();
    channel.write(length, beginning.durationAt());
    write(seekTable());
    channel.force(true);
    channel.close();
    DurableFiles.syncFolder(file.toAbsolutePath().getParent());
  }

  /** The box {@code mfra} (ISO/IEC 14496-12, 8.8.9 to 8.8.11), of one track. */
  private byte[] seekTable() {
    if (seeks.isEmpty()) {
      return new byte[0];
    }
    long track = seeks.get(0).to().track();
    List<Seek> ofTrack = seeks.stream().filter(seek -> seek.to().track() == track).toList();
    ByteBuffer table = ByteBuffer.allocate(12 + ofTrack.size() * 19);
    table.putInt((int) track).putInt(0).putInt(ofTrack.size());
    for (Seek seek : ofTrack) {
      table.putLong(seek.to().time()).putLong(seek.offset()).put((byte) 1).put((byte) 1).put((byte) 1);
    }
    byte[] tfra = BoxContent.full("tfra", 1, 0, table.array());
    byte[] all = BoxContent.box("mfra", tfra, BoxContent.full("mfro", 0, 0, new byte[Integer.BYTES]));
    return ByteBuffer.wrap(all).putInt(all.length - Integer.BYTES, all.length).array();
  }

  public Path file() {
    return file;
  }

  long bytes() throws IOException {
    return channel.position();
  }

  /** How long it is. */
  public double seconds() {
    return end - start;
  }

  int frames() {
    return frames;
  }

  /** Leaves it as it is. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
