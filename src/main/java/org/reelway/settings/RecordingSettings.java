package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code reelway.recordings.*}: where finished recordings are found, and what happens with the files. */
public final class RecordingSettings {
  public static final Setting<List<Path>> FOLDER = Setting.of(
      "reelway.recordings.folder", new PathListType(), "recordings",
      "Folders in which the media server leaves recordings; their subfolders belong to them. "
          + "Several are separated by commas; none may lie inside another, or inside or around the state folder.");
  public static final Setting<Boolean> CREATE_FOLDERS = Setting.of(
      "reelway.recordings.create-folders", new BooleanType(), "false",
      "Whether folders of recordings and of live streams that are not there are made at start (reelway run "
          + "--create-folders). With false they are waited for, and health says so: a misspelt folder and a disk that is "
          + "not mounted are noticed.");
  public static final Setting<Duration> RESCAN_EVERY = Setting.of(
      "reelway.recordings.rescan-every", DurationType.between("1s", "1d"), "15s",
      "Time between two looks at the folders. File events are only a hint, so this is how late a new recording can be "
          + "found at worst.");
  public static final Setting<Duration> SETTLE_TIME = Setting.of(
      "reelway.recordings.settle-time", DurationType.offOrBetween("1s", "7d"), "2m",
      "A file without a marker is taken when its size and modification time did not change for this long and its "
          + "container is whole. 0s takes files with a marker only.");
  public static final Setting<Duration> DELAY = Setting.of(
      "reelway.recordings.delay", DurationType.offOrBetween("1s", "7d"), "0s",
      "A marked recording is not sent before its file was not modified for this long, counted from when Reelway first "
          + "saw it marked. For media servers that mark a file and then go on writing. 0s sends it at once.");
  public static final Setting<List<String>> EXTENSIONS = Setting.of(
      "reelway.recordings.extensions", new ExtensionListType(), "mp4,m4v,mov,m4a,ts,flv,mkv,webm",
      "Extensions of the files that may be taken without a marker. A file with a marker is taken whatever its "
          + "extension is.");
  public static final Setting<OnRestart> ON_RESTART = Setting.of(
      "reelway.recordings.on-restart", ChoiceType.of(OnRestart.class), "resume",
      "What happens at start with transfers that were under way: resume goes on with the parts already stored; restart "
          + "aborts their uploads and sends the whole file again; discard aborts them, removes the markers and keeps "
          + "the files.");
  public static final Setting<Integer> FILES_AT_ONCE = Setting.of(
      "reelway.recordings.files-at-once", IntType.between(1, 256), "4",
      "Recordings that are transferred at the same time. Each of them sends up to reelway.transfer.parts-at-once "
          + "parts at a time.");
  public static final Setting<Tidy> TIDY = Setting.of(
      "reelway.recordings.tidy", ChoiceType.of(Tidy.class), "keep",
      "What happens with the local file after its object was verified in the store: keep leaves it, delete deletes it, "
          + "move moves it to reelway.recordings.move-to.");
  public static final Setting<Path> MOVE_TO = Setting.optional(
      "reelway.recordings.move-to", new PathType(),
      "Folder to which verified recordings are moved; needed with reelway.recordings.tidy=move. It must not lie inside "
          + "a recordings folder, where its files would be found again.");

  static final SettingGroup GROUP = new SettingGroup(
      "Recordings", "Where finished recordings are found, and what happens with the local files.",
      List.of(FOLDER, CREATE_FOLDERS, RESCAN_EVERY, SETTLE_TIME, DELAY, EXTENSIONS, ON_RESTART, FILES_AT_ONCE, TIDY, MOVE_TO));

  private RecordingSettings() {}

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
