package org.reelway.settings;

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
      BackupSettings.GROUP,
      BackupSettings.OBJECTS_GROUP,
      HttpSettings.GROUP,
      ManagementSettings.GROUP,
      StateSettings.GROUP,
      RouteSettings.GROUP,
      ShutdownSettings.GROUP,
      LogSettings.GROUP);
  static final List<Setting<?>> SETTINGS = GROUPS.stream().<Setting<?>>flatMap(g -> g.settings().stream()).toList();
  static final Map<String, Setting<?>> BY_KEY = by(Setting::key);
  static final Map<String, Setting<?>> BY_ENV = by(Setting::env);

  static final List<CrossRule> RULES =
      Stream.of(
              RecordingSettings.rules(), TransferSettings.rules(), RetentionSettings.rules(), HttpSettings.rules(),
              ManagementSettings.rules(), StoreSettings.rules(), BackupSettings.rules(), LiveSettings.rules(),
              RoutingSettings.rules(), RecorderSettings.rules(), MultiRecorderSettings.rules(), CallbackSettings.rules(),
              WorkflowSettings.rules(), AwsLiveSettings.rules())
          .flatMap(rules -> rules)
          .toList();

  private Catalog() {}

  private static Map<String, Setting<?>> by(Function<Setting<?>, String> name) {
    return SETTINGS.stream().collect(Collectors.toUnmodifiableMap(name, Function.identity()));
  }
}
