package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Reads one HDS stream from a store all the time, as a player does: the manifest, its bootstrap, and whether each fragment
 * is there that each version means. Shares no code with what publishes them.
 */
public final class HdsChecker implements AutoCloseable {
  private static final long PAUSE_NANOS = 5_000_000;
  private static final Pattern BOOTSTRAP = Pattern.compile("<bootstrapInfo[^>]*url=\"([^\"]*)\"");
  private static final Pattern MEDIA = Pattern.compile("<media[^>]*\\surl=\"([^\"]*)\"");

  private final TestStore store;
  private final String manifestKey;
  private final String bootstrapKey;
  private final String base;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<HdsBootstrap> versions = new CopyOnWriteArrayList<>();
  private final List<String> manifests = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> last = new HashMap<>();
  private final TreeMap<Long, String> fragments = new TreeMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private HdsChecker(TestStore store, String manifestKey, String bootstrapKey, String base) {
    this.store = store;
    this.manifestKey = manifestKey;
    this.bootstrapKey = bootstrapKey;
    this.base = base;
    this.thread = new Thread(this::run, "hds-checker");
    thread.setDaemon(true);
  }

  /** @param base key of fragments up to {@code Seg1-Frag1}; nothing need be there yet */
  public static HdsChecker watch(TestStore store, String manifestKey, String bootstrapKey, String base) {
    HdsChecker checker = new HdsChecker(store, manifestKey, bootstrapKey, base);
    checker.thread.start();
    return checker;
  }

  private void run() {
    while (!closed) {
      check(manifestKey);
      check(bootstrapKey);
      // Versions stand for longer; without a pause each checker takes a processor for itself.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized void check(String key) {
    try {
      byte[] bytes = store.bytes(key);
      if (!Arrays.equals(bytes, last.put(key, bytes))) {
        if (key.equals(manifestKey)) {
          manifest(new String(bytes, StandardCharsets.UTF_8));
        } else {
          bootstrap(HdsBootstrap.parse(bytes));
        }
      }
    } catch (NoSuchKeyException notYet) {
      return;
    } catch (SdkException | IllegalArgumentException e) {
      problems.add(key + ": " + e);
    }
  }

  private void manifest(String text) {
    manifests.add(text);
    String folder = manifestKey.substring(0, manifestKey.lastIndexOf('/') + 1);
    require(text, folder, BOOTSTRAP, bootstrapKey);
    require(text, folder, MEDIA, base);
    if (!store.has(bootstrapKey)) {
      problems.add(manifestKey + " is there before " + bootstrapKey);
    }
    boolean recorded = text.contains("<streamType>recorded<");
    if (recorded && HdsBootstrap.parse(store.bytes(bootstrapKey)).live()) {
      problems.add(manifestKey + " says recorded while its bootstrap is live");
    }
  }

  private void require(String text, String folder, Pattern pattern, String key) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find() || !(folder + matcher.group(1)).equals(key)) {
      problems.add(manifestKey + " does not lead to " + key + ":\n" + text);
    }
  }

  private void bootstrap(HdsBootstrap version) {
    versions.add(version);
    TreeMap<Long, String> named = version.fragments();
    named.values().stream().filter(name -> !store.has(base + name)).forEach(
        name -> problems.add("version " + version.inWords() + " means " + name + ", which is not there"));
    if (!fragments.isEmpty() && named.lastKey() < fragments.lastKey()) {
      problems.add("it went back to " + version.inWords() + " from " + fragments.lastKey());
    }
    named.forEach(
        (number, name) -> {
          String before = fragments.put(number, name);
          if (before != null && !before.equals(name)) {
            problems.add("fragment " + number + " was " + before + " and is " + name);
          }
        });
    if (versions.size() > 1 && version.version() < versions.get(versions.size() - 2).version()) {
      problems.add("the version's number went back to " + version.version());
    }
  }

  /** What no player should meet. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** All versions of the bootstrap that were seen, the oldest first. */
  public List<HdsBootstrap> versions() {
    return List.copyOf(versions);
  }

  /** Null where there is none. */
  public HdsBootstrap newest() {
    List<HdsBootstrap> all = versions();
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  /** The newest manifest; empty text where there is none. */
  public String manifest() {
    List<String> all = List.copyOf(manifests);
    return all.isEmpty() ? "" : all.get(all.size() - 1);
  }

  /** All fragments that any version meant, by number. */
  public synchronized TreeMap<Long, String> fragments() {
    return new TreeMap<>(fragments);
  }

  /** Fragments as one FLV file: their mdat boxes hold its tags. */
  public byte[] flv(long from, long to) {
    ByteArrayOutputStream flv = new ByteArrayOutputStream();
    flv.writeBytes(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
    for (String name : fragments().subMap(from, true, to, true).values()) {
      ByteBuffer boxes = ByteBuffer.wrap(store.bytes(base + name));
      while (boxes.hasRemaining()) {
        byte[] content = new byte[boxes.getInt() - 8];
        boolean media = boxes.getInt() == 0x6d646174;
        boxes.get(content);
        if (media) {
          flv.writeBytes(content);
        }
      }
    }
    return flv.toByteArray();
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
