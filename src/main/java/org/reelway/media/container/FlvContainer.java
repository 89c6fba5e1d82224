package org.reelway.media.container;

import java.io.IOException;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.container.ContainerCheck.Verdict;

/**
 * FLV (Adobe Flash Video File Format Specification 10.1, annex E): a header, then tags, each followed by its own size.
 *
 * <p>Whole means: the sizes lead back from the end of the file over its last tags. A file that ends after a tag is
 * whole.
 */
final class FlvContainer implements Container {
  private static final int SIGNATURE = 0x464c56; // FLV
  private static final int TAG_HEADER = 11;
  private static final int TAGS_FOLLOWED_BACK = 16;

  @Override
  public String name() {
    return "FLV";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("flv");
  }

  @Override
  public boolean recognises(MediaBytes bytes) throws IOException {
    return bytes.has(0, 4) && bytes.u24(0) == SIGNATURE && bytes.u8(3) <= 2;
  }

  @Override
  public Verdict check(MediaBytes bytes) throws IOException {
    if (!bytes.has(0, 13)) {
      return Verdict.incomplete("the file ends in the FLV header");
    }
    long firstTag = bytes.u32(5) + 4;
    if (firstTag >= bytes.size()) {
      return Verdict.incomplete("no FLV tag yet");
    }
    long end = bytes.size();
    for (int tags = 0; tags < TAGS_FOLLOWED_BACK && end > firstTag; tags++) {
      long start = tagThatEndsAt(end, firstTag, bytes);
      if (start < 0) {
        return Verdict.incomplete("no FLV tag ends at " + end + ": the last tag is cut");
      }
      end = start;
    }
    return Verdict.whole("FLV");
  }

  /** Returns the start of the tag whose trailing size field ends at {@code end}, or -1. */
  private static long tagThatEndsAt(long end, long firstTag, MediaBytes bytes) throws IOException {
    if (end - firstTag < TAG_HEADER + 4) {
      return -1;
    }
    long length = bytes.u32(end - 4);
    long start = end - 4 - length;
    if (length < TAG_HEADER || start < firstTag) {
      return -1;
    }
    boolean sizesAgree = bytes.u24(start + 1) + TAG_HEADER == length;
    return sizesAgree && isTagType(bytes.u8(start)) && bytes.u24(start + 8) == 0 ? start : -1;
  }

  /** Audio, video or script data; bit 5 marks an encrypted tag. */
  private static boolean isTagType(int type) {
    int plain = type & ~0x20;
    return plain == 8 || plain == 9 || plain == 18;
  }
}
