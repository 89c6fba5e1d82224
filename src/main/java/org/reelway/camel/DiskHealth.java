package org.reelway.camel;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.transfer.retention.DiskLevels;
import org.reelway.transfer.retention.DiskLevels.Disk;

/** Down while a disk of recordings is nearly full. Not part of liveness: a restart frees nothing. */
final class DiskHealth extends GuardedHealth {
  private final DiskLevels levels;

  DiskHealth(DiskLevels levels) {
    super("reelway", "disk");
    this.levels = levels;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    levels.all().forEach(disk -> builder.detail("disk." + disk.folder(), disk.inWords()));
    List<Disk> critical = levels.all().stream().filter(Disk::critical).toList();
    if (critical.isEmpty()) {
      builder.up();
    } else {
      Disk worst = critical.get(0);
      builder.message("the disk of " + worst.folder() + " is nearly full (" + worst.inWords() + "); make room").down();
    }
  }
}
