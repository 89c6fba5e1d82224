package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Published;

/**
 * A manifest as the store has it.
 *
 * @param inline the bootstraps inside
 * @param ended whether all that it names has ended
 */
record ManifestPublished(
    byte[] bytes, List<BootstrapPublished> inline, List<NamedFile> names, Map<String, PlaylistKind> kinds, boolean ended)
    implements Published {

  static ManifestPublished of(byte[] bytes, List<BootstrapMemo> memos, boolean ended) {
    HdsManifest manifest = new HdsManifest(bytes);
    List<BootstrapPublished> inline = new ArrayList<>();
    List<NamedFile> names = new ArrayList<>(manifest.files());
    names.addAll(manifest.playlists().values());
    for (HdsManifest.Inline each : manifest.inline()) {
      BootstrapMemo memo = inline.size() < memos.size() ? memos.get(inline.size()) : BootstrapMemo.NONE;
      BootstrapPublished bootstrap = BootstrapPublished.of(each.bytes(), each.bases(), memo);
      inline.add(bootstrap);
      names.addAll(bootstrap.names());
    }
    return new ManifestPublished(bytes, List.copyOf(inline), List.copyOf(names), manifest.kinds(), ended);
  }

  @Override
  public String memo() {
    boolean none = inline.stream().allMatch(bootstrap -> bootstrap.memory().isNone());
    return none ? "" : String.join(";", inline.stream().map(BootstrapPublished::memo).toList());
  }

  @Override
  public String inWords() {
    return inline.isEmpty()
        ? names.size() + " names"
        : String.join(", ", inline.stream().map(BootstrapPublished::inWords).toList());
  }
}
