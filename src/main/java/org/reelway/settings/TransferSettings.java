package org.reelway.settings;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.transfer.*}: how a recording travels. */
public final class TransferSettings {
  public static final Setting<String> KEY = Setting.optional(
      "reelway.transfer.key", KeyTemplate.TYPE,
      "Template of the object's key below the prefix; where it is not set, the path relative to the recordings folder. "
          + "{date:PATTERN} is the file's modification time in UTC (Java's DateTimeFormatter), {stem} the name without "
          + "{ext}.");
  public static final Setting<OnExisting> ON_EXISTING = Setting.of(
      "reelway.transfer.on-existing", Types.choice(OnExisting.class), "overwrite",
      "What happens when the key already holds a different object: overwrite replaces it, version gives the recording "
          + "a key of its own beside it (name_0, name_1, ...; with its id where the store has no conditional writes).");
  public static final Setting<Boolean> STRIP_RECORDER_VERSION = Setting.of(
      "reelway.transfer.strip-recorder-version", Types.BOOLEAN, "false",
      "Whether version first drops the number that a recorder put at the end of the name, so that cam_3.mp4 is a version "
          + "of cam.mp4; without version it does nothing.");
  public static final Setting<Long> PART_SIZE = Setting.of(
      "reelway.transfer.part-size", Types.size("5MiB", "5GiB"), "16MiB",
      "Size of one part of a multipart upload; a file that would need more than 10,000 parts gets larger ones. After a "
          + "crash at most the parts in flight are sent again.");
  public static final Setting<Long> MULTIPART_THRESHOLD = Setting.of(
      "reelway.transfer.multipart-threshold", Types.size("0", "5GiB"), "16MiB",
      "Files up to this size are sent with a single request, larger ones in parts. A single request "
          + "cannot be resumed.");
  public static final Setting<Integer> PARTS_AT_ONCE = Setting.of(
      "reelway.transfer.parts-at-once", Types.number(1, 64), "4",
      "Parts of one recording that are sent at the same time. Times reelway.recordings.files-at-once, this is the "
          + "number of connections to the store.");
  public static final Setting<Integer> ATTEMPTS = Setting.of(
      "reelway.transfer.attempts", Types.number(1, 20), "5",
      "Tries of one request in a row before its recording steps back and waits. It is tried again for as long as it "
          + "takes; a recording is never given up because the store is away.");
  public static final Setting<Duration> RETRY_FIRST = Setting.of(
      "reelway.transfer.retry-first", Types.duration("1ms", "1h"), "1s",
      "Wait before the second try; it doubles with every further try, with jitter, up to reelway.transfer.retry-max.");
  public static final Setting<Duration> RETRY_MAX = Setting.of(
      "reelway.transfer.retry-max", Types.duration("1ms", "1d"), "5m",
      "Longest wait between two tries, and so about how long it takes until a store that came back is noticed.");
  public static final Setting<ManifestChoice> MANIFEST = Setting.of(
      "reelway.transfer.manifest", Types.choice(ManifestChoice.class), "off",
      "Whether each recording gets a second object, <key>.manifest.json: its checksums, times and tracks, which `reelway "
          + "verify` audits the bucket against. full reads the file twice more, for a SHA-256 and for gaps between its "
          + "packets.");
  public static final Setting<String> MANIFEST_SECRET = Setting.optional(
      "reelway.transfer.manifest-secret", Types.PASSWORD,
      "Signs manifests (HMAC-SHA-256), so that nobody who can only write to the bucket can make one that is believed. "
          + "`reelway verify` needs the same secret.");

  public static final Setting<BandwidthPlan> BANDWIDTH = Setting.of(
      "reelway.transfer.bandwidth", BandwidthPlan.TYPE, "0",
      "Most bytes a second that go out, over all connections and stores. A timetable has entries [DAYS] HH:MM-HH:MM "
          + "RATE, such as Mon-Fri 08:00-18:00 20MiB/s; one without hours is for all other times. Changed live by "
          + "reelway bandwidth, PUT /bandwidth or JMX.");
  public static final Setting<ZoneId> BANDWIDTH_ZONE = Setting.optional(
      "reelway.transfer.bandwidth-zone", Types.ZONE,
      "Time zone of the timetable's hours; where it is not set, the machine's.");

  static final Setting.Group GROUP = new Setting.Group(
      "Transfer", "How a recording travels to the store.",
      List.of(KEY, ON_EXISTING, STRIP_RECORDER_VERSION, PART_SIZE, MULTIPART_THRESHOLD, PARTS_AT_ONCE, ATTEMPTS,
          RETRY_FIRST, RETRY_MAX, MANIFEST, MANIFEST_SECRET, BANDWIDTH, BANDWIDTH_ZONE));

  private TransferSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(CrossRule.isNotLonger(RETRY_FIRST, RETRY_MAX));
  }

  /** What happens when the key of a recording already holds another object. */
  public enum OnExisting {
    /** The recording replaces it. */
    OVERWRITE,
    /** The recording gets a key of its own. */
    VERSION
  }

  /** Whether a recording gets a manifest beside its object. */
  public enum ManifestChoice {
    OFF,
    /** Without reading the recording again. */
    ON,
    /** Reads the recording twice more: for its SHA-256 and for gaps between its packets. */
    FULL
  }
}
