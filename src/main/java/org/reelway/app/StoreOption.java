package org.reelway.app;

import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.InputFailure;
import org.reelway.settings.NamedStores;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.settings.StoreSettings;
import picocli.CommandLine.Option;

/** Which of the stores a command is about. */
final class StoreOption {
  @Option(
      names = "--store", paramLabel = "NAME",
      description = "A store that reelway.stores names (default: that of reelway.store.*).")
  private String name = NamedStores.PRIMARY;

  /** Empty for the primary. */
  String name() {
    return NamedStores.named(name);
  }

  StoreGroup group(Settings settings) {
    StoreGroup group = name().isEmpty() ? StoreSettings.PRIMARY : settings.stores().get(name);
    if (group == null) {
      throw new InputFailure("--store is \"" + name + "\", which reelway.stores does not name; allowed: " + NamedStores.PRIMARY
          + settings.stores().keySet().stream().map(known -> ", " + known).reduce("", String::concat));
    }
    return group;
  }

  ConfiguredStore configured(Settings settings) {
    return new ConfiguredStore(settings, group(settings));
  }
}
