package org.reelway.media.repair;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;

/** The boxes of a cut MP4 from its start to where they end (ISO/IEC 14496-12, 4.2). */
final class Mp4Walk {
  private static final int LEAST_MEDIA = 1024;
  /** QuickTime files may begin without ftyp. */
  private static final Set<String> BEFORE_MEDIA = Set.of("mdat", "wide", "free", "skip");

  private final MediaBytes bytes;
  private boolean known;
  private boolean moov;
  private boolean fragmented;
  private long mediaStart;
  private long usable;
  private boolean openFragment;

  private Mp4Walk(MediaBytes bytes) {
    this.bytes = bytes;
  }

  static Optional<BrokenMedia> of(MediaBytes bytes) throws IOException {
    Mp4Walk walk = new Mp4Walk(bytes);
    Box file = Box.file(bytes);
    Box box = file.at(0);
    String first = box == null ? "" : box.type();
    while (box != null && walk.goesOnBehind(box)) {
      box = file.at(box.end());
    }
    return walk.result(BEFORE_MEDIA.contains(first));
  }

  /** Returns false where what stands there is no box to go on from. */
  private boolean goesOnBehind(Box box) throws IOException {
    boolean whole = !box.isTorn() && !box.isOpen();
    known |= box.is("ftyp") || box.is("moov") || box.is("moof");
    if (box.is("mdat")) {
      mediaStart = mediaStart == 0 ? box.body() : mediaStart;
      // Of a cut mdat the samples up to the cut can be had, where their index came before.
      usable = whole ? box.end() : moov ? bytes.size() : usable;
      openFragment = false;
      return whole;
    }
    if (!whole || !box.hasPlausibleType()) {
      return false;
    }
    if (box.is("moov")) {
      moov = true;
      fragmented |= hasFragments(box);
    }
    if (box.is("moof")) {
      fragmented = true;
      openFragment = true;
    }
    usable = openFragment ? usable : box.end();
    return true;
  }

  private static boolean hasFragments(Box moov) throws IOException {
    try {
      return moov.find("mvex").isPresent();
    } catch (BrokenBoxes tornIndex) {
      return false;
    }
  }

  private Optional<BrokenMedia> result(boolean startsWithMedia) {
    boolean media = mediaStart > 0 && bytes.size() - mediaStart >= LEAST_MEDIA;
    if (!media || !known && !startsWithMedia) {
      return Optional.empty();
    }
    if (!moov) {
      return Optional.of(new BrokenMedia(MediaKind.MP4_WITHOUT_INDEX, bytes.size(), bytes.size(), mediaStart));
    }
    MediaKind kind = fragmented ? MediaKind.FRAGMENTED_MP4 : MediaKind.MP4;
    return Optional.of(new BrokenMedia(kind, usable, bytes.size(), 0));
  }
}
