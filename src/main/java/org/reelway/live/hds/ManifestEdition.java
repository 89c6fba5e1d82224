package org.reelway.live.hds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Presence;
import org.reelway.live.Presence.State;
import org.reelway.live.Published;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/**
 * A manifest as the packager wrote it: published when the bootstraps and manifests that it names are, with the versions of
 * its own bootstraps that are true. Media whose bootstrap or manifest never comes are left out.
 */
final class ManifestEdition implements Edition {
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final byte[] bytes;
  private final HdsManifest manifest;
  private final List<BootstrapEdition> inline;

  private ManifestEdition(byte[] bytes, HdsManifest manifest, List<BootstrapEdition> inline) {
    this.bytes = bytes;
    this.manifest = manifest;
    this.inline = inline;
  }

  static ManifestEdition of(byte[] bytes) {
    HdsManifest manifest = new HdsManifest(bytes);
    List<BootstrapEdition> inline =
        manifest.inline().stream().map(each -> BootstrapEdition.of(each.bytes(), each.bases())).toList();
    return new ManifestEdition(bytes, manifest, inline);
  }

  @Override
  public List<NamedFile> names() {
    List<NamedFile> names = new ArrayList<>(manifest.files());
    names.addAll(manifest.playlists().values());
    inline.forEach(bootstrap -> names.addAll(bootstrap.names()));
    return names;
  }

  @Override
  public Map<String, PlaylistKind> kinds() {
    return manifest.kinds();
  }

  @Override
  public Duration chunkLength() {
    return PATIENCE;
  }

  /** Its bootstraps say so, and they only: what a manifest says is not changed by all packagers. */
  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public Edition following(Edition last, Published published, Presence presence) {
    ManifestEdition before = (ManifestEdition) last;
    List<BootstrapEdition> moved = new ArrayList<>();
    for (int i = 0; i < inline.size(); i++) {
      BootstrapEdition lastOne = before != null && i < before.inline.size() ? before.inline.get(i) : null;
      moved.add(inline.get(i).following(lastOne, inlineOf(published, i), presence));
    }
    return moved.equals(inline) ? this : new ManifestEdition(bytes, manifest, moved);
  }

  /** Null where nothing is published of it. */
  private BootstrapPublished inlineOf(Published published, int index) {
    ManifestPublished before = (ManifestPublished) published;
    boolean same = before != null && before.inline().size() == inline.size();
    return same ? before.inline().get(index) : null;
  }

  @Override
  public Optional<Published> after(Published published, Presence presence) {
    if (manifest.files().stream().anyMatch(name -> presence.of(name) == State.AWAITED)) {
      return Optional.empty();
    }
    XmlEdits edits = new XmlEdits(manifest.root());
    Set<XmlElement> left = new HashSet<>();
    boolean ended = true;
    for (Map.Entry<XmlElement, NamedFile> playlist : manifest.playlists().entrySet()) {
      State state = presence.of(playlist.getValue());
      if (state == State.AWAITED) {
        return Optional.empty();
      }
      if (state == State.LOST) {
        left.addAll(manifest.mediaOf(playlist.getKey()));
        edits.remove(playlist.getKey());
      } else {
        ended &= presence.isEnded(playlist.getValue());
      }
    }
    left.forEach(edits::remove);
    boolean nothing = left.size() == manifest.mediaCount() || isTooEarly(published, ended);
    return nothing ? Optional.empty() : withInline(published, presence, edits, ended);
  }

  /** One that calls itself recorded comes after the last version of what it names. */
  private boolean isTooEarly(Published published, boolean ended) {
    return published != null && !published.ended() && !ended && manifest.isRecorded()
        && !new HdsManifest(published.bytes()).isRecorded();
  }

  private Optional<Published> withInline(
      Published published, Presence presence, XmlEdits edits, boolean ended) {
    List<BootstrapMemo> memos = new ArrayList<>();
    boolean all = ended;
    for (int i = 0; i < inline.size(); i++) {
      BootstrapPublished before = inlineOf(published, i);
      BootstrapPublished next = inline.get(i).after(before, presence).orElse(before);
      if (next == null) {
        return Optional.empty();
      }
      memos.add(next.memory());
      all &= next.ended();
      if (!Arrays.equals(next.bytes(), inline.get(i).bytes())) {
        edits.content(manifest.inline().get(i).element(), Base64.getEncoder().encodeToString(next.bytes()));
      }
    }
    return Optional.of(ManifestPublished.of(edits.applied(), memos, all));
  }

  @Override
  public int gaps(Published version) {
    List<BootstrapPublished> published = ((ManifestPublished) version).inline();
    int gaps = 0;
    for (int i = 0; i < Math.min(published.size(), inline.size()); i++) {
      gaps += inline.get(i).gaps(published.get(i));
    }
    return gaps;
  }
}
