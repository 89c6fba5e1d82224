package org.reelway.app.check;

import java.util.Collection;
import java.util.List;
import org.reelway.settings.MessageText;
import org.reelway.settings.NamedStores;

/** Stores that routes name are configured: a start refuses others. */
final class StoreRule {
  private StoreRule() {}

  /** @param stores that are configured beside the primary, by name */
  static List<RouteProblem> problems(List<EndpointUse> uses, Collection<String> stores) {
    return uses.stream()
        .filter(use -> use.isKamelet() && use.kamelet().equals("store-transfer"))
        .filter(use -> isUnknown(use.parameters().getOrDefault("store", ""), stores))
        .map(use -> problem(use, use.parameters().get("store"), stores))
        .toList();
  }

  /** Those that are computed are known only while running. */
  private static boolean isUnknown(String name, Collection<String> stores) {
    return !name.isEmpty() && !name.contains("{") && !name.equals(NamedStores.PRIMARY) && !stores.contains(name);
  }

  private static RouteProblem problem(EndpointUse use, String name, Collection<String> stores) {
    return use.file().error(
        use.line(),
        "reelway.stores does not name the store '" + name + "'"
            + MessageText.near(name, stores).map(near -> ": did you mean '" + near + "'?").orElse(""),
        "name it there and set reelway.store." + name + ".bucket, or leave store out for the store of reelway.store.*");
  }
}
