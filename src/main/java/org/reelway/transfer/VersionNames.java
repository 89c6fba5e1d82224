package org.reelway.transfer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that a recording can have under {@code on-existing=version}.
 *
 * <p>{@code name.ext, name_0.ext, name_1.ext, …} are the Wowza module's: free for whoever comes first, which only a store
 * with conditional writes can decide. {@code name_ID.ext}, with the recording's id, is its own: no other recording ever
 * writes there, so nothing has to be decided.
 */
final class VersionNames {
  /** {@code s3UploadStripRecorderVersioning}: all of the key must match, and the extension be one word. */
  private static final Pattern RECORDER_VERSION = Pattern.compile("(.*[^/])_[0-9]+(\\.\\w+)", Pattern.DOTALL);

  private final String stem;
  private final String extension;
  private final String id;

  private VersionNames(String stem, String extension, String id) {
    this.stem = stem;
    this.extension = extension;
    this.id = id;
  }

  /**
   * @param id of the recording
   * @param strip whether a number that a recorder put before the extension is dropped: {@code cam_3.mp4} is {@code
   *     cam.mp4} again
   */
  static VersionNames of(String key, String id, boolean strip) {
    Matcher recorders = RECORDER_VERSION.matcher(key);
    if (strip && recorders.matches()) {
      return new VersionNames(recorders.group(1), recorders.group(2), id);
    }
    int nameStart = key.lastIndexOf('/') + 1;
    int dot = key.lastIndexOf('.');
    int end = dot > nameStart ? dot : key.length();
    return new VersionNames(key.substring(0, end), key.substring(end), id);
  }

  String plain() {
    return stem + extension;
  }

  String numbered(int number) {
    return stem + "_" + number + extension;
  }

  String own() {
    return stem + "_" + id + extension;
  }

  /** Whether a marker's key is one that this recording can have had. */
  boolean has(String key) {
    return key.equals(plain())
        || key.equals(own())
        || Pattern.matches(Pattern.quote(stem) + "_[0-9]{1,5}" + Pattern.quote(extension), key);
  }
}
