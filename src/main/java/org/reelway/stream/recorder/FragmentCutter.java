package org.reelway.stream.recorder;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.reelway.failure.OurFailure;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;

/**
 * Writes the fragmented MP4 that ffmpeg gives into files, each of which begins with a picture that needs none before it, or with
 * what is heard before the first one.
 * Media goes through in small pieces: the memory does not depend on the stream. Used by one thread.
 */
public final class FragmentCutter {
  private static final int LARGEST_IN_MEMORY = 4 << 20;

  private InputStream in;
  private final Rotation rotation;
  private final Pieces pieces;
  private StreamBeginning beginning;
  private PieceFile piece;
  private double pieceStart;
  private volatile int frames;
  private volatile long bytes;

  /** Gives files to write to, and takes finished ones. */
  public interface Pieces {
    /** @param start time of the stream, in seconds */
    PieceFile begin(StreamBeginning beginning, double start) throws IOException;

    /** @param last whether the stream is over */
    void finished(PieceFile piece, StreamBeginning beginning, boolean last) throws IOException;

    /** It could not be finished, and is left as it is. */
    void left(PieceFile piece);

    /**
     * Media has come; it is in the piece.
     *
     * @param start decode time of its first sample, in seconds of the stream. ffmpeg gives a fragment away when it has the
     *     next one's first sample
     * @param end time of the stream up to which it goes, in seconds
     */
    default void came(double start, double end) {}

    /** The file that is written now; null for none. May be asked by any thread. */
    default OpenFile current() {
      return null;
    }
  }

  FragmentCutter(Rotation rotation, Pieces pieces) {
    this.rotation = rotation;
    this.pieces = pieces;
  }

  /**
   * Until what one ffmpeg gives ends; what came until then is finished.
   *
   * @param last asked at the end: whether the stream is over, or there will be another ffmpeg's
   */
  void run(InputStream media, BooleanSupplier last) throws IOException {
    in = new BufferedInputStream(media, 64 * 1024);
    beginning = null;
    boolean finished = false;
    try {
      copyUntilTorn();
      finish(last.getAsBoolean());
      finished = true;
    } finally {
      if (!finished && piece != null) {
        pieces.left(piece);
        piece.close();
      }
      piece = null;
    }
  }

  private void copyUntilTorn() throws IOException {
    try {
      copyAll();
    } catch (EOFException torn) {
      // ffmpeg was killed in the middle of a box: what is whole is worth having.
    } catch (BrokenBoxes foreign) {
      throw new OurFailure("ffmpeg wrote no fragmented MP4: " + foreign.getMessage(), foreign);
    }
  }

  private void copyAll() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    Fragment fragment = null;
    while (true) {
      Header box = header();
      if (box == null) {
        return;
      }
      switch (box.type()) {
        case "ftyp", "moov" -> {
          head.writeBytes(whole(box));
          if (box.type().equals("moov")) {
            beginning = StreamBeginning.of(head.toByteArray());
          }
        }
        case "moof" -> fragment = new Fragment(whole(box), requireBeginning());
        case "mdat" -> {
          add(fragment, box);
          fragment = null;
        }
        // Tables of contents that ffmpeg writes are of the whole stream, not of a file.
        default -> skip(box);
      }
    }
  }

  private StreamBeginning requireBeginning() {
    if (beginning == null) {
      throw new OurFailure("ffmpeg wrote a fragment before its moov box");
    }
    return beginning;
  }

  private void add(Fragment fragment, Header box) throws IOException {
    if (fragment == null) {
      skip(box);
      return;
    }
    if (piece != null && fragment.mayBegin() && rotation.isDue(fragment.cutTime() - pieceStart, piece.bytes())) {
      finish(false);
    }
    if (piece == null && (fragment.mayBegin() || fragment.frames() == 0)) {
      begin(fragment);
    }
    if (piece == null) {
      // Nothing could be seen of it.
      skip(box);
      return;
    }
    piece.add(fragment, box.bytes(), in, box.body());
    frames += fragment.frames();
    bytes += box.body();
    pieces.came(fragment.sharedStart(), fragment.end());
  }

  private void begin(Fragment fragment) throws IOException {
    pieceStart = fragment.cutTime();
    piece = pieces.begin(beginning, fragment.start());
  }

  private void finish(boolean last) throws IOException {
    if (piece == null) {
      return;
    }
    PieceFile done = piece;
    piece = null;
    boolean finished = false;
    try {
      done.finish();
      finished = true;
    } finally {
      if (!finished) {
        pieces.left(done);
        done.close();
      }
    }
    pieces.finished(done, beginning, last);
  }

  /** @param bytes as they are written; @param body how many come behind them */
  private record Header(String type, byte[] bytes, long body) {}

  /** Null at the end. */
  private Header header() throws IOException {
    byte[] head = in.readNBytes(Box.HEADER);
    if (head.length == Box.HEADER && ByteBuffer.wrap(head).getInt() == 1) {
      head = ByteBuffer.allocate(Box.LARGE_HEADER).put(head).put(in.readNBytes(Box.HEADER)).array();
    }
    Box box = Box.file(head).at(0);
    if (box != null && (box.isOpen() || box.length() < 0)) {
      throw new OurFailure("ffmpeg wrote a box \"" + box.shownType() + "\" of " + (box.end() - box.start()) + " bytes");
    }
    return box == null ? null : new Header(box.type(), head, box.length());
  }

  private byte[] whole(Header box) throws IOException {
    if (box.body() > LARGEST_IN_MEMORY) {
      throw new OurFailure("ffmpeg wrote a box \"" + box.type() + "\" of " + box.body() + " bytes");
    }
    byte[] body = in.readNBytes((int) box.body());
    if (body.length < box.body()) {
      throw new EOFException("the stream ended in the middle of its tables");
    }
    return ByteBuffer.allocate(box.bytes().length + body.length).put(box.bytes()).put(body).array();
  }

  private void skip(Header box) throws IOException {
    in.skipNBytes(box.body());
  }

  /** Pictures written so far. May be asked by any thread, for what it shows. */
  int frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }
}
