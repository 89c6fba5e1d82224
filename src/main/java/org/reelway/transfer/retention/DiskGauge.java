package org.reelway.transfer.retention;

import java.nio.file.Path;
import java.util.Optional;

/** Tells what is free where a folder is. */
@FunctionalInterface
interface DiskGauge {

  /** Empty where the folder is away. */
  Optional<DiskSpace> look(Path folder);
}
