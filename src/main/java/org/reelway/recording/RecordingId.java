package org.reelway.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a recording for the API, metrics and callbacks: the same after any restart, also when all state is lost, and on
 * every host that has the folder at the same path.
 */
public final class RecordingId {
  private RecordingId() {}

  /** The id of a recording whose file is not there: of its path alone. */
  public static String ofMissing(Path file) {
    return of(file, new FileIdentity("-", 0, 0));
  }

  /** @return 20 hexadecimal digits that depend on the path and on the file at it */
  public static String of(Path file, FileIdentity identity) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(file.toString().getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(identity.withoutDevice().text().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256.digest(), 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
