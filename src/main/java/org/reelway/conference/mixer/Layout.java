package org.reelway.conference.mixer;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How pictures are laid out. */
public enum Layout {
  /** All of one size; a stream that shares a screen is large. */
  GRID,
  /** One large, the others in a row below it. */
  SPEAKER,
  /** One over the whole picture, the others small in its corner. */
  PICTURE_IN_PICTURE;

  /** As it is written in the file of settings. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> words() {
    return Stream.of(values()).map(Layout::word).toList();
  }
}
