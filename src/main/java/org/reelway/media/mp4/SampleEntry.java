package org.reelway.media.mp4;

import java.io.IOException;
import java.util.Optional;

/**
 * The first sample entry of a track ({@code stsd}, ISO/IEC 14496-12, 8.5.2): how its media is coded.
 *
 * @param box of the codec's type
 * @param isVideo else it is audio
 */
public record SampleEntry(Box box, boolean isVideo) {
  private static final int COMMON = 8;
  private static final int VIDEO_FIXED = COMMON + 70;
  private static final int AUDIO_FIXED = COMMON + 20;
  private static final int[] QUICKTIME_AUDIO_MORE = {0, 16, 36};

  /** @throws BrokenBoxes it has none */
  public static SampleEntry of(Box stsd, boolean isVideo) throws IOException {
    Box entry = stsd.length() < 8 ? null : stsd.within(8).first();
    if (entry == null) {
      throw new BrokenBoxes("the box 'stsd' holds no sample entry");
    }
    return new SampleEntry(entry, isVideo);
  }

  /** Four letters, for instance {@code avc1}. */
  public String codec() {
    return box.shownType();
  }

  public int width() throws IOException {
    return isVideo ? box.u16(COMMON + 16) : 0;
  }

  public int height() throws IOException {
    return isVideo ? box.u16(COMMON + 18) : 0;
  }

  /** Of AAC the description of the codec counts: many writers put 2 into the entry whatever it has. */
  public int channels() throws IOException {
    int own = isVideo ? 0 : box.u16(COMMON + 8);
    return aac().map(AacConfig::channels).filter(known -> known > 0).orElse(own);
  }

  public int sampleRate() throws IOException {
    int own = isVideo ? 0 : box.u16(COMMON + 16);
    return aac().map(AacConfig::sampleRate).filter(known -> known > 0).orElse(own);
  }

  /** What AAC says of itself ({@code esds}). */
  public Optional<AacConfig> aac() throws IOException {
    Optional<Box> esds = isVideo ? Optional.empty() : extension("esds");
    return esds.isPresent() ? AacConfig.of(esds.get()) : Optional.empty();
  }

  /** A box behind the fields, such as {@code avcC}; QuickTime's sound has it in a box {@code wave} too. */
  public Optional<Box> extension(String type) throws IOException {
    Box extensions = box.within(isVideo ? VIDEO_FIXED : soundFields());
    Optional<Box> own = extensions.find(type);
    return own.isPresent() || isVideo ? own : extensions.find("wave", type);
  }

  private int soundFields() throws IOException {
    int version = box.u16(COMMON);
    return AUDIO_FIXED + (version < QUICKTIME_AUDIO_MORE.length ? QUICKTIME_AUDIO_MORE[version] : 0);
  }
}
