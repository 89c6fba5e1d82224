package org.reelway.media.mp4;

import java.io.IOException;
import java.util.Optional;

/**
 * What an AudioSpecificConfig says (ISO/IEC 14496-3, 1.6.2.1).
 *
 * @param objectType 2 for AAC-LC, 5 and 29 for HE-AAC
 * @param frequencyIndex 15 where the rate is written out
 * @param sampleRate a second; 0 for unknown
 * @param channelConfiguration see {@link #channels}
 */
public record AacConfig(int objectType, int frequencyIndex, int sampleRate, int channelConfiguration) {
  private static final int ES_DESCRIPTOR = 3;
  private static final int DECODER_CONFIG = 4;
  private static final int DECODER_SPECIFIC = 5;
  private static final int WRITTEN_OUT = 15;
  private static final int LONGEST = 4096;
  private static final int[] RATES =
      {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
  private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8};

  /** Down the descriptors (ISO/IEC 14496-1, 7.2.6) to the decoder's own; empty where there is none. */
  static Optional<AacConfig> of(Box esds) throws IOException {
    long at = 4;
    while (at + 2 <= Math.min(LONGEST, esds.length())) {
      int tag = esds.u8(at++);
      long length = 0;
      for (int i = 0, more = 0x80; i < 4 && more != 0 && at < esds.length(); i++) {
        int part = esds.u8(at++);
        length = length << 7 | part & 0x7f;
        more = part & 0x80;
      }
      if (tag == DECODER_SPECIFIC) {
        return at + 2 <= esds.length() ? Optional.of(specific(esds, at)) : Optional.empty();
      }
      // An elementary stream's or a decoder's description is entered, anything else is stepped over.
      at += tag == ES_DESCRIPTOR ? 3 : tag == DECODER_CONFIG ? 13 : length;
    }
    return Optional.empty();
  }

  private static AacConfig specific(Box esds, long at) throws IOException {
    int bits = esds.u16(at);
    int frequency = bits >> 7 & 0xf;
    if (frequency == WRITTEN_OUT && at + 5 <= esds.length()) {
      long wide = esds.u32(at) << 8 | esds.u8(at + 4);
      return new AacConfig(bits >> 11, frequency, (int) (wide >> 7 & 0xffffff), (int) (wide >> 3 & 0xf));
    }
    return new AacConfig(bits >> 11, frequency, rate(frequency), bits >> 3 & 0xf);
  }

  private static int rate(int frequencyIndex) {
    return frequencyIndex < RATES.length ? RATES[frequencyIndex] : 0;
  }

  /** 0 for unknown. */
  public int channels() {
    return channelConfiguration < CHANNELS.length ? CHANNELS[channelConfiguration] : 0;
  }
}
