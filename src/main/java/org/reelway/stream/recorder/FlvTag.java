package org.reelway.stream.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A piece of FLV, as RTMP carries it too (Adobe Flash Video File Format 10.1, annex E; Enhanced RTMP v2).
 *
 * @param millis as the sender counts
 */
public record FlvTag(Kind kind, long millis, byte[] body) {
  private static final int HEADER = 11;
  private static final int FILE_HEADER = 9;
  private static final int BACK_POINTER = 4;
  private static final int ENHANCED_AUDIO = 9;
  private static final int AAC = 10;
  private static final int AVC = 7;
  private static final int KEY = 1;
  private static final int COMMAND = 5;

  /** What it has. */
  public enum Kind {
    AUDIO(8),
    VIDEO(9),
    /** What is said of the stream, and not of it. */
    OTHER(18);

    private final int type;

    Kind(int type) {
      this.type = type;
    }

    private static Kind of(int type) {
      return type == AUDIO.type ? AUDIO : type == VIDEO.type ? VIDEO : OTHER;
    }
  }

  /** What it is good for. */
  private enum Role {
    SETUP,
    MEDIA,
    NOTHING
  }

  /** @param type as FLV and RTMP count */
  public static FlvTag of(int type, long millis, byte[] body) {
    return new FlvTag(Kind.of(type & 0x1f), millis, body);
  }

  /** Reads the file's header. @return whether it is FLV */
  static boolean begins(InputStream in) throws IOException {
    byte[] header = in.readNBytes(FILE_HEADER + BACK_POINTER);
    return header.length == FILE_HEADER + BACK_POINTER && header[0] == 'F' && header[1] == 'L' && header[2] == 'V';
  }

  /** The next one that is whole; null at the end. */
  public static FlvTag read(InputStream in) throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER) {
      return null;
    }
    int size = ByteBuffer.wrap(header).getInt(0) & 0xffffff;
    long low = ByteBuffer.wrap(header).getInt(4) >>> 8;
    byte[] body = in.readNBytes(size);
    if (body.length < size || in.readNBytes(BACK_POINTER).length < BACK_POINTER) {
      return null;
    }
    return new FlvTag(Kind.of(header[0] & 0x1f), (header[7] & 0xffL) << 24 | low, body);
  }

  public static byte[] fileHeader(boolean video, boolean audio) {
    return new byte[] {'F', 'L', 'V', 1, (byte) ((audio ? 4 : 0) + (video ? 1 : 0)), 0, 0, 0, FILE_HEADER, 0, 0, 0, 0};
  }

  /** @param time in milliseconds, for the one that it has */
  public void write(OutputStream out, long time) throws IOException {
    ByteBuffer tag = ByteBuffer.allocate(HEADER + body.length + BACK_POINTER);
    tag.putInt(kind.type << 24 | body.length).putInt((int) (time & 0xffffff) << 8 | (int) (time >> 24) & 0xff);
    tag.put(new byte[] {0, 0, 0}).put(body).putInt(HEADER + body.length);
    out.write(tag.array());
  }

  private Role role() {
    if (kind == Kind.OTHER || body.length < 2) {
      return Role.NOTHING;
    }
    int low = body[0] & 0x0f;
    int high = (body[0] & 0xff) >> 4;
    if (kind == Kind.VIDEO) {
      boolean enhanced = (body[0] & 0x80) != 0;
      return (high & 7) == COMMAND ? Role.NOTHING : enhanced ? enhanced(low) : low < AVC ? Role.MEDIA : packet(body[1]);
    }
    return high == ENHANCED_AUDIO ? enhanced(low) : high == AAC ? packet(body[1]) : Role.MEDIA;
  }

  private static Role packet(int type) {
    return type == 0 ? Role.SETUP : type == 1 ? Role.MEDIA : Role.NOTHING;
  }

  /** 2 ends a sequence, 4 tells of colours or of channels. */
  private static Role enhanced(int type) {
    return type == 0 || type == 5 ? Role.SETUP : type == 2 || type == 4 ? Role.NOTHING : Role.MEDIA;
  }

  /** It has what a decoder is set up with, and no media. */
  public boolean isSetup() {
    return role() == Role.SETUP;
  }

  public boolean isMedia() {
    return role() == Role.MEDIA;
  }

  /** A decoder may begin here. */
  public boolean isKey() {
    return kind == Kind.AUDIO || ((body[0] & 0x70) >> 4) == KEY;
  }

  /** Whether a decoder that was set up with the other one may go on with this. */
  boolean isSameSetup(FlvTag other) {
    return other != null && Arrays.equals(body, other.body);
  }
}
