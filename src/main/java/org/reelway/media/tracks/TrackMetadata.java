package org.reelway.media.tracks;

import static org.reelway.media.mp4.BoxContent.box;
import static org.reelway.media.mp4.BoxContent.full;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whose track it is. In the file: a QuickTime track name ({@code trak/udta/name}, UTF-8) for any program that shows one,
 * and a {@code trak/meta} box of handler {@code mdta} with the keys {@code streamName} and {@code mediaSessionId}.
 *
 * <p>Source of the format: QuickTime File Format, "Metadata" and "User data atoms"; the boxes are ISO's (with version and
 * flags), as ffmpeg writes them.
 *
 * @param streamName empty where it is not known
 * @param mediaSessionId empty where it is not known
 */
public record TrackMetadata(String streamName, String mediaSessionId) {
  public static final TrackMetadata NONE = new TrackMetadata("", "");

  static final String STREAM_NAME = "streamName";
  static final String MEDIA_SESSION_ID = "mediaSessionId";
  private static final int UTF_8 = 1;

  /** The boxes {@code udta} and {@code meta}, one after the other, to stand at the end of a {@code trak}. */
  public byte[] toBytes() {
    byte[] udta = box("udta", box("name", utf8(streamName)));
    byte[] handler = full("hdlr", 0, 0, number(0), utf8("mdta"), new byte[13]);
    byte[] keys = full("keys", 0, 0, number(2), box("mdta", utf8(STREAM_NAME)), box("mdta", utf8(MEDIA_SESSION_ID)));
    byte[] meta = full("meta", 0, 0, handler, keys, box("ilst", item(1, streamName), item(2, mediaSessionId)));
    return ByteBuffer.allocate(udta.length + meta.length).put(udta).put(meta).array();
  }

  /** A box whose type is the number of its key. */
  private static byte[] item(int key, String value) {
    byte[] item = box("    ", box("data", number(UTF_8), number(0), utf8(value)));
    return ByteBuffer.wrap(item).putInt(4, key).array();
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
