package org.reelway.transfer.retention;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How full each disk is, as last seen; an alarm is said when it begins and when it ends. */
public final class DiskLevels {
  private static final Logger LOG = LoggerFactory.getLogger(DiskLevels.class);

  private final Map<String, Disk> disks = new LinkedHashMap<>();

  /**
   * One file system.
   *
   * @param folder one that lies on it
   * @param inodes 0 where they are not counted
   */
  public record Disk(
      Path folder, long freeBytes, long bytes, long freeInodes, long inodes, boolean critical, String inWords) {}

  /**
   * A disk that became critical, or is not any more.
   *
   * @param level critical or ok
   * @param message for people
   */
  public record Change(Path folder, String level, String message) {}

  /** @return the change, where there is one since the last look */
  synchronized List<Change> seen(Path folder, DiskSpace space, boolean critical) {
    Disk now =
        new Disk(
            folder, space.freeBytes(), space.bytes(), space.freeInodes(), space.inodes(), critical, space.inWords());
    Disk before = disks.put(space.device(), now);
    boolean wasCritical = before != null && before.critical();
    List<Change> changes = new ArrayList<>();
    if (critical && !wasCritical) {
      String message =
          "the disk of " + folder + " is nearly full (" + space.inWords() + "): recordings may be lost before they are"
              + " written; make room. Files that are not in the store yet are never deleted";
      LOG.error("{}", message);
      changes.add(new Change(folder, "critical", message));
    } else if (wasCritical && !critical) {
      String message = "the disk of " + folder + " has room again (" + space.inWords() + ")";
      LOG.info("{}", message);
      changes.add(new Change(folder, "ok", message));
    }
    return changes;
  }

  /** As last seen. */
  public synchronized List<Disk> all() {
    return List.copyOf(disks.values());
  }
}
