package org.reelway.settings.evostream;

import java.util.List;

/**
 * A plugin of the EvoStream web services.
 *
 * @param does what it does, for the docs: settings that follow from it alone, and what differs
 * @param step says the settings that it becomes when it is enabled
 */
record Plugin(String name, String does, List<Parameter> parameters, Step step) {
  Plugin {
    parameters = List.copyOf(parameters);
  }

  /** Says the settings of one enabled plugin. */
  @FunctionalInterface
  interface Step {
    void apply(Block block, Derivation to);
  }
}
