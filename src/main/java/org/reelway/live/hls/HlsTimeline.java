package org.reelway.live.hls;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;

/**
 * What a media playlist says of its segments, in the order of playing.
 *
 * @param ended whether nothing follows
 */
public record HlsTimeline(List<Entry> entries, boolean ended) {
  private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(1_000_000);

  /**
   * A segment.
   *
   * @param uri as it is written
   * @param micros its length
   * @param discontinuity whether media before it do not lead on to it
   * @param gap whether it is said to be missing
   * @param map the line of {@code EXT-X-MAP} that holds, without its end; empty for none
   * @param dateTime the line of {@code EXT-X-PROGRAM-DATE-TIME} in front of it, likewise
   */
  public record Entry(String uri, long micros, boolean discontinuity, boolean gap, String map, String dateTime) {}

  /** @throws InputFailure it is no media playlist, is encrypted, or names ranges of files */
  public static HlsTimeline of(byte[] bytes) {
    if (!(new HlsKind().readPublished(bytes, "") instanceof HlsPublished read) || read.media() == null) {
      throw new InputFailure("it is a playlist of playlists, not of segments");
    }
    HlsMedia media = read.media();
    List<Entry> entries = new ArrayList<>();
    String map = "";
    for (HlsSegment segment : media.segments()) {
      String seconds = null;
      String dateTime = "";
      for (String raw : segment.lines()) {
        String line = HlsLines.content(media.resolved(raw)).strip();
        if (HlsLines.is(line, "#EXTINF")) {
          seconds = HlsLines.value(line);
        } else if (HlsLines.is(line, "#EXT-X-MAP")) {
          map = HlsLines.uri(line);
        } else if (HlsLines.is(line, "#EXT-X-PROGRAM-DATE-TIME")) {
          dateTime = line;
        } else if (HlsLines.is(line, "#EXT-X-BYTERANGE") || isEncrypted(line)) {
          throw new InputFailure("\"" + line + "\": archives have whole files, and none is encrypted");
        }
      }
      String uri = segment.media().uri();
      entries.add(new Entry(uri, micros(uri, seconds), segment.discontinuity(), segment.gap(), map, dateTime));
    }
    return new HlsTimeline(List.copyOf(entries), media.ended());
  }

  private static boolean isEncrypted(String line) {
    return HlsLines.is(line, "#EXT-X-KEY") && !HlsAttributes.of(line).get("METHOD").orElse("").equals("NONE");
  }

  private static long micros(String uri, String extinf) {
    try {
      BigDecimal seconds = new BigDecimal(extinf == null ? "" : extinf.split(",", 2)[0].strip());
      if (seconds.signum() >= 0 && seconds.scale() < 30 && seconds.compareTo(LONGEST) < 0) {
        return seconds.multiply(MICROS).longValue();
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new InputFailure("the segment " + uri + " has no #EXTINF with its length in seconds");
  }
}
