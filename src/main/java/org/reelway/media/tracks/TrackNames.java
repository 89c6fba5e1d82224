package org.reelway.media.tracks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;

/** Gathers what a track says of its stream; what is broken is passed over, for names decide nothing. */
final class TrackNames {
  /** What writers put there when nobody named the track. */
  private static final Set<String> NAMES_OF_NOBODY =
      Set.of(
          "VideoHandler", "SoundHandler", "DataHandler", "Core Media Video", "Core Media Audio", "Video Media Handler",
          "Sound Media Handler", "Apple Video Media Handler", "Apple Sound Media Handler", "Vide", "Soun");
  private static final Set<String> OURS = Set.of(TrackMetadata.STREAM_NAME, TrackMetadata.MEDIA_SESSION_ID);
  /** A name may be long, but not a book. */
  private static final int LONGEST = 8 * 1024;
  private static final int MOST_BOXES = 1000;

  private final Map<String, String> values = new HashMap<>();
  private String name = "";
  private String handler = "";

  private interface Taker {
    void take(Box box) throws IOException;
  }

  /** A box of a {@code trak}. */
  void take(Box box) throws IOException {
    if (box.is("udta")) {
      each(box, this::userData);
    } else if (box.is("meta")) {
      meta(box);
    }
  }

  private void userData(Box box) throws IOException {
    if (box.is("name")) {
      name = text(box);
    } else if (box.is("meta")) {
      meta(box);
    }
  }

  private void meta(Box meta) throws IOException {
    List<String> keys = new ArrayList<>();
    // ISO's has version and flags first, QuickTime's has not.
    boolean isQuickTime = meta.length() < Box.HEADER || meta.letters(4).equals("hdlr");
    each(isQuickTime ? meta : meta.within(4), box -> {
      if (box.is("keys") && box.length() >= 8) {
        each(box.within(8), key -> keys.add(text(key)));
      } else if (box.is("ilst")) {
        each(box, item -> value(keys, item));
      }
    });
  }

  /** The type of an item is the number of its key. */
  private void value(List<String> keys, Box item) throws IOException {
    int key = item.bytes().i32(item.start() + 4) - 1;
    if (key >= 0 && key < keys.size()) {
      each(item, box -> {
        boolean isMeant = OURS.contains(keys.get(key));
        if (isMeant && box.is("data") && box.length() >= 8) {
          values.putIfAbsent(keys.get(key), text(box.within(8)));
        }
      });
    }
  }

  /** The name in the handler box: one with a length before it (QuickTime), or one that ends with a zero (ISO). */
  void handlerName(Box text) throws IOException {
    boolean isCounted = text.length() > 0 && text.u8(0) == text.length() - 1;
    handler = text(isCounted ? text.within(1) : text);
  }

  TrackMetadata metadata() {
    String fallback = name.isEmpty() && !NAMES_OF_NOBODY.contains(handler) ? handler : name;
    String named = values.getOrDefault(TrackMetadata.STREAM_NAME, "");
    return new TrackMetadata(
        named.isEmpty() ? fallback : named, values.getOrDefault(TrackMetadata.MEDIA_SESSION_ID, ""));
  }

  /** Up to the first one that is broken. */
  private static void each(Box outer, Taker taker) throws IOException {
    try {
      Box box = outer.first();
      for (int i = 0; box != null && i < MOST_BOXES; i++) {
        taker.take(box);
        box = box.next();
      }
    } catch (BrokenBoxes broken) {
      // What was read before it stays.
    }
  }

  private static String text(Box box) throws IOException {
    String text = new String(box.bytes().copy(box.body(), (int) Math.min(LONGEST, box.length())), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
