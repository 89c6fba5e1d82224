package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code reelway.recorder.*}: streams that are recorded, by their media server or by Reelway. */
public final class RecorderSettings {
  public static final Setting<Boolean> EVERY_STREAM = Setting.of(
      "reelway.recorder.every-stream", new BooleanType(), "false",
      "Whether every stream that reelway.recorder.streams names is recorded while it is on. With false, recordings begin "
          + "by request only (POST /rest-api/stream/startRecording).");
  public static final Setting<StreamFilter> STREAMS = Setting.of(
      "reelway.recorder.streams", new StreamFilter.Type(), "",
      "Which streams are recorded, by their names; nothing for all.");
  public static final Setting<Path> FOLDER = Setting.optional(
      "reelway.recorder.folder", new PathType(),
      "Where files are recorded to: a recordings folder (reelway.recordings.folder) or a folder below one, so that they "
          + "are sent. The first recordings folder where it is not set.");
  public static final Setting<RecordingNameTemplate> NAME = Setting.of(
      "reelway.recorder.name", new RecordingNameTemplate.Type(), "{streamName}-{startTimeMillis}",
      "Name of a recorded file, before .mp4.");
  public static final Setting<RotationType.Limit> ROTATION = Setting.of(
      "reelway.recorder.rotation", new RotationType(), "0",
      "When a recording goes on in another file, at the next picture that needs none before it: seconds or megabytes.");
  public static final Setting<RecordedBy> BY = Setting.of(
      "reelway.recorder.by", ChoiceType.of(RecordedBy.class), "server",
      "Who records: with server, the stream's media server where reelway.servers.api names an API of it that records (ems, "
          + "wcs, nginx-rtmp-control) and it can do what is asked, and Reelway by ffmpeg everything else; with reelway, "
          + "Reelway everything.");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.recorder.most", IntType.between(1, 1000), "100",
      "Streams that are recorded at the same time, each by an ffmpeg of its own or by its media server.");

  static final SettingGroup GROUP = new SettingGroup(
      "Recorder", "Streams that are recorded, by their media server or by Reelway (docs/recorder.md).",
      List.of(EVERY_STREAM, STREAMS, FOLDER, NAME, ROTATION, BY, MOST));

  private RecorderSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        new CrossRule(
            List.of(FOLDER, RecordingSettings.FOLDER),
            FOLDER,
            settings -> Optional.ofNullable(settings.get(FOLDER))
                .filter(folder -> settings.get(RecordingSettings.FOLDER).stream().noneMatch(in -> isIn(folder, in)))
                .map(folder -> Shown.quoted(folder.toString())
                    + " lies in no recordings folder, so what is recorded there would not be sent; name one of "
                    + RecordingSettings.FOLDER + " (" + settings.shown(RecordingSettings.FOLDER) + ") or a folder below")));
  }

  static boolean isIn(Path folder, Path recordings) {
    return folder.toAbsolutePath().normalize().startsWith(recordings.toAbsolutePath().normalize());
  }

  /** Who records a stream whose media server could do it. */
  public enum RecordedBy {
    /** The media server, where its API is named and it can do what is asked. */
    SERVER,
    /** Reelway, by ffmpeg. */
    REELWAY
  }
}
