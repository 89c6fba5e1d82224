package org.reelway.live;

import java.util.List;
import java.util.Map;

/** A version of a playlist as the store has it. */
public interface Published {
  byte[] bytes();

  /** What the next version has to know and the playlist does not say; kept with the object. One line of ASCII. */
  String memo();

  /** All that it names and players may load. */
  List<NamedFile> names();

  /** As {@link Edition#kinds}. */
  default Map<String, PlaylistKind> kinds() {
    return Map.of();
  }

  /** Nothing more comes after it. */
  boolean ended();

  /** What it is, for people; such as {@code 17 to 21}. */
  String inWords();
}
