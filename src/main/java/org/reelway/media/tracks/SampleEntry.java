package org.reelway.media.tracks;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.reelway.recording.MediaBytes;

/**
 * The first sample entry of a track (ISO/IEC 14496-12, 8.5.2).
 *
 * @param width of video, else 0
 * @param height of video, else 0
 * @param channels of audio, else 0
 * @param sampleRate of audio, else 0
 */
record SampleEntry(String codec, int width, int height, int channels, int sampleRate) {
  private static final int COMMON = 8;
  private static final int VIDEO_SIZE = COMMON + 16;
  private static final int AUDIO_CHANNELS = COMMON + 8;
  private static final int AUDIO_RATE = COMMON + 16;
  private static final int AUDIO_FIXED = COMMON + 20;
  private static final int[] QUICKTIME_AUDIO_MORE = {0, 16, 36};
  private static final int LONGEST_DESCRIPTION = 4096;

  static SampleEntry of(MediaBytes bytes, FileBox stsd, Track.Kind kind) throws IOException {
    stsd.atLeast(16);
    FileBox entry =
        FileBox.at(bytes, stsd.body() + 8, stsd.end())
            .orElseThrow(() -> new BrokenBoxes("the box 'stsd' holds no sample entry"));
    return kind == Track.Kind.VIDEO ? video(bytes, entry.atLeast(VIDEO_SIZE + 4)) : audio(bytes, entry);
  }

  private static SampleEntry video(MediaBytes bytes, FileBox entry) throws IOException {
    long size = entry.body() + VIDEO_SIZE;
    return new SampleEntry(entry.type(), bytes.u16(size), bytes.u16(size + 2), 0, 0);
  }

  /** Of AAC the description of the codec counts: many writers put 2 channels into the entry whatever it has. */
  private static SampleEntry audio(MediaBytes bytes, FileBox entry) throws IOException {
    entry.atLeast(AUDIO_FIXED);
    int version = bytes.u16(entry.body() + COMMON);
    int channels = bytes.u16(entry.body() + AUDIO_CHANNELS);
    int rate = bytes.u16(entry.body() + AUDIO_RATE);
    int more = version < QUICKTIME_AUDIO_MORE.length ? QUICKTIME_AUDIO_MORE[version] : 0;
    SampleEntry[] found = {new SampleEntry(entry.type(), 0, 0, channels, rate)};
    long inner = entry.body() + AUDIO_FIXED + more;
    if (inner < entry.end()) {
      new FileBox(entry.type(), inner, entry.end()).each(bytes, box -> {
        if (box.type().equals("esds")) {
          found[0] = AacDescription.of(box.copy(bytes, LONGEST_DESCRIPTION)).in(found[0]);
        }
      });
    }
    return found[0];
  }

  SampleEntry withSound(int otherChannels, int otherRate) {
    return new SampleEntry(
        codec, width, height, otherChannels > 0 ? otherChannels : channels, otherRate > 0 ? otherRate : sampleRate);
  }

  /** Channels and rate by an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); 0 where it does not tell. */
  private record AacDescription(int channels, int sampleRate) {
    private static final AacDescription UNKNOWN = new AacDescription(0, 0);
    private static final int ES_DESCRIPTOR = 3;
    private static final int DECODER_CONFIG = 4;
    private static final int DECODER_SPECIFIC = 5;
    private static final int[] RATES =
        {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
    private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8};

    static AacDescription of(ByteBuffer esds) {
      ByteBuffer rest = esds.position(Math.min(4, esds.limit()));
      while (rest.remaining() >= 2) {
        int tag = rest.get() & 0xff;
        int length = length(rest);
        int skipped =
            switch (tag) {
              case ES_DESCRIPTOR -> 3;
              case DECODER_CONFIG -> 13;
              case DECODER_SPECIFIC -> 0;
              default -> length;
            };
        if (skipped > rest.remaining()) {
          return UNKNOWN;
        }
        if (tag == DECODER_SPECIFIC) {
          return specific(rest);
        }
        rest.position(rest.position() + skipped);
      }
      return UNKNOWN;
    }

    private static int length(ByteBuffer rest) {
      int length = 0;
      for (int i = 0; i < 4 && rest.hasRemaining(); i++) {
        int next = rest.get();
        length = length << 7 | next & 0x7f;
        if (next >= 0) {
          break;
        }
      }
      return length;
    }

    private static AacDescription specific(ByteBuffer config) {
      if (config.remaining() < 5) {
        return config.remaining() < 2 ? UNKNOWN : plain(config.getShort() & 0xffff);
      }
      int start = config.position();
      int bits = config.getShort(start) & 0xffff;
      if ((bits >> 7 & 0xf) != 0xf) {
        return plain(bits);
      }
      long wide = (config.getInt(start) & 0xffffffffL) << 8 | config.get(start + 4) & 0xff;
      return new AacDescription(channels((int) (wide >> 3 & 0xf)), (int) (wide >> 7 & 0xffffff));
    }

    private static AacDescription plain(int bits) {
      int rate = bits >> 7 & 0xf;
      return new AacDescription(channels(bits >> 3 & 0xf), rate < RATES.length ? RATES[rate] : 0);
    }

    private static int channels(int configuration) {
      return configuration < CHANNELS.length ? CHANNELS[configuration] : 0;
    }

    SampleEntry in(SampleEntry entry) {
      return entry.withSound(channels, sampleRate);
    }
  }
}
