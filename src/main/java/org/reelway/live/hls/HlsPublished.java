package org.reelway.live.hls;

import java.util.List;
import org.reelway.live.NamedFile;
import org.reelway.live.Published;

/** @param media null for a master playlist */
record HlsPublished(byte[] bytes, HlsMedia media, List<NamedFile> names, HlsMemo memory) implements Published {

  static HlsPublished of(List<String> lines, HlsMemo memory) {
    HlsMedia media = HlsReader.read(lines);
    return new HlsPublished(HlsLines.join(lines), media, media.names(), memory);
  }

  @Override
  public String memo() {
    return memory.text();
  }

  @Override
  public boolean ended() {
    return media != null && media.ended();
  }

  @Override
  public String inWords() {
    if (media == null) {
      return names.size() + " playlists";
    }
    return media.segments().isEmpty() ? "nothing" : media.first() + " to " + media.last();
  }
}
