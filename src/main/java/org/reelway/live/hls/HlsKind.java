package org.reelway.live.hls;

import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.live.Edition;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Presence;
import org.reelway.live.Published;

/** HLS: master and media playlists, those of renditions and subtitles included. */
public final class HlsKind implements PlaylistKind {
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
  /** What an entry costs while it is held, measured generously. */
  private static final long ENTRY = 4_000;

  private final long mostLines;

  /** Takes playlists as long as this program's heap can hold beside all else. */
  public HlsKind() {
    this(Runtime.getRuntime().maxMemory());
  }

  /** @param heap bytes */
  HlsKind(long heap) {
    this.mostLines = 2 * Math.max(2_000, heap / ENTRY);
  }

  @Override
  public String word() {
    return "hls";
  }

  @Override
  public String extension() {
    return "m3u8";
  }

  @Override
  public Edition read(byte[] bytes) {
    List<String> lines = lines(bytes);
    return HlsMaster.isMaster(lines) ? new HlsMaster(lines) : new HlsMediaEdition(HlsReader.read(lines));
  }

  @Override
  public Published readPublished(byte[] bytes, String memo) {
    List<String> lines = lines(bytes);
    return HlsMaster.isMaster(lines)
        ? new HlsMaster(lines).asPublished()
        : HlsPublished.of(lines, HlsMemo.parse(memo));
  }

  private List<String> lines(byte[] bytes) {
    List<String> lines = HlsLines.split(PlaylistKind.small(bytes));
    if (!lines.isEmpty() && lines.get(0).startsWith(BYTE_ORDER_MARK)) {
      throw new InputFailure(
          "the playlist begins with a byte order mark (EF BB BF), which players refuse (RFC 8216, 4); have the media server"
              + " write UTF-8 without one");
    }
    if (lines.isEmpty() || !HlsLines.content(lines.get(0)).strip().equals("#EXTM3U")) {
      throw new InputFailure("the playlist does not begin with #EXTM3U: it is no HLS playlist");
    }
    if (lines.size() > mostLines) {
      throw new InputFailure(
          "the playlist has " + lines.size() + " lines; " + mostLines + " are taken at most with this heap: let the media"
              + " server keep fewer chunks in it, or give Reelway more (REELWAY_JAVA_OPTS=-Xmx1g)");
    }
    for (String line : lines) {
      if (line.indexOf('\0') >= 0) {
        throw new InputFailure("\"" + shortened(line) + "\" cannot be followed: zero bytes are not taken");
      }
    }
    return lines;
  }

  @Override
  public Optional<Published> archived(Published archive, Published live, Published next) {
    HlsPublished all = (HlsPublished) archive;
    HlsMedia now = ((HlsPublished) live).media();
    boolean ofItsOwn = now == null || now.event() || now.segments().isEmpty();
    if (ofItsOwn) {
      return Optional.empty();
    }
    HlsMedia after = next == null ? null : ((HlsPublished) next).media();
    boolean lossless = after != null && after.first() <= now.first() + HlsArchive.known(all, now);
    return lossless ? Optional.empty() : Optional.of(HlsArchive.of(all, now, next == null));
  }

  @Override
  public Optional<Published> archivedMaster(Published master, Presence complete) {
    HlsPublished live = (HlsPublished) master;
    return live.media() == null ? new HlsMaster(HlsLines.split(live.bytes())).after(null, complete) : Optional.empty();
  }

  private static String shortened(String line) {
    String content = HlsLines.content(line).replace('\0', '?');
    return content.length() > 100 ? content.substring(0, 100) + "..." : content;
  }
}
