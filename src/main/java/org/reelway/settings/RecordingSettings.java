package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.recordings.*}: where finished recordings are found, and what happens with the files. */
public final class RecordingSettings {
  public static final Setting<List<Path>> FOLDER = Setting.of(
      "reelway.recordings.folder", Folders.LIST, "recordings",
      "Folders in which the media server leaves recordings; their subfolders belong to them. "
          + "Several are separated by commas; none may lie inside another, or inside or around the state folder.");
  public static final Setting<Boolean> CREATE_FOLDERS = Setting.of(
      "reelway.recordings.create-folders", Types.BOOLEAN, "false",
      "Whether folders of recordings and of live streams that are not there are made at start (reelway run "
          + "--create-folders). With false they are waited for, and health says so: a misspelt folder and a disk that is "
          + "not mounted are noticed.");
  public static final Setting<Duration> RESCAN_EVERY = Setting.of(
      "reelway.recordings.rescan-every", Types.duration("1s", "1d"), "15s",
      "Time between two looks at the folders. File events are only a hint, so this is how late a new recording can be "
          + "found at worst.");
  public static final Setting<Duration> SETTLE_TIME = Setting.of(
      "reelway.recordings.settle-time", Types.durationOrOff("1s", "7d"), "2m",
      "A file without a marker is taken when its size and modification time did not change for this long and its "
          + "container is whole. 0s takes files with a marker only.");
  public static final Setting<Duration> DELAY = Setting.of(
      "reelway.recordings.delay", Types.durationOrOff("1s", "7d"), "0s",
      "A marked recording is not sent before its file was not modified for this long, counted from when Reelway first "
          + "saw it marked. For media servers that mark a file and then go on writing. 0s sends it at once.");
  public static final Setting<List<String>> EXTENSIONS = Setting.of(
      "reelway.recordings.extensions", Types.EXTENSIONS, "mp4,m4v,mov,m4a,ts,flv,mkv,webm",
      "Extensions of the files that may be taken without a marker. A file with a marker is taken whatever its "
          + "extension is.");
  public static final Setting<OnRestart> ON_RESTART = Setting.of(
      "reelway.recordings.on-restart", Types.choice(OnRestart.class), "resume",
      "What happens at start with transfers that were under way: resume goes on with the parts already stored; restart "
          + "aborts their uploads and sends the whole file again; discard aborts them, removes the markers and keeps "
          + "the files.");
  public static final Setting<Integer> FILES_AT_ONCE = Setting.of(
      "reelway.recordings.files-at-once", Types.number(1, 256), "4",
      "Recordings that are transferred at the same time; each of them sends up to reelway.transfer.parts-at-once "
          + "parts at a time. Of recordings up to 1 MiB there are four times as many, at most 32, but for 1: one at a time.");
  public static final Setting<Tidy> TIDY = Setting.of(
      "reelway.recordings.tidy", Types.choice(Tidy.class), "keep",
      "What happens with the local file after its object was verified in the store: keep leaves it, delete deletes it, "
          + "move moves it to reelway.recordings.move-to.");
  public static final Setting<Path> MOVE_TO = Setting.optional(
      "reelway.recordings.move-to", Folders.PATH,
      "Folder to which verified recordings are moved; needed with reelway.recordings.tidy=move. It must not lie inside "
          + "a recordings folder, where its files would be found again.");

  static final Setting.Group GROUP = new Setting.Group(
      "Recordings", "Where finished recordings are found, and what happens with the local files.",
      List.of(FOLDER, CREATE_FOLDERS, RESCAN_EVERY, SETTLE_TIME, DELAY, EXTENSIONS, ON_RESTART, FILES_AT_ONCE, TIDY, MOVE_TO));

  private RecordingSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(recordingsAreApartFromState(), moveNeedsFolder(), movedFilesLeaveTheRecordings());
  }

  private static CrossRule recordingsAreApartFromState() {
    return new CrossRule(
        List.of(FOLDER, StateSettings.FOLDER),
        FOLDER,
        settings -> settings.get(FOLDER).stream()
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
        List.of(TIDY, MOVE_TO),
        MOVE_TO,
        settings -> CrossRule.problemIf(
            settings.get(TIDY) == Tidy.MOVE && !settings.isSet(MOVE_TO),
            "is needed with reelway.recordings.tidy=move; " + MOVE_TO.howToSet()));
  }

  private static CrossRule movedFilesLeaveTheRecordings() {
    return new CrossRule(
        List.of(FOLDER, MOVE_TO),
        MOVE_TO,
        settings -> Optional.ofNullable(settings.get(MOVE_TO))
            .flatMap(target -> settings.get(FOLDER).stream()
                .filter(folder -> Folders.isSame(target, folder) || Folders.isInside(target, folder))
                .findFirst()
                .map(folder -> MessageText.quoted(target.toString())
                    + " lies inside the recordings folder " + MessageText.quoted(folder.toString())
                    + ", where its files would be found again; name a folder outside")));
  }

  /** What is recorded in the folder is sent only where it is a recordings folder, or below one. */
  static CrossRule isInOne(Setting<Path> where) {
    return new CrossRule(
        List.of(where, FOLDER),
        where,
        settings -> Optional.ofNullable(settings.get(where))
            .filter(folder -> settings.get(FOLDER).stream().noneMatch(in -> absolute(folder).startsWith(absolute(in))))
            .map(folder -> MessageText.quoted(folder.toString())
                + " lies in no recordings folder, so what is recorded there would not be sent; name one of "
                + FOLDER + " (" + settings.shown(FOLDER) + ") or a folder below"));
  }

  private static Path absolute(Path folder) {
    return folder.toAbsolutePath().normalize();
  }

  /** What happens with a recording after it was verified in the store. */
  public enum Tidy {
    KEEP,
    DELETE,
    MOVE
  }

  /** What happens at start with recordings whose transfer was under way. */
  public enum OnRestart {
    /** Go on where it was. */
    RESUME,
    /** Abort our unfinished uploads of these recordings and start again. */
    RESTART,
    /** Abort our unfinished uploads of these recordings, remove the markers, keep the files. */
    DISCARD
  }
}
