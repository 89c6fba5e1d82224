package org.reelway.media.tracks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

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
  private static final int HEADER = 8;
  private static final int UTF_8 = 1;

  /** The boxes {@code udta} and {@code meta}, one after the other, to stand at the end of a {@code trak}. */
  public byte[] toBytes() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(STREAM_NAME, streamName);
    values.put(MEDIA_SESSION_ID, mediaSessionId);
    return joined(box("udta", box("name", utf8(streamName))), meta(values));
  }

  /**
   * Reads what {@link #toBytes} wrote, also among other boxes.
   *
   * @param boxes those inside a {@code trak}; what is broken is passed over
   */
  public static TrackMetadata fromBytes(byte[] boxes) {
    TrackNames names = new TrackNames();
    names.take(ByteBuffer.wrap(boxes));
    return names.metadata();
  }

  private static byte[] meta(Map<String, String> values) {
    byte[] keys = joined(number(0), number(values.size()));
    byte[] items = {};
    int index = 0;
    for (Map.Entry<String, String> each : values.entrySet()) {
      keys = joined(keys, box("mdta", utf8(each.getKey())));
      byte[] data = box("data", joined(number(UTF_8), number(0), utf8(each.getValue())));
      items = joined(items, number(HEADER + data.length), number(++index), data);
    }
    byte[] handler = box("hdlr", joined(number(0), number(0), utf8("mdta"), new byte[12], new byte[1]));
    return box("meta", joined(number(0), handler, box("keys", keys), box("ilst", items)));
  }

  private static byte[] box(String type, byte[] body) {
    return joined(number(HEADER + body.length), type.getBytes(StandardCharsets.ISO_8859_1), body);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (byte[] part : parts) {
        all.write(part);
      }
    } catch (IOException memoryNeverFails) {
      throw new IllegalStateException(memoryNeverFails);
    }
    return all.toByteArray();
  }
}
