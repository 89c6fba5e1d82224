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
import org.reelway.live.xml.XmlElement;

/**
 * What a manifest names: bootstraps, in itself or in files, the fragments that they mean, other manifests, other files.
 */
final class HdsManifest {
  private static final Set<String> FILES = Set.of("drmAdditionalHeader", "dvrInfo");

  private static final int MOST_MEDIA = 1_000;

  private static final int MOST_ELEMENTS = 100_000;

  private final XmlElement root;
  private final Map<XmlElement, XmlElement> bootstraps = new IdentityHashMap<>();
  private final String baseUrl;
  private final List<Inline> inline = new ArrayList<>();
  private final Map<XmlElement, NamedFile> playlists = new LinkedHashMap<>();
  private final Map<String, List<String>> bases = new LinkedHashMap<>();
  private final List<NamedFile> files = new ArrayList<>();

  /** A bootstrap in the manifest itself, and the URIs of its fragments up to their numbers. */
  record Inline(XmlElement element, byte[] bytes, List<String> bases) {}

  /** @throws InputFailure when the bytes are no manifest */
  HdsManifest(byte[] bytes) {
    this.root = XmlElement.read(bytes, MOST_ELEMENTS);
    if (!root.name().equals("manifest")) {
      throw new InputFailure("the file has no <manifest>: it is no HDS manifest");
    }
    String base = content("baseURL");
    this.baseUrl = base.isEmpty() || base.endsWith("/") ? base : base + "/";
    List<XmlElement> infos = named("bootstrapInfo");
    if (mediaCount() > MOST_MEDIA || infos.size() > MOST_MEDIA) {
      throw new InputFailure(
          "the manifest has " + mediaCount() + " <media> and " + infos.size() + " <bootstrapInfo>; " + MOST_MEDIA
              + " of each are taken at most");
    }
    named("media").forEach(media -> bootstraps.put(media, bootstrapOf(media, infos)));
    named("media").forEach(this::takeChild);
    infos.forEach(this::takeBootstrap);
    root.all().filter(element -> FILES.contains(element.name()) && get(element, "url") != null)
        .forEach(element -> files.add(NamedFile.whole(uri(get(element, "url")))));
  }

  private void takeChild(XmlElement media) {
    if (get(media, "href") != null) {
      playlists.put(media, NamedFile.playlist(uri(get(media, "href"))));
    } else if (get(media, "url") == null) {
      throw new InputFailure("a <media> has neither url nor href: nobody could play it");
    } else if (bootstraps.get(media) == null) {
      files.add(NamedFile.whole(uri(get(media, "url"))));
    }
  }

  private void takeBootstrap(XmlElement bootstrap) {
    List<String> own =
        named("media").stream()
            .filter(media -> get(media, "url") != null && bootstraps.get(media) == bootstrap)
            .map(media -> uri(get(media, "url")).split("[?#]", 2)[0])
            .distinct()
            .toList();
    if (own.isEmpty()) {
      return;
    }
    if (get(bootstrap, "url") == null) {
      inline.add(new Inline(bootstrap, decoded(bootstrap), own));
    } else {
      String uri = uri(get(bootstrap, "url"));
      playlists.put(bootstrap, NamedFile.playlist(uri));
      bases.put(uri, own.stream().map(base -> BootstrapUri.uri(uri, base)).toList());
    }
  }

  /** The one inside, or by its id, or the only one; null where it has none. */
  private XmlElement bootstrapOf(XmlElement media, List<XmlElement> infos) {
    String id = get(media, "bootstrapInfoId");
    List<XmlElement> found = infos.stream().filter(info -> id == null || id.equals(get(info, "id"))).toList();
    for (XmlElement info : found) {
      if (info.parent() == media) {
        return info;
      }
    }
    if (id != null && found.isEmpty()) {
      throw new InputFailure("the manifest has no bootstrapInfo \"" + id + "\", which a <media> names");
    }
    return found.size() == 1 || id != null ? found.get(0) : null;
  }

  private static byte[] decoded(XmlElement bootstrap) {
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

  XmlElement root() {
    return root;
  }

  /** Text of the first element of the name; empty for none. */
  private String content(String name) {
    return root.all(name).findFirst().map(XmlElement::content).orElse("");
  }

  boolean isRecorded() {
    return content("streamType").equals("recorded");
  }

  /** Null where there is none. */
  static String get(XmlElement element, String attribute) {
    return element.get(attribute).map(String::strip).orElse(null);
  }

  List<Inline> inline() {
    return inline;
  }

  /** Bootstraps and manifests in files of their own, by the element that names them. */
  Map<XmlElement, NamedFile> playlists() {
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
  List<XmlElement> mediaOf(XmlElement element) {
    if (element.name().equals("media")) {
      return List.of(element);
    }
    return named("media").stream()
        .filter(media -> get(media, "href") == null && bootstraps.get(media) == element)
        .toList();
  }

  long mediaCount() {
    return named("media").size();
  }

  private List<XmlElement> named(String name) {
    return root.all(name).toList();
  }
}
