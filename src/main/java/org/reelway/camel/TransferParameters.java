package org.reelway.camel;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.reelway.settings.KeyTemplate;
import org.reelway.settings.NamedStores;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.transfer.TransferTarget;

/** What {@code kamelet:store-transfer} says of where a recording goes. */
public final class TransferParameters {
  private TransferParameters() {}

  /**
   * @param given as Camel has them; those that are understood are taken out
   * @param stores by name, the primary by an empty one; empty where there is none of the name
   */
  public static TransferTarget target(Map<String, Object> given, Function<String, Optional<ConfiguredStore>> stores) {
    return target(new EndpointParameters(given), stores);
  }

  static TransferTarget target(EndpointParameters given, Function<String, Optional<ConfiguredStore>> stores) {
    String key = given.take("key", "");
    KeyTemplate.parse(key);
    String store = NamedStores.named(given.take("store", ""));
    String bucket = given.take("bucket", "");
    String prefix = given.take("prefix", "");
    Optional<ConfiguredStore> own = bucket.isEmpty() ? stores.apply(store) : Optional.empty();
    return new TransferTarget(
        own.map(ConfiguredStore::bucket).orElse(bucket), own.map(ConfiguredStore::prefix).orElse(prefix), key,
        given.choice("onExisting", OnExisting.OVERWRITE), given.flag("stripRecorderVersion"), store);
  }
}
