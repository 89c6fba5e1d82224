package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fonts of this machine, for the names of one mix: the bundled ffmpeg cannot look for one by itself, and draws a box for each
 * character that its font has not. Used by one thread.
 */
final class Fonts {
  private static final Logger LOG = LoggerFactory.getLogger(Fonts.class);
  private static final List<String> USUAL =
      List.of(
          "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu/DejaVuSans.ttf",
          "/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
          "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "/usr/share/fonts/noto/NotoSans-Regular.ttf",
          "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
          "/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf",
          "/usr/share/fonts/truetype/freefont/FreeSans.ttf", "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
          "/Library/Fonts/Arial Unicode.ttf", "C:\\Windows\\Fonts\\arial.ttf");
  private static final List<String> PLACES =
      List.of(
          "/usr/share/fonts", "/usr/local/share/fonts", System.getProperty("user.home") + "/.local/share/fonts",
          System.getProperty("user.home") + "/.fonts", "/System/Library/Fonts", "/Library/Fonts", "C:\\Windows\\Fonts");
  private static final int MOST = 1000;
  private static final int DEEPEST = 6;

  private final List<Path> first;
  private final List<Path> places;
  private final Set<Integer> wanted;
  private final Map<Path, Optional<FontFile>> read = new HashMap<>();
  private List<Path> others;

  /** A name as it can be drawn. @param text without what the font has not */
  record Drawn(Path font, String text) {}

  private Fonts(List<Path> first, List<Path> places, Collection<String> names) {
    this.first = first;
    this.places = places;
    this.wanted = names.stream().flatMapToInt(String::codePoints).boxed().collect(Collectors.toSet());
  }

  /** @param named the one that is wanted where it has the characters; @param names all that will be drawn */
  static Fonts of(Optional<Path> named, Collection<String> names) {
    return of(
        Stream.concat(named.stream(), USUAL.stream().map(Path::of)).toList(), PLACES.stream().map(Path::of).toList(), names);
  }

  /** @param first in their order; @param places folders in which others are looked for where those are not enough */
  static Fonts of(List<Path> first, List<Path> places, Collection<String> names) {
    return new Fonts(first.stream().filter(Files::isReadable).toList(), places, names);
  }

  boolean isEmpty() {
    return first.isEmpty() && others().isEmpty();
  }

  /**
   * By the first font that has most of it; empty where none has anything of it.
   *
   * @param name one of those that this was made for
   */
  Optional<Drawn> drawn(String name) {
    Optional<FontFile> best = best(name, first, Optional.empty());
    if (best.isEmpty() || best.get().of(name) < name.codePointCount(0, name.length())) {
      best = best(name, others(), best);
    }
    StringBuilder text = new StringBuilder();
    best.ifPresent(font -> name.codePoints().filter(font::has).forEach(text::appendCodePoint));
    if (text.length() < name.length()) {
      LOG.warn("no font of this machine has all of the name {}, and what it has not is not drawn; install one that has it (of"
          + " Debian, fonts-symbola has emoji), or name one by mixerFont", name);
    }
    return best.filter(font -> !text.toString().isBlank()).map(font -> new Drawn(font.file(), text.toString().strip()));
  }

  private Optional<FontFile> best(String name, List<Path> files, Optional<FontFile> before) {
    Optional<FontFile> best = before;
    for (Path file : files) {
      Optional<FontFile> font = read.computeIfAbsent(file, each -> FontFile.read(each, wanted));
      boolean isBetter = font.isPresent() && (best.isEmpty() || font.get().of(name) > best.get().of(name));
      best = isBetter ? font : best;
    }
    return best;
  }

  /** Plain ones before bold and slanted ones, whose names are longer. */
  private List<Path> others() {
    if (others == null) {
      others = new ArrayList<>();
      for (Path place : places) {
        try (Stream<Path> files = Files.walk(place, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
          files.filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(ttf|otf|ttc)"))
              .limit(MOST - others.size()).forEach(others::add);
        } catch (IOException | java.io.UncheckedIOException none) {
          // One that is not there, or not ours to read.
        }
      }
      others.sort(
          Comparator.comparing((Path file) -> file.getFileName().toString().length()).thenComparing(Comparator.naturalOrder()));
    }
    return others;
  }
}
