package org.reelway.stream.workflow.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The playlist of a section (RFC 8216): the segments that overlap it, whole, with the place in them where players are
 * to begin. It lies beside the segments.
 */
final class SectionPlaylist {
  private static final double SECOND = 1_000_000.0;

  private SectionPlaylist() {}

  /** @param start of the section; microseconds from the archive's beginning */
  static byte[] of(List<ArchivedSegment> segments, long start) {
    StringBuilder text = new StringBuilder(4096);
    boolean hasMaps = segments.stream().anyMatch(segment -> !segment.map().isEmpty());
    long longest = segments.stream().mapToLong(ArchivedSegment::micros).max().orElse(1);
    text.append("#EXTM3U\n#EXT-X-VERSION:").append(hasMaps ? 6 : 3);
    text.append("\n#EXT-X-TARGETDURATION:").append(Math.max(1, (long) Math.ceil(longest / SECOND)));
    text.append("\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-START:TIME-OFFSET=");
    text.append(seconds(Math.max(0, start - segments.get(0).start()))).append(",PRECISE=YES\n");
    String map = "";
    for (int i = 0; i < segments.size(); i++) {
      ArchivedSegment segment = segments.get(i);
      if (i > 0 && !segment.follows(segments.get(i - 1))) {
        text.append("#EXT-X-DISCONTINUITY\n");
      }
      if (!segment.map().equals(map)) {
        map = segment.map();
        text.append(map).append('\n');
      }
      if (!segment.dateTime().isEmpty()) {
        text.append(segment.dateTime()).append('\n');
      }
      text.append("#EXTINF:").append(seconds(segment.micros())).append(",\n").append(segment.uri()).append('\n');
    }
    return text.append("#EXT-X-ENDLIST\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000);
  }
}
