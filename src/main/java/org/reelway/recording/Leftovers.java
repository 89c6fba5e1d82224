package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Temporary files that a Reelway which was killed left beside recordings. They live for milliseconds; one that is seen
 * for ten minutes is nobody's. Only files of exactly the name that Reelway gives, no larger than a marker, are removed.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
  private static final String ENDING = ".reelway.tmp";
  private static final Pattern NAME =
      Pattern.compile("\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" + Pattern.quote(ENDING));

  private final Map<Path, Instant> firstSeen = new HashMap<>();

  /** Hidden and .tmp: neither we nor a media server's own scripts take it for a recording or a marker. */
  static String newName() {
    return "." + UUID.randomUUID() + ENDING;
  }

  /** Always the same for a name. */
  static String nameFor(Path name) {
    return "." + UUID.nameUUIDFromBytes(name.getFileName().toString().getBytes(StandardCharsets.UTF_8)) + ENDING;
  }

  static boolean isOurs(String name) {
    return name.endsWith(ENDING) && NAME.matcher(name).matches();
  }

  /** A folder that Reelway keeps in a recordings folder for what it works on: nothing in it is a recording yet. */
  static boolean isWorkFolder(String name) {
    return name.startsWith(".reelway-");
  }

  /** @param seen all that a look met; those that are not met any more are forgotten */
  void tend(Collection<Path> seen, Instant now) {
    firstSeen.keySet().retainAll(seen);
    for (Path file : seen) {
      Instant since = firstSeen.computeIfAbsent(file, first -> now);
      if (!now.isBefore(since.plus(LONGEST_LIFE))) {
        remove(file);
      }
    }
  }

  private static void remove(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile() && attributes.size() <= MarkerFormat.LARGEST) {
        Files.delete(file);
        LOG.debug("removed {}, which a killed Reelway left", file);
      }
    } catch (IOException e) {
      LOG.debug("{} stays: {}", file, e.toString());
    }
  }
}
