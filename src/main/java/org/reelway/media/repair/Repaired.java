package org.reelway.media.repair;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The result of a repair.
 *
 * @param file the repaired file in the work folder, checked and on disk; empty where nothing playable could be made
 */
public record Repaired(Optional<Path> file, RepairReport report) {}
