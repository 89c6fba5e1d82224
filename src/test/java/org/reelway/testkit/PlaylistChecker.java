package org.reelway.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Reads HLS playlists from a store all the time, as players do, and asks for all that each version names. Shares no code
 * with what publishes them.
 */
public final class PlaylistChecker implements AutoCloseable {
  private static final long PAUSE_NANOS = 5_000_000;
  private static final Pattern URI = Pattern.compile("URI=\"([^\"]*)\"");

  private final Function<String, Optional<byte[]>> reader;
  private final List<String> keys;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final Map<String, List<String>> versions = new ConcurrentHashMap<>();
  private final Map<String, TreeMap<Long, String>> segments = new ConcurrentHashMap<>();
  private final Map<String, byte[]> last = new HashMap<>();
  private final Map<String, Long> lastFirst = new HashMap<>();
  private final Map<String, Long> lastLast = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private PlaylistChecker(Function<String, Optional<byte[]>> reader, List<String> keys) {
    this.reader = reader;
    this.keys = keys;
    this.thread = new Thread(this::run, "playlist-checker");
    thread.setDaemon(true);
  }

  /** @param keys of playlists, masters included; they need not be there yet */
  public static PlaylistChecker watch(TestStore store, String... keys) {
    return watch(key -> read(store, key), keys);
  }

  /** @param reader of what any server has, by its name; may fail */
  public static PlaylistChecker watch(Function<String, Optional<byte[]>> reader, String... keys) {
    PlaylistChecker checker = new PlaylistChecker(reader, List.of(keys));
    checker.thread.start();
    return checker;
  }

  private static Optional<byte[]> read(TestStore store, String key) {
    try {
      return Optional.of(store.bytes(key));
    } catch (NoSuchKeyException notYet) {
      return Optional.empty();
    }
  }

  private void run() {
    while (!closed) {
      keys.forEach(this::check);
      // Versions stand for longer; without a pause each checker takes a processor for itself.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized void check(String key) {
    byte[] bytes;
    try {
      Optional<byte[]> there = reader.apply(key);
      if (there.isEmpty()) {
        return;
      }
      bytes = there.get();
    } catch (SdkException e) {
      problems.add(key + ": " + e.getMessage());
      return;
    }
    if (!Arrays.equals(bytes, last.put(key, bytes))) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      versions.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(text);
      read(key, text);
    }
  }

  private void read(String key, String text) {
    long first = 0;
    List<String> uris = new ArrayList<>();
    boolean gap = false;
    for (String line : text.split("\r?\n")) {
      if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) {
        first = Long.parseLong(line.substring(22));
      } else if (line.equals("#EXT-X-GAP")) {
        gap = true;
      } else if (line.startsWith("#EXT")) {
        Matcher uri = URI.matcher(line);
        if (uri.find()) {
          require(key, uri.group(1), text);
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        uris.add(gap ? "gap " + line : line);
        if (!gap) {
          require(key, line, text);
        }
        gap = false;
      }
    }
    if (text.contains("#EXTINF")) {
      numbers(key, first, uris);
    }
  }

  private void numbers(String key, long first, List<String> uris) {
    long end = first + uris.size() - 1;
    if (first < lastFirst.getOrDefault(key, 0L) || end < lastLast.getOrDefault(key, -1L)) {
      problems.add(key + " went back to " + first + ".." + end + " from " + lastFirst.get(key) + ".." + lastLast.get(key));
    }
    lastFirst.put(key, first);
    lastLast.put(key, end);
    TreeMap<Long, String> seen = segments.computeIfAbsent(key, any -> new TreeMap<>());
    for (int i = 0; i < uris.size(); i++) {
      String before = seen.put(first + i, uris.get(i));
      // A chunk that was written anew has a mark before its extension.
      boolean same = before == null || unmarked(before).equals(unmarked(uris.get(i)));
      if (!same) {
        problems.add(key + ": number " + (first + i) + " was " + before + " and is " + uris.get(i));
      }
    }
  }

  private static String unmarked(String uri) {
    return uri.replaceFirst("-[0-9a-f]{8}(?=(\\.[^./]*)?$)", "");
  }

  private void require(String playlist, String uri, String text) {
    String key = playlist.substring(0, playlist.lastIndexOf('/') + 1) + uri;
    if (reader.apply(key).isEmpty()) {
      problems.add(playlist + " names " + uri + ", which is not there:\n" + text);
    }
  }

  /** What no player should meet. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** All versions of a playlist that were seen, the oldest first. */
  public List<String> versions(String key) {
    return List.copyOf(versions.getOrDefault(key, List.of()));
  }

  /** The newest version; empty text where there is none. */
  public String newest(String key) {
    List<String> all = versions(key);
    return all.isEmpty() ? "" : all.get(all.size() - 1);
  }

  /** All segments that were ever named, by number; lost ones begin with {@code gap}. */
  public synchronized TreeMap<Long, String> segments(String key) {
    return new TreeMap<>(segments.getOrDefault(key, new TreeMap<>()));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
