package org.reelway.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.reelway.testkit.ManifestReader.Track;
import org.reelway.testkit.ManifestReader.Wanted;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads DASH manifests from a store all the time, as players do, and asks for all that each version names. */
public final class ManifestChecker implements AutoCloseable {
  private static final long PAUSE_NANOS = 5_000_000;
  private final TestStore store;
  private final List<String> keys;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final Map<String, List<String>> versions = new ConcurrentHashMap<>();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /** What players were given of one manifest. */
  private static final class Seen {
    private byte[] bytes;
    private String start = "";
    private Instant published = Instant.MIN;
    private final Map<String, Track> last = new LinkedHashMap<>();
    private final Map<String, Track> all = new LinkedHashMap<>();
  }

  private ManifestChecker(TestStore store, List<String> keys) {
    this.store = store;
    this.keys = keys;
    this.thread = new Thread(this::run, "manifest-checker");
    thread.setDaemon(true);
  }

  /** @param keys of manifests; they need not be there yet */
  public static ManifestChecker watch(TestStore store, String... keys) {
    ManifestChecker checker = new ManifestChecker(store, List.of(keys));
    checker.thread.start();
    return checker;
  }

  private void run() {
    while (!closed) {
      keys.forEach(this::check);
      // Versions stand for longer; without a pause each checker takes a processor for itself.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized void check(String key) {
    Seen known = seen.computeIfAbsent(key, any -> new Seen());
    try {
      byte[] bytes = store.bytes(key);
      if (!Arrays.equals(bytes, known.bytes)) {
        known.bytes = bytes;
        versions.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(new String(bytes, StandardCharsets.UTF_8));
        read(key, known);
      }
    } catch (NoSuchKeyException notYet) {
      return;
    } catch (SdkException | IllegalStateException e) {
      problems.add(key + ": " + e.getMessage());
    }
  }

  private void read(String key, Seen known) {
    ManifestReader manifest = new ManifestReader(known.bytes);
    String start = manifest.attribute("availabilityStartTime");
    if (!start.isEmpty() && !known.start.isEmpty() && !start.equals(known.start)) {
      problems.add(key + ": availabilityStartTime was " + known.start + " and is " + start);
    }
    known.start = start.isEmpty() ? known.start : start;
    String time = manifest.attribute("publishTime");
    if (!time.isEmpty()) {
      if (Instant.parse(time).isBefore(known.published)) {
        problems.add(key + ": publishTime went back to " + time);
      }
      known.published = Instant.parse(time);
    }
    for (Track track : manifest.tracks()) {
      require(key, track.init());
      track.segments().values().forEach(wanted -> require(key, wanted));
      compare(key, known, track);
    }
  }

  private void compare(String key, Seen known, Track track) {
    Track last = known.last.put(track.name(), track);
    Track all = known.all.computeIfAbsent(
        track.name(), name -> new Track(name, track.init(), new TreeMap<>()));
    if (!all.init().equals(track.init())) {
      problems.add(key + " " + track.name() + ": the initialization was " + all.init() + " and is " + track.init());
    }
    if (last != null && !last.segments().isEmpty()
        && (track.segments().isEmpty() || track.segments().firstKey() < last.segments().firstKey() - 100
            || track.segments().lastKey() < last.segments().lastKey() - 100)) {
      problems.add(key + " " + track.name() + " went back to " + track.segments() + " from " + last.segments());
    }
    track.segments().forEach(
        (at, wanted) -> {
          Long near = all.segments().floorKey(at + 100);
          boolean same = near != null && near >= at - 100;
          if (same && !all.segments().get(near).equals(wanted)) {
            problems.add(key + " " + track.name() + ": at " + at + " was " + all.segments().get(near) + ", is " + wanted);
          }
          if (!same) {
            all.segments().put(at, wanted);
          }
        });
  }

  private void require(String manifest, Wanted wanted) {
    String key = manifest.substring(0, manifest.lastIndexOf('/') + 1) + wanted.uri();
    if (!store.has(key)) {
      problems.add(manifest + " names " + wanted.uri() + ", which is not there");
    } else if (wanted.upTo() >= 0 && store.bytes(key).length < wanted.upTo()) {
      problems.add(manifest + " names " + wanted + ", which is not there yet");
    }
  }

  /** What no player should meet. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** All versions of a manifest that were seen, the oldest first. */
  public List<String> versions(String key) {
    return List.copyOf(versions.getOrDefault(key, List.of()));
  }

  /** The newest version; empty text where there is none. */
  public String newest(String key) {
    List<String> all = versions(key);
    return all.isEmpty() ? "" : all.get(all.size() - 1);
  }

  /** Representations that were ever named, as {@code period/id}. */
  public synchronized List<String> tracks(String key) {
    return seen.containsKey(key) ? List.copyOf(seen.get(key).all.keySet()) : List.of();
  }

  /** Names of all segments of a representation that were ever given, in order; none for one that is not known. */
  public synchronized List<String> segments(String key, String track) {
    Track found = seen.containsKey(key) ? seen.get(key).all.get(track) : null;
    return found == null ? List.of() : new ArrayList<>(found.segments().values()).stream().map(Wanted::uri).toList();
  }

  public synchronized String initialization(String key, String track) {
    return seen.get(key).all.get(track).init().uri();
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
