package org.reelway.stream.workflow;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.archive.ArchiveRoot;

/** Where archives of new sessions go: {@code s3://bucket/YYYY/MM/DD/<stream>-<unix seconds>/}, or where a call says. */
public final class ArchiveRoots {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
  /** Bytes, which leaves room for names of segments within a key's 1024. */
  private static final int LONGEST_PREFIX = 900;
  /** Bytes: archives pass through folders of file systems, which take no longer names. */
  private static final int LONGEST_FOLDER = 255;
  /** All of a year, a month or a day. */
  private static final Pattern DAYS = Pattern.compile("[0-9]{4}/([0-9]{2}/){0,2}");
  private static final Pattern SECONDS = Pattern.compile(".*-(\\d{9,11})/");

  private final String bucket;
  private final String keyPrefix;
  private final String viewers;

  /**
   * @param keyPrefix of the store; empty, or with a slash at its end
   * @param viewers what all that viewers get has before its name, with a slash at its end: no archive goes there
   */
  public ArchiveRoots(String bucket, String keyPrefix, String viewers) {
    this.bucket = bucket;
    this.keyPrefix = keyPrefix;
    this.viewers = viewers;
  }

  /**
   * @param meets finds another session's archive at this place, in it or around it
   * @throws Conflict another session's archive is around it
   */
  ArchiveRoot of(String stream, Instant now, Function<String, Optional<String>> meets) {
    long second = now.getEpochSecond();
    while (true) {
      ArchiveRoot root = new ArchiveRoot(bucket, keyPrefix + DAY.format(now) + "/" + stream + "-" + second + "/");
      Optional<String> met = meets.apply(root.toString());
      if (met.isEmpty()) {
        return root;
      }
      if (met.get().length() < root.toString().length()) {
        throw new Conflict("the archive of another session is at " + met.get()
            + ", around where archives without a path go; start the stream with a \"path\"");
      }
      // Started, stopped and started within a second.
      second++;
    }
  }

  /** When a session began, as the root of its archive says; the given time where it does not. */
  static Instant began(ArchiveRoot root, Instant otherwise) {
    Matcher seconds = SECONDS.matcher(root.prefix());
    return seconds.matches() ? Instant.ofEpochSecond(Long.parseLong(seconds.group(1))) : otherwise;
  }

  /**
   * @param member of the call that names it
   * @param path {@code s3://bucket/prefix/} of the configured bucket; a slash at the end is added
   * @throws BadRequest it is no such place
   * @throws Conflict another session's archive is there
   */
  ArchiveRoot of(String member, String path, Function<String, Optional<String>> meets) {
    String named = "\"" + member + "\"";
    ArchiveRoot root = parsed(named, path);
    if (!root.bucket().equals(bucket)) {
      throw new BadRequest(named + " is in the bucket \"" + root.bucket() + "\"; archives go to reelway.store.bucket, which is \""
          + bucket + "\"");
    }
    if (root.prefix().startsWith(viewers) || viewers.startsWith(root.prefix())) {
      throw new BadRequest(named + " is \"" + shown(path) + "\", and what viewers get is in s3://" + bucket + "/" + viewers
          + " (reelway.workflow.viewer-prefix); name another place, in none and around none");
    }
    if (root.prefix().startsWith(keyPrefix) && DAYS.matcher(root.prefix().substring(keyPrefix.length())).matches()) {
      throw new BadRequest(named + " is \"" + shown(path) + "\", and archives without a path go there; name another place");
    }
    String trouble = trouble(root.prefix());
    if (!trouble.isEmpty()) {
      throw new BadRequest(named + " is \"" + shown(path) + "\", which " + trouble
          + "; allowed is s3://" + bucket + "/prefix/ with plain folders between slashes");
    }
    meets.apply(root.toString()).ifPresent(other -> {
      throw new Conflict(named + " is \"" + root + "\", and the archive of another session is at " + other
          + "; name a place that is no other's, in none and around none");
    });
    return root;
  }

  private static ArchiveRoot parsed(String named, String path) {
    try {
      return ArchiveRoot.of(path.endsWith("/") ? path : path + "/");
    } catch (InputFailure e) {
      throw new BadRequest(named + " is \"" + shown(path) + "\"; allowed is s3://bucket/prefix/");
    }
  }

  private static String trouble(String prefix) {
    String folders = prefix.substring(0, prefix.length() - 1);
    if (Arrays.stream(folders.split("/", -1)).anyMatch(folder -> folder.isEmpty() || folder.equals(".") || folder.equals(".."))) {
      return "has an empty folder, or one of dots";
    }
    if (prefix.codePoints().anyMatch(ArchiveRoots::isUnsafe)) {
      return "has a control character, a backslash or half a character";
    }
    if (Arrays.stream(folders.split("/")).anyMatch(folder -> folder.getBytes(StandardCharsets.UTF_8).length > LONGEST_FOLDER)) {
      return "has a folder whose name is longer than " + LONGEST_FOLDER + " bytes";
    }
    int bytes = prefix.getBytes(StandardCharsets.UTF_8).length;
    return bytes > LONGEST_PREFIX ? "has " + bytes + " bytes, and at most " + LONGEST_PREFIX + " may come after the bucket" : "";
  }

  private static boolean isUnsafe(int c) {
    return Character.isISOControl(c) || c == '\\' || Character.getType(c) == Character.SURROGATE || c == 0xFFFE || c == 0xFFFF;
  }

  private static String shown(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "…" : path;
  }
}
