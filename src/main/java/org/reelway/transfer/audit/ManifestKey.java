package org.reelway.transfer.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.reelway.failure.Sha256;

/** Where a recording's manifest is: {@code <key>.manifest.json}. */
public final class ManifestKey {
  /** Tells manifests in a listing. */
  public static final String SUFFIX = ".manifest.json";

  private static final int MOST_BYTES = 1024;

  private ManifestKey() {}

  /** A key that leaves no room for the suffix is cut and gets 8 hex digits of its SHA-256; the manifest names it whole. */
  public static String of(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length + SUFFIX.length() <= MOST_BYTES) {
      return key + SUFFIX;
    }
    String end = "-" + HexFormat.of().formatHex(Sha256.begin().digest(bytes), 0, 4) + SUFFIX;
    int length = key.length();
    while (key.substring(0, length).getBytes(StandardCharsets.UTF_8).length > MOST_BYTES - end.length()) {
      length -= Character.charCount(key.codePointBefore(length));
    }
    return key.substring(0, length) + end;
  }
}
