package org.reelway.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.ListedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the playlists below the live prefix name, whoever wrote them, and under whatever settings. Each is read when it has
 * changed; short marks of its names are held. Used by one thread.
 */
final class NamedInStore {
  private static final Logger LOG = LoggerFactory.getLogger(NamedInStore.class);
  /** Clocks differ, and others may name a chunk before it comes: what a playlist names is no younger than it by more. */
  private static final Duration AHEAD = Duration.ofDays(1);
  /** 8 MB; playlists beyond are read with each look. */
  private static final int MOST_HELD = 1_000_000;
  private static final Pattern FRAGMENT = Pattern.compile("[^/]*(?=Seg\\d+-Frag\\d+$)");

  private final LiveStores stores;
  private final List<PlaylistKind> kinds;
  private Map<Playlist, Names> held = Map.of();

  /** @param kinds that are known by the names of their files */
  NamedInStore(LiveStores stores, List<PlaylistKind> kinds) {
    this.stores = stores;
    this.kinds = kinds;
  }

  private record Playlist(String key, PlaylistKind kind) {
    /** Whether the chunk lies beside it, or below. */
    boolean isAbove(String chunk) {
      return chunk.startsWith(key.substring(0, key.lastIndexOf('/') + 1));
    }
  }

  /** A chunk that is asked about. @param written when its file was */
  private record Asked(String key, Instant written, long[] marks) {}

  /** @param marks sorted; null where the playlist cannot be read; @param playlists that it tells of */
  private record Names(String etag, long[] marks, List<Playlist> playlists) {
    boolean has(Asked chunk) {
      return LongStream.of(chunk.marks()).anyMatch(mark -> Arrays.binarySearch(marks, mark) >= 0);
    }
  }

  /**
   * Looks through the store.
   *
   * @param chunks keys, at least one, with when their files were written
   * @param known ETags of playlists that need not be read, by key
   * @return those chunks that a playlist names or may name
   */
  Set<String> among(Map<String, Instant> chunks, Map<String, String> known) {
    Instant since = Collections.min(chunks.values()).minus(AHEAD);
    Map<String, ListedObject> listed = new HashMap<>();
    stores.listAll(
        object -> {
          if (kind(object.key()).isPresent() && !object.lastModified().isBefore(since)) {
            listed.put(object.key(), object);
          }
        });
    List<Asked> asked = chunks.entrySet().stream().map(chunk -> asked(chunk.getKey(), chunk.getValue())).toList();
    Set<String> named = new HashSet<>();
    Map<Playlist, Names> read = new HashMap<>();
    Deque<Playlist> left = new ArrayDeque<>();
    listed.keySet().forEach(key -> left.add(new Playlist(key, kind(key).orElseThrow().ofStored())));
    Set<Playlist> seen = new HashSet<>(left);
    long marks = 0;
    while (!left.isEmpty()) {
      Playlist playlist = left.poll();
      ListedObject object = listed.get(playlist.key());
      Optional<Names> found =
          object != null && object.etag().equals(known.get(playlist.key())) ? Optional.empty() : names(playlist, object);
      if (found.isPresent()) {
        Names names = found.get();
        Instant written = object == null ? Instant.MAX : object.lastModified();
        asked.stream().filter(chunk -> mayName(playlist, names, written, chunk)).map(Asked::key).forEach(named::add);
        // Names that tell of the kind stand in the listing; one that was not written for long is not in it.
        names.playlists().stream()
            .filter(other -> listed.containsKey(other.key()) || kind(other.key()).isEmpty())
            .filter(seen::add)
            .forEach(left::add);
        marks += names.marks() == null ? 0 : names.marks().length;
        if (marks <= MOST_HELD) {
          read.put(playlist, names);
        }
      }
    }
    held = read;
    return named;
  }

  private Optional<PlaylistKind> kind(String key) {
    String live = LiveArchive.liveOf(key).orElse(key);
    String name = live.substring(live.lastIndexOf('/') + 1);
    return kinds.stream().filter(kind -> kind.takes(name)).findFirst();
  }

  /** @param listed null where the listing did not tell of it; @return empty where nothing is there */
  private Optional<Names> names(Playlist playlist, ListedObject listed) {
    Names before = held.get(playlist);
    if (before != null && listed != null && before.etag().equals(listed.etag())) {
      return Optional.of(before);
    }
    String etag = listed == null ? "" : listed.etag();
    try {
      return stores.playlist(playlist.key())
          .map(found -> names(playlist, etag, playlist.kind().readPublished(found.bytes(), found.memo())));
    } catch (InputFailure e) {
      LOG.warn(
          "{} is no playlist that can be read ({}); no chunk beside it or below that is older is removed from the store",
          stores.address(playlist.key()), e.getMessage());
      return Optional.of(new Names(etag, null, List.of()));
    }
  }

  private static Names names(Playlist playlist, String etag, Published published) {
    List<String> words = new ArrayList<>();
    List<Playlist> playlists = new ArrayList<>();
    for (NamedFile named : published.names()) {
      List<String> places = places(playlist.key(), named.uri());
      words.addAll(places);
      if (named.playlist()) {
        PlaylistKind kind = published.kinds().getOrDefault(named.uri(), playlist.kind());
        places.forEach(place -> playlists.add(new Playlist(place, kind)));
        places.forEach(place -> playlists.add(new Playlist(LiveArchive.keyOf(place), kind)));
      }
    }
    return new Names(etag, words.stream().mapToLong(NamedInStore::mark).sorted().toArray(), playlists);
  }

  private static boolean mayName(Playlist playlist, Names names, Instant written, Asked chunk) {
    if (names.marks() == null) {
      return playlist.isAbove(chunk.key()) && !chunk.written().minus(AHEAD).isAfter(written);
    }
    // While it was written nothing was removed, also what no playlist named any more.
    boolean keptForGood =
        LiveArchive.liveOf(playlist.key()).isPresent() && playlist.isAbove(chunk.key()) && !chunk.written().isAfter(written);
    return keptForGood || names.has(chunk);
  }

  private static Asked asked(String key, Instant written) {
    long[] marks =
        Stream.of(key, FRAGMENT.matcher(key).replaceFirst("*"), ending(key)).mapToLong(NamedInStore::mark).toArray();
    return new Asked(key, written, marks);
  }

  /** Keys to which a URI may lead; what is not relative may lead to any with its last two names. */
  private static List<String> places(String playlist, String uri) {
    String path = uri.split("[?#]", 2)[0];
    List<String> spellings = new ArrayList<>(List.of(uri));
    try {
      spellings.add(References.decoded(uri, path));
    } catch (InputFailure literal) {
      spellings.add(path);
    }
    boolean relative = !References.isUrl(uri) && !uri.startsWith("/");
    return spellings.stream()
        .distinct()
        .map(spelling -> relative ? joined(playlist, spelling) : ending(spelling))
        .toList();
  }

  private static String joined(String playlist, String path) {
    Deque<String> segments = new ArrayDeque<>(List.of(playlist.split("/")));
    segments.pollLast();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return String.join("/", segments);
  }

  private static String ending(String path) {
    String[] names = path.split("/");
    return "//" + String.join("/", List.of(names).subList(Math.max(0, names.length - 2), names.length));
  }

  private static long mark(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
  }
}
