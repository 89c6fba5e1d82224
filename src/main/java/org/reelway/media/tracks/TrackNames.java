package org.reelway.media.tracks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Gathers what a track says of its stream; what is broken is passed over, for names decide nothing. */
final class TrackNames {
  /** What writers put there when nobody named the track. */
  private static final Set<String> NAMES_OF_NOBODY =
      Set.of(
          "VideoHandler", "SoundHandler", "DataHandler", "Core Media Video", "Core Media Audio", "Video Media Handler",
          "Sound Media Handler", "Apple Video Media Handler", "Apple Sound Media Handler", "Vide", "Soun");
  private static final int HEADER = 8;
  private static final int DATA_HEADER = 8;

  private final Map<String, String> values = new HashMap<>();
  private String name = "";
  private String handler = "";

  /** @param boxes {@code udta} and {@code meta} among others */
  void take(ByteBuffer boxes) {
    each(boxes, (type, body) -> {
      if (type.equals("udta")) {
        udta(body);
      } else if (type.equals("meta")) {
        meta(body);
      }
    });
  }

  void udta(ByteBuffer body) {
    each(body, (type, inner) -> {
      if (type.equals("name")) {
        name = text(inner);
      } else if (type.equals("meta")) {
        meta(inner);
      }
    });
  }

  void meta(ByteBuffer body) {
    ByteBuffer boxes = body.duplicate();
    // ISO's has version and flags first, QuickTime's has not.
    if (boxes.remaining() >= HEADER && !letters(boxes, boxes.position() + 4).equals("hdlr")) {
      boxes.position(boxes.position() + 4);
    }
    List<String> keys = new ArrayList<>();
    each(boxes, (type, inner) -> {
      if (type.equals("keys")) {
        keys(inner, keys);
      } else if (type.equals("ilst")) {
        items(inner, keys);
      }
    });
  }

  /** The name in the handler box: one with a length before it (QuickTime), or one that ends with a zero (ISO). */
  void handlerName(ByteBuffer bytes) {
    ByteBuffer text = bytes.duplicate();
    if (text.hasRemaining() && (text.get(text.position()) & 0xff) == text.remaining() - 1) {
      text.get();
    }
    handler = text(text);
  }

  TrackMetadata metadata() {
    String fallback = name.isEmpty() && !NAMES_OF_NOBODY.contains(handler) ? handler : name;
    String named = values.getOrDefault(TrackMetadata.STREAM_NAME, "");
    return new TrackMetadata(
        named.isEmpty() ? fallback : named, values.getOrDefault(TrackMetadata.MEDIA_SESSION_ID, ""));
  }

  private static void keys(ByteBuffer body, List<String> keys) {
    if (body.remaining() >= HEADER) {
      ByteBuffer boxes = body.duplicate();
      boxes.position(boxes.position() + HEADER);
      each(boxes, (namespace, key) -> keys.add(text(key)));
    }
  }

  private void items(ByteBuffer body, List<String> keys) {
    ByteBuffer rest = body.duplicate();
    while (rest.remaining() >= HEADER) {
      int size = rest.getInt(rest.position());
      int key = rest.getInt(rest.position() + 4) - 1;
      if (size < HEADER || size > rest.remaining()) {
        return;
      }
      if (key >= 0 && key < keys.size()) {
        value(keys.get(key), rest.slice(rest.position() + HEADER, size - HEADER));
      }
      rest.position(rest.position() + size);
    }
  }

  private void value(String key, ByteBuffer item) {
    each(item, (type, body) -> {
      if (type.equals("data") && body.remaining() >= DATA_HEADER) {
        values.putIfAbsent(key, text(body.slice(DATA_HEADER, body.remaining() - DATA_HEADER)));
      }
    });
  }

  private static void each(ByteBuffer boxes, BiConsumer<String, ByteBuffer> told) {
    ByteBuffer rest = boxes.slice();
    while (rest.remaining() >= HEADER) {
      int size = rest.getInt(rest.position());
      if (size < HEADER || size > rest.remaining()) {
        return;
      }
      told.accept(letters(rest, rest.position() + 4), rest.slice(rest.position() + HEADER, size - HEADER));
      rest.position(rest.position() + size);
    }
  }

  private static String letters(ByteBuffer bytes, int at) {
    byte[] four = new byte[4];
    bytes.get(at, four);
    return new String(four, StandardCharsets.ISO_8859_1);
  }

  private static String text(ByteBuffer bytes) {
    String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
