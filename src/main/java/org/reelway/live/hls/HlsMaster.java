package org.reelway.live.hls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Published;

/** A master playlist: published when the playlists that it names are. One that never comes is left out. */
final class HlsMaster implements Edition {
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final String VARIANT = "#EXT-X-STREAM-INF";
  private static final Set<String> PLAYLIST_TAGS =
      Set.of("#EXT-X-MEDIA", "#EXT-X-I-FRAME-STREAM-INF", "#EXT-X-IMAGE-STREAM-INF");
  private static final Set<String> FILE_TAGS = Set.of("#EXT-X-SESSION-DATA", "#EXT-X-SESSION-KEY");

  private final List<Entry> entries = new ArrayList<>();
  private final HlsVariables variables = new HlsVariables();

  /** Lines that stand and fall together. @param named null where they name nothing; @param line that has the URI */
  private record Entry(List<String> lines, NamedFile named, int line, boolean variant) {}

  HlsMaster(List<String> lines) {
    List<String> waiting = new ArrayList<>();
    for (String line : lines) {
      if (HlsLines.is(line, HlsVariables.TAG)) {
        variables.define(line);
      }
      if (!waiting.isEmpty()) {
        waiting.add(line);
        if (!line.startsWith("#") && !HlsLines.isIdle(line)) {
          String uri = variables.resolve(HlsLines.content(line).strip());
          NamedFile named = NamedFile.playlist(HlsLines.uri(uri));
          entries.add(new Entry(List.copyOf(waiting), named, waiting.size() - 1, true));
          waiting.clear();
        }
      } else if (HlsLines.is(line, VARIANT)) {
        waiting.add(line);
      } else {
        entries.add(new Entry(List.of(line), named(line), 0, false));
      }
    }
    // A variant without its URI: torn, or nothing that anybody could follow.
    waiting.forEach(line -> entries.add(new Entry(List.of(line), null, 0, false)));
  }

  static boolean isMaster(List<String> lines) {
    return lines.stream()
        .anyMatch(line -> HlsLines.is(line, VARIANT) || PLAYLIST_TAGS.stream().anyMatch(tag -> HlsLines.is(line, tag)));
  }

  private NamedFile named(String line) {
    Optional<String> uri =
        HlsLines.isTag(line) ? HlsAttributes.of(line).get("URI").map(variables::resolve).map(HlsLines::uri) : Optional.empty();
    if (uri.isPresent() && PLAYLIST_TAGS.stream().anyMatch(tag -> HlsLines.is(line, tag))) {
      return NamedFile.playlist(uri.get());
    }
    return uri.isPresent() && FILE_TAGS.stream().anyMatch(tag -> HlsLines.is(line, tag))
        ? NamedFile.whole(uri.get())
        : null;
  }

  @Override
  public List<NamedFile> names() {
    return entries.stream().map(Entry::named).filter(java.util.Objects::nonNull).toList();
  }

  @Override
  public Duration chunkLength() {
    return PATIENCE;
  }

  /** A master does not say. */
  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public Optional<Published> after(Published before, Presence presence) {
    List<String> lines = new ArrayList<>();
    List<NamedFile> there = new ArrayList<>();
    boolean anyVariant = false;
    for (Entry entry : entries) {
      Presence.State state = entry.named() == null ? Presence.State.THERE : presence.of(entry.named());
      if (state == Presence.State.AWAITED) {
        return Optional.empty();
      }
      if (state == Presence.State.THERE) {
        lines.addAll(entry.named() == null ? entry.lines() : named(entry, presence));
        if (entry.named() != null) {
          there.add(entry.named());
        }
        anyVariant |= entry.variant();
      }
    }
    return anyVariant
        ? Optional.of(new HlsPublished(HlsLines.join(lines), null, there, HlsMemo.NONE))
        : Optional.empty();
  }

  private static List<String> named(Entry entry, Presence presence) {
    String uri = presence.uri(entry.named());
    if (uri.equals(entry.named().uri())) {
      return entry.lines();
    }
    List<String> lines = new ArrayList<>(entry.lines());
    String line = lines.get(entry.line());
    lines.set(
        entry.line(),
        entry.variant()
            ? HlsLines.with(line, HlsLines.raw(uri))
            : HlsAttributes.of(line).with("URI", HlsLines.raw(uri)));
    return lines;
  }

  HlsPublished asPublished() {
    List<String> lines = entries.stream().flatMap(entry -> entry.lines().stream()).toList();
    return new HlsPublished(HlsLines.join(lines), null, names(), HlsMemo.NONE);
  }

  @Override
  public int gaps(Published version) {
    return 0;
  }
}
