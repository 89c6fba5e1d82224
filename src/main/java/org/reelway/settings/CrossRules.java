package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.settings.RecordingSettings.Tidy;

/** The rules about several settings, one method each. */
final class CrossRules {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.\\d{1,3}){3}|::1|localhost", Pattern.CASE_INSENSITIVE);
  private static final Pattern ANY_ADDRESS = Pattern.compile("0\\.0\\.0\\.0|::");

  private CrossRules() {}

  static List<CrossRule> all() {
    return Stream.of(own().stream(), StoreSettings.rules(), BackupSettings.rules(), LiveSettings.rules(), RoutingSettings.rules(),
            RecorderSettings.rules(), MultiRecorderSettings.rules(), CallbackSettings.rules())
        .flatMap(rules -> rules)
        .toList();
  }

  private static List<CrossRule> own() {
    return List.of(
        recordingsAreApartFromState(),
        moveNeedsFolder(),
        movedFilesLeaveTheRecordings(),
        retriesGrow(),
        highWaterIsHigher(),
        goesWith(HttpSettings.USERNAME, HttpSettings.PASSWORD),
        goesWith(HttpSettings.PASSWORD, HttpSettings.USERNAME),
        openHostNeedsPassword(HttpSettings.HOST, HttpSettings.USERNAME, HttpSettings.PASSWORD),
        goesWith(ManagementSettings.USERNAME, ManagementSettings.PASSWORD),
        goesWith(ManagementSettings.PASSWORD, ManagementSettings.USERNAME),
        openHostNeedsPassword(ManagementSettings.HOST, ManagementSettings.USERNAME, ManagementSettings.PASSWORD),
        serversHaveTheirOwnPort());
  }

  private static CrossRule recordingsAreApartFromState() {
    return new CrossRule(
        List.of(RecordingSettings.FOLDER, StateSettings.FOLDER),
        RecordingSettings.FOLDER,
        settings -> settings.get(RecordingSettings.FOLDER).stream()
            .flatMap(folder -> overlap(folder, settings.get(StateSettings.FOLDER)).stream())
            .findFirst());
  }

  private static Optional<String> overlap(Path recordings, Path state) {
    try {
      Folders.requireApart(recordings, state);
      return Optional.empty();
    } catch (InputFailure e) {
      return Optional.of(e.getMessage() + " (recordings and " + StateSettings.FOLDER + ")");
    }
  }

  private static CrossRule moveNeedsFolder() {
    return new CrossRule(
        List.of(RecordingSettings.TIDY, RecordingSettings.MOVE_TO),
        RecordingSettings.MOVE_TO,
        settings -> problemIf(
            settings.get(RecordingSettings.TIDY) == Tidy.MOVE && !settings.isSet(RecordingSettings.MOVE_TO),
            "is needed with reelway.recordings.tidy=move; " + RecordingSettings.MOVE_TO.howToSet()));
  }

  private static CrossRule movedFilesLeaveTheRecordings() {
    return new CrossRule(
        List.of(RecordingSettings.FOLDER, RecordingSettings.MOVE_TO),
        RecordingSettings.MOVE_TO,
        settings -> Optional.ofNullable(settings.get(RecordingSettings.MOVE_TO))
            .flatMap(target -> settings.get(RecordingSettings.FOLDER).stream()
                .filter(folder -> Folders.isSame(target, folder) || Folders.isInside(target, folder))
                .findFirst()
                .map(folder -> Shown.quoted(target.toString())
                    + " lies inside the recordings folder " + Shown.quoted(folder.toString())
                    + ", where its files would be found again; name a folder outside")));
  }

  /** A share and a size cannot be compared without the disk. */
  private static CrossRule highWaterIsHigher() {
    return new CrossRule(
        List.of(RetentionSettings.LOW_WATER, RetentionSettings.HIGH_WATER),
        RetentionSettings.HIGH_WATER,
        settings -> Optional.ofNullable(settings.get(RetentionSettings.HIGH_WATER))
            .filter(high -> isLower(high, settings.get(RetentionSettings.LOW_WATER)))
            .map(high -> Shown.quoted(settings.shown(RetentionSettings.HIGH_WATER)) + " is lower than "
                + RetentionSettings.LOW_WATER + " (" + settings.shown(RetentionSettings.LOW_WATER)
                + "), or in another unit; make it the same or higher, both as shares or both as sizes"));
  }

  private static boolean isLower(Watermark high, Watermark low) {
    boolean sameUnit = low.isOff() || high.percent() > 0 == low.percent() > 0;
    return !sameUnit || high.percent() < low.percent() || high.bytes() < low.bytes();
  }

  private static CrossRule retriesGrow() {
    return new CrossRule(
        List.of(TransferSettings.RETRY_FIRST, TransferSettings.RETRY_MAX),
        TransferSettings.RETRY_FIRST,
        settings -> problemIf(
            settings.get(TransferSettings.RETRY_FIRST).compareTo(settings.get(TransferSettings.RETRY_MAX)) > 0,
            Shown.quoted(settings.shown(TransferSettings.RETRY_FIRST)) + " is longer than "
                + TransferSettings.RETRY_MAX + " (" + settings.shown(TransferSettings.RETRY_MAX)
                + "); make it the same or shorter"));
  }

  static CrossRule goesWith(Setting<?> one, Setting<?> other) {
    return new CrossRule(
        List.of(one, other),
        one,
        settings -> problemIf(
            settings.isSet(one) && !settings.isSet(other),
            "is set, but " + other + " is not; set both or neither"));
  }

  private static CrossRule openHostNeedsPassword(
      Setting<String> host, Setting<String> username, Setting<String> password) {
    return new CrossRule(
        List.of(host, username, password),
        host,
        settings -> problemIf(
            !isLoopback(settings.get(host)) && !settings.isSet(username) && !settings.isSet(password),
            Shown.quoted(settings.get(host)) + " is reachable from other machines; set " + username + " and " + password
                + ", or listen on 127.0.0.1"));
  }

  private static CrossRule serversHaveTheirOwnPort() {
    return new CrossRule(
        List.of(HttpSettings.HOST, HttpSettings.PORT, ManagementSettings.HOST, ManagementSettings.PORT),
        ManagementSettings.PORT,
        settings -> problemIf(
            settings.get(ManagementSettings.PORT) != 0
                && settings.get(ManagementSettings.PORT).equals(settings.get(HttpSettings.PORT))
                && collide(settings.get(HttpSettings.HOST), settings.get(ManagementSettings.HOST)),
            settings.get(ManagementSettings.PORT) + " on " + settings.get(ManagementSettings.HOST)
                + " is taken by " + HttpSettings.PORT + "; give the two servers different ports"));
  }

  private static boolean collide(String one, String other) {
    return Stream.of(one, other).anyMatch(host -> ANY_ADDRESS.matcher(host).matches())
        || address(one).equalsIgnoreCase(address(other));
  }

  private static String address(String host) {
    return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  static Optional<String> problemIf(boolean wrong, String message) {
    return wrong ? Optional.of(message) : Optional.empty();
  }
}
