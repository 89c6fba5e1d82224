package org.reelway.media.repair;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;

/**
 * What pictures of this encoder look like: parameter sets (ISO/IEC 14496-15, 5.3.3.1) and sizes, and thereby where in
 * bare media data one begins.
 */
final class H264Pattern {
  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final int LARGEST_SETS = 64 * 1024;
  private static final long LARGEST_UNIT = 64 * 1024 * 1024;
  private static final int SLICE = 1;
  private static final int IDR_SLICE = 5;

  private final int lengthSize;
  private final List<byte[]> parameterSets;
  private final Set<Integer> pictureParameterIds;
  private final long largest;
  private final double picturesPerSecond;

  private H264Pattern(
      int lengthSize, List<byte[]> parameterSets, Set<Integer> ids, long largest, double picturesPerSecond) {
    this.lengthSize = lengthSize;
    this.parameterSets = parameterSets;
    this.pictureParameterIds = ids;
    this.largest = largest;
    this.picturesPerSecond = picturesPerSecond;
  }

  /** Empty where the track's entry has no parameter sets. */
  static Optional<H264Pattern> of(Mp4Track track) throws IOException {
    Optional<Box> avcC = track.entry().extension("avcC");
    try {
      return avcC.isEmpty() ? Optional.empty() : Optional.of(of(track, ByteBuffer.wrap(avcC.get().content(LARGEST_SETS))));
    } catch (IndexOutOfBoundsException | BufferUnderflowException torn) {
      throw new InputFailure("has parameter sets that contradict themselves", torn);
    }
  }

  private static H264Pattern of(Mp4Track track, ByteBuffer avcC) {
    int lengthSize = (avcC.get(4) & 3) + 1;
    List<byte[]> sets = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    avcC.position(5);
    int sequenceSets = avcC.get() & 0x1f;
    for (int i = 0; i < sequenceSets; i++) {
      sets.add(set(avcC));
    }
    int pictureSets = avcC.get();
    for (int i = 0; i < pictureSets; i++) {
      byte[] set = set(avcC);
      sets.add(set);
      ids.add(new BitReader(set, 1).exponentialGolomb());
    }
    long largest = 0;
    for (int size : track.sizes()) {
      largest = Math.max(largest, size);
    }
    return new H264Pattern(lengthSize, sets, ids, largest, track.samplesPerSecond());
  }

  private static byte[] set(ByteBuffer avcC) {
    byte[] set = new byte[Short.toUnsignedInt(avcC.getShort())];
    avcC.get(set);
    return set;
  }

  static byte[] startCode() {
    return START_CODE.clone();
  }

  List<byte[]> parameterSets() {
    return parameterSets;
  }

  int lengthSize() {
    return lengthSize;
  }

  double picturesPerSecond() {
    return picturesPerSecond;
  }

  /**
   * The length of the NAL unit (ISO/IEC 14496-10, 7.3.1) that may begin at the offset, its length field not counted; 0
   * where none can.
   *
   * @param daring also takes units much larger than any of the pattern
   */
  long unitAt(MediaBytes bytes, long offset, boolean daring) throws IOException {
    if (!bytes.has(offset, lengthSize + 2L)) {
      return 0;
    }
    long length = 0;
    for (int i = 0; i < lengthSize; i++) {
      length = length << 8 | bytes.u8(offset + i);
    }
    long most = daring ? LARGEST_UNIT : Math.max(64 * 1024, 4 * largest);
    return length >= 2 && length <= most && isUnit(bytes, offset + lengthSize, length) ? length : 0;
  }

  private boolean isUnit(MediaBytes bytes, long at, long length) throws IOException {
    int header = bytes.u8(at);
    int type = header & 0x1f;
    int importance = header >> 5;
    if (header >= 0x80) {
      return false;
    }
    return switch (type) {
      case SLICE -> isSlice(bytes, at, length);
      case IDR_SLICE -> importance != 0 && isSlice(bytes, at, length);
      case 6, 9 -> importance == 0 && (type == 6 ? length < 64 * 1024 : length == 2);
      case 7, 8 -> importance != 0 && length < 4096;
      case 10, 11, 12 -> importance == 0 && length < 1024 * 1024;
      default -> false;
    };
  }

  /** Its header: first macroblock, slice type, and a picture parameter set that there is. */
  private boolean isSlice(MediaBytes bytes, long at, long length) throws IOException {
    if (length < 6 || !bytes.has(at, 12)) {
      return false;
    }
    BitReader bits = new BitReader(bytes.copy(at + 1, 11), 0);
    int firstMacroblock = bits.exponentialGolomb();
    int type = bits.exponentialGolomb();
    int parameters = bits.exponentialGolomb();
    return firstMacroblock >= 0 && firstMacroblock < 1 << 17
        && type >= 0 && type <= 9 && pictureParameterIds.contains(parameters);
  }

  /** Whether the unit begins a picture: the first slice of one. */
  static boolean beginsPicture(byte header, byte afterHeader) {
    int type = header & 0x1f;
    return (type == SLICE || type == IDR_SLICE) && afterHeader < 0;
  }
}
