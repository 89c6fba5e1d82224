package org.reelway.transfer.retention;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.settings.RetentionSettings;
import org.reelway.settings.Settings;
import org.reelway.state.KeptFiles;
import org.reelway.state.KeptFiles.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files of recordings that are verified in the store: those that are old enough, and, where a disk fills up, the
 * oldest until there is room. What is not verified is never a candidate.
 */
public final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int PAGE = 500;
  /** So long an object that is missing is not asked for again. */
  private static final Duration ASK_AGAIN = Duration.ofDays(1);

  private final RetentionRules rules;
  private final KeptFiles files;
  private final Deletion deletion;
  private final DiskGauge gauge;
  private final DiskLevels levels;
  private final RetentionCounts counts;
  private final Supplier<List<Path>> folders;
  private final Clock clock;
  private final Map<String, Instant> objectsMissing = new HashMap<>();

  /** @param folders whose disks are watched */
  public Retention(
      Settings settings,
      KeptFiles files,
      StoredObjects objects,
      DiskLevels levels,
      MeterRegistry metrics,
      Supplier<List<Path>> folders,
      Clock clock) {
    this(
        RetentionRules.of(settings),
        files,
        new Deletion(files, objects, settings.get(RetentionSettings.IF_OBJECT_MISSING)),
        new SystemDiskGauge(),
        levels,
        new RetentionCounts(metrics, levels),
        folders,
        clock);
  }

  Retention(
      RetentionRules rules,
      KeptFiles files,
      Deletion deletion,
      DiskGauge gauge,
      DiskLevels levels,
      RetentionCounts counts,
      Supplier<List<Path>> folders,
      Clock clock) {
    this.rules = rules;
    this.files = files;
    this.deletion = deletion;
    this.gauge = gauge;
    this.levels = levels;
    this.counts = counts;
    this.folders = folders;
    this.clock = clock;
  }

  /**
   * One round: what is old, then what disks need.
   *
   * @return disks that became critical or ok by it, for whoever wants to act on that
   */
  public synchronized List<DiskLevels.Change> work() {
    objectsMissing.values().removeIf(at -> at.plus(ASK_AGAIN).isBefore(clock.instant()));
    if (!rules.keepFor().isZero()) {
      deleteOld();
    }
    List<DiskLevels.Change> changes = new ArrayList<>();
    for (Map.Entry<Path, DiskSpace> disk : disks().entrySet()) {
      DiskSpace space = rules.wantsRoom(disk.getValue()) ? makeRoom(disk.getKey(), disk.getValue()) : disk.getValue();
      changes.addAll(levels.seen(disk.getKey(), space, space.isBelow(rules.critical())));
    }
    counts.objectsMissing(objectsMissing.size());
    return changes;
  }

  /** One folder of each file system. */
  private Map<Path, DiskSpace> disks() {
    Map<String, Path> seen = new HashMap<>();
    Map<Path, DiskSpace> disks = new LinkedHashMap<>();
    for (Path folder : folders.get()) {
      Optional<DiskSpace> space = gauge.look(folder);
      if (space.isPresent() && seen.putIfAbsent(space.get().device(), folder) == null) {
        disks.put(folder, space.get());
      }
    }
    return disks;
  }

  private void deleteOld() {
    Instant due = clock.instant().minus(rules.keepFor());
    String why = "kept for " + rules.keepFor() + " after it was verified";
    Set<String> away = new HashSet<>();
    Kept last = null;
    List<Kept> page;
    do {
      page = files.oldest(due, last, PAGE);
      for (Kept kept : page) {
        last = kept;
        if (!away.contains(kept.store()) && delete(kept, why, false) == Deletion.Outcome.STORE_AWAY) {
          away.add(kept.store());
        }
      }
    } while (page.size() == PAGE);
  }

  /** @return what is free then */
  private DiskSpace makeRoom(Path folder, DiskSpace before) {
    String why = "to make room (" + before.inWords() + ")";
    DiskSpace space = before;
    long freed = 0;
    Kept last = null;
    List<Kept> page;
    do {
      page = files.oldest(clock.instant(), last, PAGE);
      for (Kept kept : page) {
        last = kept;
        boolean here = kept.identity().fileKey().startsWith(before.device() + ":");
        if (here && delete(kept, why, true) == Deletion.Outcome.DELETED) {
          freed++;
          space = afterDeletion(folder, space.without(kept.identity().size()));
          if (rules.hasEnough(space)) {
            return saidFreed(folder, freed, space);
          }
        }
      }
    } while (page.size() == PAGE);
    return saidFreed(folder, freed, gauge.look(folder).orElse(space));
  }

  /** Looked at only once it should be enough: a look costs more than a deletion, and frees come late on some disks. */
  private DiskSpace afterDeletion(Path folder, DiskSpace estimate) {
    return rules.hasEnough(estimate) ? gauge.look(folder).orElse(estimate) : estimate;
  }

  private static DiskSpace saidFreed(Path folder, long freed, DiskSpace space) {
    if (freed > 0) {
      LOG.info("{} verified files on the disk of {} were deleted to make room: {}", freed, folder, space.inWords());
    }
    return space;
  }

  private Deletion.Outcome delete(Kept kept, String why, boolean urgent) {
    if (objectsMissing.containsKey(kept.id())) {
      return Deletion.Outcome.OBJECT_MISSING;
    }
    Deletion.Outcome outcome = deletion.delete(kept, why, urgent);
    if (outcome == Deletion.Outcome.DELETED) {
      counts.deleted(kept.identity().size());
    } else if (outcome == Deletion.Outcome.OBJECT_MISSING) {
      sayMissing(kept);
    }
    return outcome;
  }

  /** The first one in words, all of them as a metric: where others move objects on, there are thousands. */
  private void sayMissing(Kept kept) {
    if (objectsMissing.isEmpty()) {
      LOG.warn(
          "{} is due but stays: its object {}/{} is not in the store any more. If others move objects on, set"
              + " reelway.retention.if-object-missing=delete; others like it are only counted",
          kept.file(),
          kept.bucket(),
          kept.key());
    }
    objectsMissing.put(kept.id(), clock.instant());
  }
}
