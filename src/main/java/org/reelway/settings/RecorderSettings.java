package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.recorder.*}: streams that are recorded, by their media server or by Reelway. */
public final class RecorderSettings {
  public static final Setting<Boolean> EVERY_STREAM = Setting.of(
      "reelway.recorder.every-stream", Types.BOOLEAN, "false",
      "Whether every stream that reelway.recorder.streams names is recorded while it is on. With false, recordings begin "
          + "by request only (POST /rest-api/stream/startRecording).");
  public static final Setting<StreamFilter> STREAMS = Setting.of(
      "reelway.recorder.streams", StreamFilter.TYPE, "",
      "Which streams are recorded, by their names; nothing for all.");
  public static final Setting<Path> FOLDER = Setting.optional(
      "reelway.recorder.folder", Folders.PATH,
      "Where files are recorded to: a recordings folder (reelway.recordings.folder) or a folder below one, so that they "
          + "are sent. The first recordings folder where it is not set.");
  public static final Setting<RecordingNameTemplate> NAME = Setting.of(
      "reelway.recorder.name", RecordingNameTemplate.TYPE, "{streamName}-{startTimeMillis}",
      "Name of a recorded file, before .mp4.");
  public static final Setting<RotationLimit> ROTATION = Setting.of(
      "reelway.recorder.rotation", RotationLimit.TYPE, "0",
      "When a recording goes on in another file, at the next picture that needs none before it: seconds or megabytes.");
  public static final Setting<RecordedBy> BY = Setting.of(
      "reelway.recorder.by", Types.choice(RecordedBy.class), "server",
      "Who records: with server, the stream's media server where reelway.servers.api names an API of it that records (ems, "
          + "wcs, nginx-rtmp-control) and it can do what is asked, and Reelway by ffmpeg everything else; with reelway, "
          + "Reelway everything.");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.recorder.most", Types.number(1, 1000), "100",
      "Streams that are recorded at the same time, each by an ffmpeg of its own or by its media server.");

  static final Setting.Group GROUP = new Setting.Group(
      "Recorder", "Streams that are recorded, by their media server or by Reelway (docs/recorder.md).",
      List.of(EVERY_STREAM, STREAMS, FOLDER, NAME, ROTATION, BY, MOST));

  private RecorderSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(RecordingSettings.isInOne(FOLDER));
  }

  /** Who records a stream whose media server could do it. */
  public enum RecordedBy {
    /** The media server, where its API is named and it can do what is asked. */
    SERVER,
    /** Reelway, by ffmpeg. */
    REELWAY
  }
}
