package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.reelway.recording.ContainerCheck.Verdict;

/**
 * MP4, M4A, MOV and their kin: a row of boxes (ISO/IEC 14496-12, 4.2 and 8.1 to 8.8; QuickTime File Format, "Atoms").
 *
 * <p>Whole means: every box ends within the file and the last at its end; {@code moov} is there and its children fill
 * it; there is media data; in a fragmented file ({@code moov/mvex}) every {@code moof} is followed by its {@code mdat}.
 * Zero bytes after the last box are taken for padding, up to 1 MiB; more look like space reserved by a writer, and up
 * to three after a fragment are the beginning of the next box's size.
 *
 * <p>An {@code mdat} of size 0 ("to the end of the file") is the placeholder of a writer as long as no {@code moov}
 * came before it; after one it is what the standard says.
 */
final class Mp4Container implements Container {
  private static final int FTYP = type("ftyp");
  private static final int MOOV = type("moov");
  private static final int MOOF = type("moof");
  private static final int MDAT = type("mdat");
  private static final int MVEX = type("mvex");
  private static final int MVHD = type("mvhd");
  private static final Set<Integer> FIRST =
      Set.of(
          FTYP, MOOV, MOOF, MDAT, type("free"), type("skip"), type("wide"), type("pnot"), type("styp"), type("sidx"));
  private static final long MAX_PADDING = 1024 * 1024;

  private final int maxBoxes;

  Mp4Container(int maxBoxes) {
    this.maxBoxes = maxBoxes;
  }

  @Override
  public String name() {
    return "MP4";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("mp4", "m4v", "m4a", "mov", "qt", "3gp", "3g2", "f4v", "ismv", "isma", "mp4v");
  }

  @Override
  public boolean recognises(MediaBytes bytes) throws IOException {
    return bytes.has(0, 8) && FIRST.contains(bytes.i32(4));
  }

  @Override
  public Verdict check(MediaBytes bytes) throws IOException {
    Walk walk = new Walk();
    long offset = 0;
    for (int boxes = 0; offset < bytes.size(); boxes++) {
      if (boxes == maxBoxes) {
        return Verdict.unknown("more than " + maxBoxes + " MP4 boxes");
      }
      if (walk.mayEndInPadding(bytes.size() - offset) && isZero(bytes, offset)) {
        break;
      }
      Box box = Box.at(bytes, offset, bytes.size());
      String torn = box.fault(bytes.size());
      if (torn == null) {
        torn = walk.takes(box, bytes);
      }
      if (torn != null) {
        return Verdict.incomplete(torn);
      }
      offset = box.end();
    }
    return walk.verdict();
  }

  private static boolean isZero(MediaBytes bytes, long from) throws IOException {
    for (long offset = from; offset < bytes.size(); offset++) {
      if (bytes.u8(offset) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int type(String fourLetters) {
    byte[] bytes = fourLetters.getBytes(StandardCharsets.ISO_8859_1);
    return bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
  }

  /** What was met on the way from the first box to the last. */
  private static final class Walk {
    private boolean moov;
    private boolean fragmented;
    private boolean media;
    private Box openFragment;

    boolean mayEndInPadding(long length) {
      return length <= MAX_PADDING && !(fragmented && length < 4);
    }

    /** Returns what is wrong with the box, else null. */
    String takes(Box box, MediaBytes bytes) throws IOException {
      if (box.type == MOOV) {
        moov = true;
        return takesMoov(box, bytes);
      }
      if (box.type == MOOF) {
        String fault = openFragment == null ? null : withoutMedia(openFragment);
        openFragment = box;
        return fault;
      }
      if (box.type == MDAT) {
        media = true;
        openFragment = null;
        if (box.toEndOfFile && !moov) {
          return box + " has no size yet and no moov box is there: the writer has not finished";
        }
      }
      return null;
    }

    private String takesMoov(Box moovBox, MediaBytes bytes) throws IOException {
      boolean header = false;
      for (long offset = moovBox.offset + moovBox.headerLength; offset < moovBox.end(); ) {
        if (moovBox.end() - offset == 4 && bytes.i32(offset) == 0) {
          break; // QuickTime ends a list of atoms with a 32-bit zero
        }
        Box child = Box.at(bytes, offset, moovBox.end());
        if (child.fault(moovBox.end()) != null) {
          return moovBox + " is torn: its children do not fill it (at " + offset + ")";
        }
        header |= child.type == MVHD;
        fragmented |= child.type == MVEX;
        offset = child.end();
      }
      // A compressed moov (QuickTime) has its header inside cmov.
      return header || moovBox.holds(bytes, type("cmov")) ? null : moovBox + " is torn: it has no mvhd";
    }

    Verdict verdict() {
      if (!moov) {
        return Verdict.incomplete("no moov box: the writer has not finished");
      }
      if (openFragment != null) {
        return Verdict.incomplete(withoutMedia(openFragment));
      }
      if (!media) {
        return Verdict.incomplete("no mdat box: there is no media yet");
      }
      return Verdict.whole(fragmented ? "MP4, fragmented" : "MP4");
    }

    private static String withoutMedia(Box moof) {
      return moof + " is not followed by its mdat";
    }
  }

  /** The header of a box; {@code end} is past the parent's end where the box is cut. */
  private record Box(int type, long offset, int headerLength, long end, boolean toEndOfFile, boolean headerCut) {
    static Box at(MediaBytes bytes, long offset, long parentEnd) throws IOException {
      if (parentEnd - offset < 8) {
        return new Box(0, offset, 8, offset + 8, false, true);
      }
      long size = bytes.u32(offset);
      int type = bytes.i32(offset + 4);
      if (size == 0) {
        return new Box(type, offset, 8, parentEnd, true, false);
      }
      if (size != 1) {
        return new Box(type, offset, 8, offset + size, false, false);
      }
      if (parentEnd - offset < 16) {
        return new Box(type, offset, 16, offset + 16, false, true);
      }
      long large = bytes.i64(offset + 8);
      boolean possible = large >= 0 && large <= Long.MAX_VALUE - offset;
      return new Box(type, offset, 16, possible ? offset + large : Long.MAX_VALUE, false, false);
    }

    /** Returns why this cannot be a box that ends within its parent, else null. */
    String fault(long parentEnd) {
      if (headerCut) {
        return "the file ends in the header of the box at " + offset;
      }
      if (!hasPlausibleType() || end < offset + headerLength) {
        return "no box begins at " + offset;
      }
      return end > parentEnd ? this + " needs " + (end - parentEnd) + " bytes more than are there" : null;
    }

    boolean holds(MediaBytes bytes, int childType) throws IOException {
      return end - offset >= headerLength + 8 && bytes.i32(offset + headerLength + 4) == childType;
    }

    /** Types are four printable characters; QuickTime's user data begins with a copyright sign. */
    private boolean hasPlausibleType() {
      for (int shift = 24; shift >= 0; shift -= 8) {
        int letter = type >>> shift & 0xff;
        if ((letter < 0x20 || letter > 0x7e) && letter != 0xa9) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      String letters =
          new String(
              new byte[] {(byte) (type >> 24), (byte) (type >> 16), (byte) (type >> 8), (byte) type},
              StandardCharsets.ISO_8859_1);
      return "the " + letters + " box at " + offset;
    }
  }
}
