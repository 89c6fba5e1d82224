package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistKind;

/**
 * What a manifest names: bootstraps, in itself or in files, the fragments that they mean, other manifests, other files.
 */
final class HdsManifest {
  private static final Set<String> FILES = Set.of("drmAdditionalHeader", "dvrInfo");

  private static final int MOST_MEDIA = 1_000;

  private final F4mDocument document;
  private final Map<F4mElement, F4mElement> bootstraps = new IdentityHashMap<>();
  private final String baseUrl;
  private final List<Inline> inline = new ArrayList<>();
  private final Map<F4mElement, NamedFile> playlists = new LinkedHashMap<>();
  private final Map<String, List<String>> bases = new LinkedHashMap<>();
  private final List<NamedFile> files = new ArrayList<>();

  /** A bootstrap in the manifest itself, and the URIs of its fragments up to their numbers. */
  record Inline(F4mElement element, byte[] bytes, List<String> bases) {}

  HdsManifest(F4mDocument document) {
    this.document = document;
    F4mElement base = document.first("baseURL");
    this.baseUrl = base == null || base.content().isEmpty() || base.content().endsWith("/")
        ? base == null ? "" : base.content()
        : base.content() + "/";
    List<F4mElement> infos = named("bootstrapInfo");
    if (mediaCount() > MOST_MEDIA || infos.size() > MOST_MEDIA) {
      throw new InputFailure(
          "the manifest has " + mediaCount() + " <media> and " + infos.size() + " <bootstrapInfo>; " + MOST_MEDIA
              + " of each are taken at most");
    }
    named("media").forEach(media -> bootstraps.put(media, bootstrapOf(media, infos)));
    named("media").forEach(this::takeChild);
    infos.forEach(this::takeBootstrap);
    for (F4mElement element : document.elements()) {
      if (FILES.contains(element.name()) && element.get("url") != null) {
        files.add(NamedFile.whole(uri(element.get("url"))));
      }
    }
  }

  private void takeChild(F4mElement media) {
    if (media.get("href") != null) {
      playlists.put(media, NamedFile.playlist(uri(media.get("href"))));
    } else if (media.get("url") == null) {
      throw new InputFailure("a <media> has neither url nor href: nobody could play it");
    } else if (bootstraps.get(media) == null) {
      files.add(NamedFile.whole(uri(media.get("url"))));
    }
  }

  private void takeBootstrap(F4mElement bootstrap) {
    List<String> own =
        named("media").stream()
            .filter(media -> media.get("url") != null && bootstraps.get(media) == bootstrap)
            .map(media -> uri(media.get("url")).split("[?#]", 2)[0])
            .distinct()
            .toList();
    if (own.isEmpty()) {
      return;
    }
    if (bootstrap.get("url") == null) {
      inline.add(new Inline(bootstrap, decoded(bootstrap), own));
    } else {
      String uri = uri(bootstrap.get("url"));
      playlists.put(bootstrap, NamedFile.playlist(uri));
      bases.put(uri, own.stream().map(base -> BootstrapUri.uri(uri, base)).toList());
    }
  }

  /** The one inside, or by its id, or the only one; null where it has none. */
  private F4mElement bootstrapOf(F4mElement media, List<F4mElement> infos) {
    String id = media.get("bootstrapInfoId");
    List<F4mElement> found = infos.stream().filter(info -> id == null || id.equals(info.get("id"))).toList();
    for (F4mElement info : found) {
      if (info.parent() >= 0 && document.elements().get(info.parent()) == media) {
        return info;
      }
    }
    if (id != null && found.isEmpty()) {
      throw new InputFailure("the manifest has no bootstrapInfo \"" + id + "\", which a <media> names");
    }
    return found.size() == 1 || id != null ? found.get(0) : null;
  }

  private static byte[] decoded(F4mElement bootstrap) {
    try {
      return Base64.getMimeDecoder().decode(bootstrap.content());
    } catch (IllegalArgumentException e) {
      throw new InputFailure("the bootstrap in the manifest is no base64: " + e.getMessage(), e);
    }
  }

  private String uri(String url) {
    boolean whole = url.startsWith("/") || url.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*");
    return whole ? url : baseUrl + url;
  }

  F4mDocument document() {
    return document;
  }

  List<Inline> inline() {
    return inline;
  }

  /** Bootstraps and manifests in files of their own, by the element that names them. */
  Map<F4mElement, NamedFile> playlists() {
    return playlists;
  }

  /** URIs of fragments up to their numbers, as seen from the bootstrap, by its URI. */
  Map<String, List<String>> bases() {
    return bases;
  }

  /** Of {@link #playlists}, by URI. */
  Map<String, PlaylistKind> kinds() {
    Map<String, PlaylistKind> kinds = new LinkedHashMap<>();
    for (NamedFile playlist : playlists.values()) {
      List<String> own = bases.get(playlist.uri());
      kinds.put(playlist.uri(), own == null ? new ManifestKind() : BootstrapKind.of(own));
    }
    return kinds;
  }

  /** What else it names. */
  List<NamedFile> files() {
    return files;
  }

  /** The media that cannot be played without the element. */
  List<F4mElement> mediaOf(F4mElement element) {
    if (element.name().equals("media")) {
      return List.of(element);
    }
    return named("media").stream()
        .filter(media -> media.get("href") == null && bootstraps.get(media) == element)
        .toList();
  }

  long mediaCount() {
    return named("media").size();
  }

  private List<F4mElement> named(String name) {
    return document.elements().stream().filter(element -> element.name().equals(name)).toList();
  }
}
