package org.reelway.settings.evostream;

import java.util.List;

/**
 * A parameter of a plugin, and what takes its place.
 *
 * @param keys of the settings that it becomes
 * @param text for the docs: what is the same, and what is not
 */
record Parameter(String name, Form form, List<String> keys, String text) {
  Parameter {
    keys = List.copyOf(keys);
  }
}
