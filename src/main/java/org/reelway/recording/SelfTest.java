package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries whether events arrive: a hidden file is made in one folder of each file system, and must be told of within a
 * second. Its name is one that {@link Leftovers} cleans up, should we be killed before we do.
 */
final class SelfTest {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
  private static final int MOST_FILE_SYSTEMS = 16;

  private final Duration patience;
  private final Map<Path, Instant> waiting = new HashMap<>();
  private String verdict;

  /** @param patience within which the event must come */
  SelfTest(Duration patience) {
    this.patience = patience;
  }

  /** @param folders the folder itself first */
  void begin(List<FolderScan.Subfolder> folders, Instant now) {
    abandon();
    verdict = null;
    Set<Long> devices = new HashSet<>();
    for (FolderScan.Subfolder folder : folders) {
      if (devices.size() < MOST_FILE_SYSTEMS && devices.add(folder.device())) {
        probe(folder.path(), now);
      }
    }
    settle();
  }

  private void probe(Path folder, Instant now) {
    FileSystemKind kind = FileSystemKind.of(folder);
    if (kind.isShared()) {
      fail(folder + " is on " + kind.type() + ": what other machines write makes no events here");
      return;
    }
    Path probe = folder.resolve(Leftovers.newName());
    waiting.put(probe, now.plus(patience));
    try {
      Files.createFile(probe);
    } catch (IOException e) {
      waiting.remove(probe);
      fail("unknown whether events arrive: no file can be made in " + folder + " to try it (" + e.getMessage() + ")");
    }
  }

  private void fail(String reason) {
    if (verdict == null || verdict.isEmpty()) {
      verdict = reason;
    }
  }

  /** An event told of this file. */
  void arrived(Path file) {
    if (waiting.remove(file) != null) {
      remove(file);
      settle();
    }
  }

  /** Time has passed. */
  void check(Instant now) {
    List<Path> late = waiting.entrySet().stream()
        .filter(entry -> !now.isBefore(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
    for (Path file : late) {
      waiting.remove(file);
      remove(file);
      fail("a file made in " + file.getParent() + " was not told of within " + patience.toMillis() + " ms");
    }
    if (!late.isEmpty()) {
      settle();
    }
  }

  private void settle() {
    if (waiting.isEmpty() && verdict == null) {
      verdict = "";
    }
  }

  boolean isRunning() {
    return !waiting.isEmpty();
  }

  /** Null before the first test has ended; empty when events arrive; else why they are not relied on. */
  String verdict() {
    return isRunning() ? null : verdict;
  }

  void abandon() {
    waiting.keySet().forEach(SelfTest::remove);
    waiting.clear();
  }

  private static void remove(Path probe) {
    try {
      Files.deleteIfExists(probe);
    } catch (IOException e) {
      LOG.debug("{} stays: {}", probe, e.toString());
    }
  }
}
