package org.reelway.live.dash;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.live.xml.XmlElement;

/** What holds for all periods of a manifest, wherever they stand in it. */
final class ManifestHead {
  private ManifestHead() {}

  /** Whether periods of one manifest mean the same in the other. */
  static boolean agree(Mpd mpd, Mpd other) {
    return bases(mpd).equals(bases(other))
        && mpd.root().qualifiedName().equals(other.root().qualifiedName())
        && namespaces(mpd).containsAll(namespaces(other));
  }

  private static List<String> bases(Mpd mpd) {
    return mpd.root().children("BaseURL").map(XmlElement::content).toList();
  }

  private static Set<String> namespaces(Mpd mpd) {
    return mpd.root().attributes().stream()
        .map(XmlElement.Attribute::name)
        .filter(name -> name.startsWith("xmlns"))
        .map(name -> name + "=" + mpd.root().get(name).orElse(""))
        .collect(Collectors.toSet());
  }
}
