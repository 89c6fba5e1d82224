package org.reelway.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every setting there is, in the order of the docs, and the rules between them. */
final class Catalog {
  static final List<Setting.Group> GROUPS = List.of(
      RecordingSettings.GROUP,
      RetentionSettings.GROUP,
      RepairSettings.GROUP,
      TransferSettings.GROUP,
      JanitorSettings.GROUP,
      LiveSettings.GROUP,
      ServerSettings.GROUP,
      RoutingSettings.GROUP,
      RecorderSettings.GROUP,
      MultiRecorderSettings.GROUP,
      WorkflowSettings.GROUP,
      AwsLiveSettings.GROUP,
      MixerSettings.GROUP,
      ProgramSettings.GROUP,
      CallbackSettings.GROUP,
      StoreSettings.GROUP,
      StoreSettings.OBJECTS_GROUP,
      NamedStores.GROUP,
      BackupSettings.GROUP,
      BackupSettings.OBJECTS_GROUP,
      HttpSettings.GROUP,
      ManagementSettings.GROUP,
      JmxSettings.GROUP,
      StateSettings.GROUP,
      NodeSettings.GROUP,
      QueueSettings.GROUP,
      RouteSettings.GROUP,
      ShutdownSettings.GROUP,
      LogSettings.GROUP,
      TelemetrySettings.GROUP);
  private static final List<CrossRule> RULES =
      Stream.of(
              RecordingSettings.rules(), TransferSettings.rules(), RetentionSettings.rules(), HttpSettings.rules(),
              ManagementSettings.rules(), JmxSettings.rules(), StoreSettings.rules(), BackupSettings.rules(), LiveSettings.rules(),
              RoutingSettings.rules(), RecorderSettings.rules(), MultiRecorderSettings.rules(), CallbackSettings.rules(),
              WorkflowSettings.rules(), AwsLiveSettings.rules(), TelemetrySettings.rules(),
              StateSettings.rules(), QueueSettings.rules(), NodeSettings.rules())
          .flatMap(rules -> rules)
          .toList();

  /** Without those of named stores. */
  static final Catalog FIXED = new Catalog(List.of());

  private final Map<String, StoreGroup> stores = new LinkedHashMap<>();
  private final List<Setting<?>> settings;
  private final Map<String, Setting<?>> byKey;
  private final Map<String, Setting<?>> byEnv;

  private Catalog(List<String> storeNames) {
    storeNames.forEach(name -> stores.put(name, NamedStores.group(name)));
    settings = Stream.concat(
            GROUPS.stream().flatMap(group -> group.settings().stream()),
            stores.values().stream().flatMap(NamedStores::all))
        .<Setting<?>>map(setting -> setting)
        .toList();
    byKey = by(Setting::key);
    byEnv = by(Setting::env);
  }

  /** @param storeNames as {@code reelway.stores} has them */
  static Catalog with(List<String> storeNames) {
    return storeNames.isEmpty() ? FIXED : new Catalog(storeNames);
  }

  private Map<String, Setting<?>> by(Function<Setting<?>, String> name) {
    return settings.stream().collect(Collectors.toUnmodifiableMap(name, Function.identity()));
  }

  List<Setting<?>> settings() {
    return settings;
  }

  Map<String, Setting<?>> byKey() {
    return byKey;
  }

  Map<String, Setting<?>> byEnv() {
    return byEnv;
  }

  List<CrossRule> rules() {
    return Stream.concat(RULES.stream(), stores.values().stream().flatMap(NamedStores::rules)).toList();
  }

  /** The named stores, in the order of the setting. */
  Map<String, StoreGroup> stores() {
    return Collections.unmodifiableMap(stores);
  }
}
