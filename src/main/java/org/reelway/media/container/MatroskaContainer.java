package org.reelway.media.container;

import java.io.IOException;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.container.ContainerCheck.Verdict;

/**
 * Matroska and WebM (RFC 9559) on EBML (RFC 8794): a header, then a segment of elements.
 *
 * <p>Whole means: the size that a closed segment states is what the file holds; in a segment of unknown size (live
 * writers leave it so) the last element is complete, and there is a track list and a cluster. Clusters of unknown size
 * are walked block by block. An index (SeekHead, Cues) may be missing.
 */
final class MatroskaContainer implements Container {
  private static final long EBML = 0x1A45DFA3L;
  private static final long SEGMENT = 0x18538067L;
  private static final long TRACKS = 0x1654AE6BL;
  private static final long CLUSTER = 0x1F43B675L;
  private static final long VOID = 0xECL;

  private static final long UNKNOWN_SIZE = -1;

  private final int maxElements;

  MatroskaContainer(int maxElements) {
    this.maxElements = maxElements;
  }

  @Override
  public String name() {
    return "Matroska";
  }

  @Override
  public Set<String> extensions() {
    return Set.of("mkv", "mka", "mks", "webm", "weba");
  }

  @Override
  public boolean recognises(MediaBytes bytes) throws IOException {
    return bytes.has(0, 4) && bytes.u32(0) == EBML;
  }

  @Override
  public Verdict check(MediaBytes bytes) throws IOException {
    boolean segment = false;
    for (long offset = 0; offset < bytes.size(); ) {
      Element element = Element.at(bytes, offset);
      if (element == null) {
        return torn(offset);
      }
      segment |= element.id == SEGMENT;
      if (element.id == SEGMENT && element.size == UNKNOWN_SIZE) {
        return checkOpenSegment(bytes, element.content());
      }
      if (!element.isWithin(bytes)) {
        return cut(element, bytes);
      }
      if (element.id != SEGMENT && element.id != EBML && element.id != VOID) {
        return Verdict.incomplete("an element that belongs into a Matroska segment is beside it, at " + offset);
      }
      offset = element.end();
    }
    return segment ? Verdict.whole("Matroska") : Verdict.incomplete("no Matroska segment yet");
  }

  /** A cluster of unknown size is entered, all else is stepped over: the segment's children and the cluster's alike. */
  private Verdict checkOpenSegment(MediaBytes bytes, long from) throws IOException {
    boolean tracks = false;
    boolean cluster = false;
    long offset = from;
    for (int elements = 0; offset < bytes.size(); elements++) {
      if (elements == maxElements) {
        return Verdict.unknown("more than " + maxElements + " Matroska elements");
      }
      Element element = Element.at(bytes, offset);
      if (element == null) {
        return torn(offset);
      }
      tracks |= element.id == TRACKS;
      cluster |= element.id == CLUSTER;
      boolean entered = element.size == UNKNOWN_SIZE && (element.id == CLUSTER || element.id == SEGMENT);
      if (!entered && !element.isWithin(bytes)) {
        return cut(element, bytes);
      }
      offset = entered ? element.content() : element.end();
    }
    if (!tracks || !cluster) {
      return Verdict.incomplete("no " + (tracks ? "cluster" : "track list") + " in the Matroska segment yet");
    }
    return Verdict.whole("Matroska, segment of unknown size");
  }

  private static Verdict torn(long offset) {
    return Verdict.incomplete("no whole Matroska element header at " + offset);
  }

  private static Verdict cut(Element element, MediaBytes bytes) {
    String size = element.size == UNKNOWN_SIZE ? "of unknown size" : "of " + element.size + " bytes";
    return Verdict.incomplete(
        String.format(
            "the Matroska element %X at %d, %s, does not end within the file of %d bytes",
            element.id, element.offset, size, bytes.size()));
  }

  /** An EBML element: id with its marker bits, size of its content ({@link #UNKNOWN_SIZE} where not stated). */
  private record Element(long id, long offset, int headerLength, long size) {
    /** Returns null where no complete header is. */
    static Element at(MediaBytes bytes, long offset) throws IOException {
      int idLength = bytes.has(offset, 1) ? vintLength(bytes.u8(offset)) : 0;
      if (idLength < 1 || idLength > 4 || !bytes.has(offset, idLength + 1L)) {
        return null;
      }
      int sizeLength = vintLength(bytes.u8(offset + idLength));
      if (sizeLength > 8 || !bytes.has(offset + idLength, sizeLength)) {
        return null;
      }
      long id = number(bytes, offset, idLength);
      long mask = (1L << 7 * sizeLength) - 1;
      long size = number(bytes, offset + idLength, sizeLength) & mask;
      return new Element(id, offset, idLength + sizeLength, size == mask ? UNKNOWN_SIZE : size);
    }

    long content() {
      return offset + headerLength;
    }

    long end() {
      return content() + size;
    }

    boolean isWithin(MediaBytes bytes) {
      return size != UNKNOWN_SIZE && bytes.has(content(), size);
    }

    /** The number of leading zero bits plus one; 9 for a zero byte. */
    private static int vintLength(int firstByte) {
      return Integer.numberOfLeadingZeros(firstByte) - 23;
    }

    private static long number(MediaBytes bytes, long offset, int length) throws IOException {
      long number = 0;
      for (int i = 0; i < length; i++) {
        number = number << 8 | bytes.u8(offset + i);
      }
      return number;
    }
  }
}
