package org.reelway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.workflow.*}: streams of the API {@code /streams}. */
public final class WorkflowSettings {
  private static final List<String> ANY = List.of("0.0.0.0", "::");

  public static final Setting<Driver> DRIVER = Setting.of(
      "reelway.workflow.driver", Types.choice(Driver.class), "local",
      "What carries the streams of POST /streams: local is Reelway itself with ffmpeg, aws is MediaLive, MediaPackage and "
          + "CloudFront (docs/workflow.md says what that needs).");
  public static final Setting<Integer> MOST = Setting.of(
      "reelway.workflow.most", Types.number(1, 10_000), "100",
      "Streams that there may be. One more is refused.");
  public static final Setting<String> VIEWER_PREFIX = Setting.of(
      "reelway.workflow.viewer-prefix",
      Types.text("(?!.*(^|/)\\.\\.?(/|$))[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,50}){0,2}",
          "one to three segments of letters, digits, dots, hyphens and underscores, separated by /"),
      "viewer",
      "What stands between reelway.store.prefix and a stream's id in the keys of what viewers get. All below it, and nothing "
          + "else of the bucket, is served at /watch.");
  public static final Setting<URI> VIEWER_URL = Setting.optional(
      "reelway.workflow.viewer-url", AddressTypes.SERVICE,
      "Address under which players find what is below the viewer prefix, such as that of a CDN: https://cdn.example.com/live. "
          + "Where it is not set, Reelway serves it itself at /watch (docs/workflow.md).");

  public static final Setting<String> PUBLIC_PATH = Setting.of(
      "reelway.workflow.public-path",
      Types.text("(?=.*\\{(id|name)\\})(?!.*(^|/)\\.)[A-Za-z0-9._-]{1,100}(/([A-Za-z0-9._-]|\\{id\\}|\\{name\\}){1,100}){1,3}",
          "a folder, and below it {id} or {name}, such as live/{id}: letters, digits, dots, hyphens and underscores"),
      "live/{id}",
      "Where the public playlist of a live stream is, below the viewer prefix: {id} is the stream's, {name} its name as far as "
          + "that is fit for an address; names have to differ then.");

  public static final Setting<Path> FOLDER = Setting.optional(
      "reelway.workflow.folder", Folders.PATH,
      "Folder in which the local driver keeps segments until the store has them, and those of viewers for as long as they may "
          + "go back. The folder workflow in the state folder where it is not set.");
  public static final Setting<List<URI>> INGEST = Setting.optional(
      "reelway.workflow.ingest", AddressTypes.RTMP_LIST,
      "Applications of one or two media servers that publishers send to, such as rtmp://media.example.com/ingest; a stream's "
          + "secret key comes behind it. Where it is not set, Reelway itself takes publishers (reelway.workflow.listen-port).");
  public static final Setting<List<URI>> INGEST_SOURCE = Setting.optional(
      "reelway.workflow.ingest-source", AddressTypes.RTMP_LIST,
      "Where Reelway reads the streams of reelway.workflow.ingest, in the same order, such as rtmp://127.0.0.1/ingest. The "
          + "same addresses where it is not set.");
  public static final Setting<String> LISTEN_HOST = Setting.of(
      "reelway.workflow.listen-host", Types.HOST, "127.0.0.1",
      "Address at which publishers are taken by RTMP, while a stream is started. Beyond this machine, whoever has the key of "
          + "a started stream may publish.");
  public static final Setting<Integer> LISTEN_PORT = Setting.of(
      "reelway.workflow.listen-port", Types.number(1, 65_535), "1936",
      "Port of that. One port is enough for all streams: they are told apart by their keys.");
  public static final Setting<URI> LISTEN_URL = Setting.optional(
      "reelway.workflow.listen-url", AddressTypes.RTMP,
      "What publishers are told of it, such as rtmp://ingest.example.com:1936/live. Where it is not set, it is made of host "
          + "and port.");
  public static final Setting<Duration> SEGMENT = Setting.of(
      "reelway.workflow.segment", Types.duration("1s", "30s"), "2s",
      "Length of viewers' segments; they are as long as that or up to the next key picture.");
  public static final Setting<Boolean> ENCRYPT = Setting.of(
      "reelway.workflow.encrypt", Types.BOOLEAN, "false",
      "Whether viewers' segments are encrypted (AES-128). The key changes after a stream's key_rotation_interval.");
  public static final Setting<Path> SPLIT_FOLDER = Setting.optional(
      "reelway.workflow.split-folder", Folders.PATH,
      "Recordings folder, or a folder in one, for the files of sections that POST /streams/{id}/split makes with format mp4; they "
          + "are sent from there as recordings. The first of reelway.recordings.folder where it is not set.");
  public static final Setting<Integer> SPLITS_AT_ONCE = Setting.of(
      "reelway.workflow.splits-at-once", Types.number(1, 8), "1",
      "Files of sections that are made at the same time. Each fetches its segments into the split folder and cuts them with one "
          + "ffmpeg at the lowest priority.");

  static final Setting.Group GROUP = new Setting.Group(
      "Live workflow", "Streams that are created, started, split and stopped by the API /streams (docs/workflow.md).",
      List.of(
          DRIVER, MOST, VIEWER_PREFIX, VIEWER_URL, PUBLIC_PATH, FOLDER, INGEST, INGEST_SOURCE, LISTEN_HOST, LISTEN_PORT, LISTEN_URL,
          SEGMENT, ENCRYPT, SPLIT_FOLDER, SPLITS_AT_ONCE));

  private WorkflowSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        new CrossRule(
            List.of(INGEST, INGEST_SOURCE), INGEST_SOURCE,
            settings -> CrossRule.problemIf(
                settings.isSet(INGEST_SOURCE) && !settings.isSet(INGEST),
                "is set, but does nothing without " + INGEST + "; set that too, or remove it")),
        new CrossRule(
            List.of(LISTEN_HOST, LISTEN_URL), LISTEN_HOST,
            settings -> CrossRule.problemIf(
                ANY.contains(settings.get(LISTEN_HOST)) && !settings.isSet(LISTEN_URL),
                "is every address of this machine, and tells publishers none; set " + LISTEN_URL + " too")),
        new CrossRule(
            List.of(INGEST, INGEST_SOURCE), INGEST_SOURCE,
            settings -> CrossRule.problemIf(
                settings.isSet(INGEST) && settings.isSet(INGEST_SOURCE)
                    && settings.get(INGEST).size() != settings.get(INGEST_SOURCE).size(),
                "has not as many addresses as " + INGEST + "; name one for each, in the same order")),
        isApart(RecordingSettings.FOLDER), isApart(LiveSettings.FOLDER));
  }

  /** What is taken for a recording or a live stream too would be sent twice. */
  private static CrossRule isApart(Setting<List<Path>> other) {
    return new CrossRule(
        List.of(FOLDER, other), FOLDER,
        settings -> settings.isSet(FOLDER) && settings.get(other) != null
            ? settings.get(other).stream().flatMap(folder -> overlap(settings.get(FOLDER), folder, other)).findFirst()
            : Optional.empty());
  }

  private static Stream<String> overlap(Path own, Path folder, Setting<?> other) {
    try {
      Folders.requireApart(own, folder);
      return Stream.empty();
    } catch (InputFailure e) {
      return Stream.of(e.getMessage() + " (live workflow and " + other + ")");
    }
  }

  /** What carries streams. */
  public enum Driver {
    /** Reelway itself, by ffmpeg. */
    LOCAL,
    /** MediaLive, MediaPackage and CloudFront. */
    AWS
  }
}
