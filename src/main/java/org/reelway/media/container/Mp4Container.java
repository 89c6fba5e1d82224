package org.reelway.media.container;

import java.io.IOException;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.container.ContainerCheck.Verdict;
import org.reelway.media.mp4.Box;

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
  private static final Set<String> FIRST =
      Set.of("ftyp", "moov", "moof", "mdat", "free", "skip", "wide", "pnot", "styp", "sidx");
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
    Box first = Box.file(bytes).at(0);
    return first != null && FIRST.contains(first.type());
  }

  @Override
  public Verdict check(MediaBytes bytes) throws IOException {
    Walk walk = new Walk();
    Box file = Box.file(bytes);
    long offset = 0;
    for (int boxes = 0; offset < bytes.size(); boxes++) {
      if (boxes == maxBoxes) {
        return Verdict.unknown("more than " + maxBoxes + " MP4 boxes");
      }
      if (walk.mayEndInPadding(bytes.size() - offset) && isZero(bytes, offset)) {
        break;
      }
      Box box = file.at(offset);
      String torn = fault(box, offset, bytes.size());
      if (torn == null) {
        torn = walk.takes(box);
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

  /** Returns why this cannot be a box that ends within its parent, else null. @param box null where its header is cut */
  private static String fault(Box box, long offset, long parentEnd) {
    if (box == null || box.body() > parentEnd) {
      return "the file ends in the header of the box at " + offset;
    }
    if (!box.hasPlausibleType() || box.end() < box.body()) {
      return "no box begins at " + offset;
    }
    return box.isTorn() ? named(box) + " needs " + (box.end() - parentEnd) + " bytes more than are there" : null;
  }

  private static String named(Box box) {
    return "the " + box.type() + " box at " + box.start();
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
    String takes(Box box) throws IOException {
      switch (box.type()) {
        case "moov" -> {
          moov = true;
          return takesMoov(box);
        }
        case "moof" -> {
          String fault = openFragment == null ? null : withoutMedia(openFragment);
          openFragment = box;
          return fault;
        }
        case "mdat" -> {
          media = true;
          openFragment = null;
          return box.isOpen() && !moov
              ? named(box) + " has no size yet and no moov box is there: the writer has not finished"
              : null;
        }
        default -> {
          return null;
        }
      }
    }

    private String takesMoov(Box moovBox) throws IOException {
      boolean header = false;
      for (long offset = moovBox.body(); offset < moovBox.end(); ) {
        if (moovBox.end() - offset == 4 && moovBox.bytes().i32(offset) == 0) {
          break; // QuickTime ends a list of atoms with a 32-bit zero
        }
        Box child = moovBox.at(offset);
        if (fault(child, offset, moovBox.end()) != null) {
          return named(moovBox) + " is torn: its children do not fill it (at " + offset + ")";
        }
        // A compressed moov (QuickTime) has its header inside cmov.
        header |= child.is("mvhd") || child.is("cmov") && offset == moovBox.body();
        fragmented |= child.is("mvex");
        offset = child.end();
      }
      return header ? null : named(moovBox) + " is torn: it has no mvhd";
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
      return named(moof) + " is not followed by its mdat";
    }
  }
}
