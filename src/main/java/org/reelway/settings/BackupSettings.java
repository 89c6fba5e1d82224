package org.reelway.settings;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code reelway.backup.*}: the second store, where recordings go while the primary takes none. */
public final class BackupSettings {
  public static final Setting<Duration> AFTER = Setting.of(
      "reelway.backup.after", Types.duration("1s", "30d"), "15m",
      "How long reelway.store must have failed, with nothing that it took in between, before recordings go to the backup.");
  public static final StoreGroup STORE = new StoreGroup(
      "reelway.backup",
      "Bucket of the backup store, where recordings go while reelway.store takes none, and from where they are brought "
          + "back; it must exist. Without it there is no backup.");
  public static final ObjectGroup OBJECTS = STORE.objects;

  static final Setting.Group GROUP = new Setting.Group(
      "Backup", "A second store for the time that the primary takes no recordings (docs/backup.md).",
      Stream.concat(Stream.of(AFTER), STORE.settings().stream()).toList());
  static final Setting.Group OBJECTS_GROUP = new Setting.Group(
      "Objects in the backup", "The same as for the primary store.", OBJECTS.settings());

  static Stream<CrossRule> rules() {
    return Stream.concat(
        STORE.rules().stream(),
        Stream.of(needsBucket(STORE.endpoint), needsBucket(STORE.accessKey), isAnotherPlace()));
  }

  private static CrossRule needsBucket(Setting<?> one) {
    return new CrossRule(
        List.of(one, STORE.bucket),
        one,
        settings -> CrossRule.problemIf(
            settings.isSet(one) && !settings.isSet(STORE.bucket),
            "is set, but does nothing without " + STORE.bucket + "; set that too, or remove it"));
  }

  /** A copy in the bucket that fails is none. */
  private static CrossRule isAnotherPlace() {
    return new CrossRule(
        List.of(StoreSettings.BUCKET, StoreSettings.ENDPOINT, STORE.bucket, STORE.endpoint),
        STORE.bucket,
        settings -> Optional.ofNullable(settings.get(STORE.bucket))
            .filter(bucket -> bucket.equals(settings.get(StoreSettings.BUCKET))
                && Objects.equals(settings.get(STORE.endpoint), settings.get(StoreSettings.ENDPOINT)))
            .map(bucket -> MessageText.quoted(bucket) + " is the bucket of " + StoreSettings.BUCKET
                + " at the same address; name another bucket, best in another place"));
  }

  private BackupSettings() {}
}
