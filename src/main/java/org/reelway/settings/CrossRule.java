package org.reelway.settings;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule about several settings.
 *
 * @param reads the settings it looks at; it is asked only when each of them is valid by itself
 * @param about the setting that the problem is reported for
 * @param check says what is wrong, if anything
 */
record CrossRule(List<Setting<?>> reads, Setting<?> about, Function<Settings, Optional<String>> check) {
  CrossRule {
    reads = List.copyOf(reads);
  }
}
