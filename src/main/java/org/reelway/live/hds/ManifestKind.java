package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.live.Edition;
import org.reelway.live.LiveArchive;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistKind;
import org.reelway.live.Published;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/** HDS manifests: with bootstraps inside or in files of their own, and manifests of manifests. */
public final class ManifestKind implements PlaylistKind {
  @Override
  public String word() {
    return "hds";
  }

  @Override
  public String extension() {
    return "f4m";
  }

  /** It ends with its end tag; ffmpeg writes no line's end behind it. */
  @Override
  public boolean isWhole(byte[] bytes) {
    String end = new String(bytes, Math.max(0, bytes.length - 200), Math.min(200, bytes.length),
        java.nio.charset.StandardCharsets.ISO_8859_1);
    return end.stripTrailing().matches("(?s).*</([^<>/]*:)?manifest\\s*>");
  }

  @Override
  public Edition read(byte[] bytes) {
    return ManifestEdition.of(PlaylistKind.small(bytes));
  }

  @Override
  public Published readPublished(byte[] bytes, String memo) {
    List<BootstrapMemo> memos =
        memo.isEmpty() ? List.of() : Arrays.stream(memo.split(";", -1)).map(BootstrapMemo::parse).toList();
    return ManifestPublished.of(bytes, memos, new HdsManifest(PlaylistKind.small(bytes)).isRecorded());
  }

  /** The same manifest of complete bootstraps and manifests, as a recording. */
  @Override
  public Optional<Published> archived(Published archive, Published live, Published next) {
    ManifestPublished now = (ManifestPublished) live;
    ManifestPublished old = (ManifestPublished) archive;
    ManifestPublished after = (ManifestPublished) next;
    boolean kept = old == null || old.inline().size() == now.inline().size();
    boolean changed = after == null;
    HdsManifest manifest = new HdsManifest(now.bytes());
    XmlEdits edits = new XmlEdits(manifest.root());
    for (int i = 0; i < now.inline().size(); i++) {
      BootstrapPublished before = old != null && kept ? old.inline().get(i) : null;
      BootstrapPublished coming = after != null && i < after.inline().size() ? after.inline().get(i) : null;
      Optional<BootstrapPublished> all =
          BootstrapArchive.of(before, now.inline().get(i), coming, manifest.inline().get(i).bases());
      changed |= all.isPresent();
      BootstrapPublished written = all.orElse(before);
      if (written != null) {
        edits.content(manifest.inline().get(i).element(), Base64.getEncoder().encodeToString(written.bytes()));
      }
    }
    if (!changed) {
      return Optional.empty();
    }
    for (Map.Entry<XmlElement, NamedFile> playlist : manifest.playlists().entrySet()) {
      XmlElement element = playlist.getKey();
      String attribute = element.name().equals("media") ? "href" : "url";
      edits.set(element, attribute, complete(HdsManifest.get(element, attribute)));
    }
    manifest.root().all("streamType").findFirst()
        .ifPresent(type -> edits.content(type, after == null ? "recorded" : "live"));
    return Optional.of(ManifestPublished.of(edits.applied(), new ArrayList<>(), after == null));
  }

  private static String complete(String uri) {
    int end = uri.split("[?#]", 2)[0].length();
    return LiveArchive.keyOf(uri.substring(0, end)) + uri.substring(end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestKind;
  }

  @Override
  public int hashCode() {
    return ManifestKind.class.hashCode();
  }
}
