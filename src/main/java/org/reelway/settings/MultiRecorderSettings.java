package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.multirecorder.*}: conferences, whose streams become one file of many tracks. */
public final class MultiRecorderSettings {
  public static final Setting<Path> FOLDER = Setting.optional(
      "reelway.multirecorder.folder", Folders.PATH,
      "Where multi-recordings are put: a recordings folder (reelway.recordings.folder) or a folder below one, so that they "
          + "are sent. The first recordings folder where it is not set. What is being recorded lies in a hidden folder there.");
  public static final Setting<RecordingNameTemplate> NAME = Setting.of(
      "reelway.multirecorder.name", RecordingNameTemplate.TYPE,
      "{streamName}-{startTime}-{startTimeMillis}-{endTime}-{endTimeMillis}",
      "Name of a multi-recording, before .mp4. {streamName} is its uri; {startTime} and {endTime} are -1, for many streams "
          + "have no one clock.");
  public static final Setting<String> SOURCE = Setting.optional(
      "reelway.multirecorder.source", AddressTypes.stream("{stream}"),
      "Where a stream is read that no event told of; {stream} is its mediaSessionId. Streams that the media server told of "
          + "are read by reelway.routing.source.");
  public static final Setting<Boolean> TRANSCODE = Setting.of(
      "reelway.multirecorder.transcode", Types.BOOLEAN, "false",
      "Whether streams with codecs other than H.264 and AAC are encoded anew, which costs about a core each. With false they "
          + "are not recorded, and that is said.");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.multirecorder.most", Types.number(1, 1000), "100",
      "Streams of all multi-recordings that are recorded at the same time, each by an ffmpeg of its own.");

  static final Setting.Group GROUP = new Setting.Group(
      "Multi-recorder", "Conferences, whose streams become one file of many tracks (docs/multirecorder.md).",
      List.of(FOLDER, NAME, SOURCE, TRANSCODE, MOST));

  private MultiRecorderSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(RecordingSettings.isInOne(FOLDER));
  }
}
