package org.reelway.media.repair;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.reelway.media.MediaBytes;

/**
 * Walks bare media data by the pattern of another recording: pictures are units with their length in front, what lies
 * between them is sound. Writes both as streams that need no index: H.264 with start codes (ISO/IEC 14496-10, annex B)
 * and AAC with ADTS headers. Memory is bounded, whatever the file's size.
 */
final class MdatWalk {
  private static final int WINDOW = 256 * 1024;
  private static final int CHUNK = 1024 * 1024;

  private final H264Pattern video;
  private final AacPattern audio;
  private final AacSplitter splitter;

  /** @param audio null where the pattern has no sound that can be told apart */
  MdatWalk(H264Pattern video, AacPattern audio) {
    this.video = video;
    this.audio = audio;
    this.splitter = audio == null ? null : new AacSplitter(audio);
  }

  /**
   * What was found.
   *
   * @param bytesUsed of the file, length fields included
   */
  record Found(long pictures, long units, long soundFrames, long bytesUsed) {}

  Found run(Path file, long from, Path videoOut, Path audioOut) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file, WINDOW);
        OutputStream pictures = new BufferedOutputStream(Files.newOutputStream(videoOut), CHUNK);
        OutputStream sound = new BufferedOutputStream(Files.newOutputStream(audioOut), CHUNK)) {
      Walk walk = new Walk(bytes, pictures, sound);
      walk.run(from);
      return walk.found();
    }
  }

  private final class Walk {
    private final MediaBytes bytes;
    private final OutputStream pictures;
    private final OutputStream sound;
    private long pictureCount;
    private long unitCount;
    private long soundCount;
    private long used;

    Walk(MediaBytes bytes, OutputStream pictures, OutputStream sound) {
      this.bytes = bytes;
      this.pictures = pictures;
      this.sound = sound;
    }

    Found found() {
      return new Found(pictureCount, unitCount, soundCount, used);
    }

    void run(long from) throws IOException {
      for (byte[] set : video.parameterSets()) {
        pictures.write(H264Pattern.startCode());
        pictures.write(set);
      }
      long offset = from;
      while (offset < bytes.size()) {
        offset = step(offset);
      }
    }

    /** Takes what begins at the offset and returns where it ends. What leads on to a unit is preferred. */
    private long step(long offset) throws IOException {
      long unit = video.unitAt(bytes, offset, false);
      if (unit > 0 && canFollow(offset + video.lengthSize() + unit)) {
        return takeUnit(offset, unit);
      }
      long next = nextUnit(offset + 1);
      boolean isRun = audio != null && next - offset <= audio.longestRun() && takeSound(offset, next);
      if (!isRun && unit > 0 && bytes.has(offset + video.lengthSize(), unit)) {
        return takeUnit(offset, unit);
      }
      return next;
    }

    /** Where a unit begins that is followed by what can follow one; the end of the file where none does. */
    private long nextUnit(long from) throws IOException {
      for (long offset = from; offset < bytes.size(); offset++) {
        long unit = video.unitAt(bytes, offset, false);
        if (unit > 0 && canFollow(offset + video.lengthSize() + unit)) {
          return offset;
        }
      }
      return bytes.size();
    }

    private boolean canFollow(long end) throws IOException {
      if (!bytes.has(end, 4)) {
        return end <= bytes.size();
      }
      return video.unitAt(bytes, end, true) > 0 || audio != null && audio.mayBegin(bytes.i32(end));
    }

    private long takeUnit(long offset, long length) throws IOException {
      long at = offset + video.lengthSize();
      pictures.write(H264Pattern.startCode());
      byte[] head = bytes.copy(at, 2);
      pictureCount += H264Pattern.beginsPicture(head[0], head[1]) ? 1 : 0;
      unitCount++;
      used += video.lengthSize() + length;
      for (long done = 0; done < length; ) {
        byte[] chunk = bytes.copy(at + done, (int) Math.min(CHUNK, length - done));
        pictures.write(chunk);
        done += chunk.length;
      }
      return at + length;
    }

    /** Returns false where it is no sound. The last frame of the file may be cut and is left out. */
    private boolean takeSound(long from, long to) throws IOException {
      byte[] run = bytes.copy(from, (int) (to - from));
      List<Integer> sizes = splitter.split(run);
      int frames = to == bytes.size() ? sizes.size() - 1 : sizes.size();
      int at = 0;
      for (int i = 0; i < frames; i++) {
        sound.write(adtsHeader(sizes.get(i)));
        sound.write(run, at, sizes.get(i));
        at += sizes.get(i);
        soundCount++;
        used += sizes.get(i);
      }
      return !sizes.isEmpty();
    }

    /** Seven bytes, without check sum (ISO/IEC 14496-3, 1.A.3.2). */
    private byte[] adtsHeader(int frame) {
      AacPattern.Config config = audio.config();
      int length = frame + 7;
      return new byte[] {
        (byte) 0xff,
        (byte) 0xf1,
        (byte) (config.profile() << 6 | config.frequencyIndex() << 2 | config.channels() >> 2),
        (byte) ((config.channels() & 3) << 6 | length >> 11),
        (byte) (length >> 3),
        (byte) ((length & 7) << 5 | 0x1f),
        (byte) 0xfc
      };
    }
  }
}
