package org.reelway.settings.wowza;

import java.util.List;
import org.reelway.settings.wowza.WowzaApplication.Property;

/**
 * What takes the place of a property of the Wowza S3 upload module.
 *
 * @param names of the property, with its aliases and the spellings of the module's forks; the last one given counts
 * @param keys of the settings that do its work; empty where none is needed
 * @param text for the docs: what is the same, and what is not
 * @param step writes the settings for a value that is given
 */
record Counterpart(List<String> names, List<String> keys, String text, Step step) {
  Counterpart {
    names = List.copyOf(names);
    keys = List.copyOf(keys);
  }

  /** Writes the settings for one property. */
  @FunctionalInterface
  interface Step {
    void apply(Property property, Translation translation);
  }
}
