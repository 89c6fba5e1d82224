package org.reelway.live.dash;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.reelway.live.Edition;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Published;

/** MPEG-DASH: media presentation descriptions, static and dynamic. */
public final class DashKind implements PlaylistKind {
  /** What a segment costs while it is held, measured generously. */
  private static final long SEGMENT = 4_000;

  private final long most;

  /** Takes manifests of as many segments as this program's heap can hold beside all else. */
  public DashKind() {
    this(Runtime.getRuntime().maxMemory());
  }

  /** @param heap bytes */
  DashKind(long heap) {
    this.most = Math.max(2_000, heap / SEGMENT);
  }

  @Override
  public String word() {
    return "dash";
  }

  @Override
  public String extension() {
    return "mpd";
  }

  /** A manifest's last tag is its end, whatever white space follows. */
  @Override
  public boolean isWhole(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing().endsWith("MPD>");
  }

  @Override
  public Edition read(byte[] bytes) {
    return new DashEdition(OpenRuns.of(MpdReader.read(PlaylistKind.small(bytes), most), most), most);
  }

  @Override
  public Published readPublished(byte[] bytes, String memo) {
    DashPublished published = DashPublished.of(PlaylistKind.small(bytes), null, most);
    DashMemo memory = DashMemo.parse(memo, published.mpd());
    return new DashPublished(published.bytes(), published.mpd(), published.names(), memory);
  }

  @Override
  public Optional<Published> archived(Published archive, Published live, Published next) {
    return new DashArchive((DashPublished) archive, (DashPublished) live, (DashPublished) next, most).version();
  }
}
