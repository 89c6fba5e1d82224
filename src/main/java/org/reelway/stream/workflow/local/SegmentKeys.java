package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.reelway.failure.OurFailure;

/**
 * Encrypts whole segments by AES-128 (RFC 8216, 4.3.2.4), with another key after each while. Keys lie beside the segments that
 * they are for. Used by one thread at a time.
 */
final class SegmentKeys {
  private static final int BYTES = 16;

  private final Path folder;
  private final String names;
  private final Duration rotation;
  private final SecureRandom random = new SecureRandom();
  private byte[] key;
  private String name;
  private Instant since = Instant.MIN;

  /** @param names how keys' names begin */
  SegmentKeys(Path folder, String names, Duration rotation) {
    this.folder = folder;
    this.names = names;
    this.rotation = rotation;
  }

  /**
   * Writes the segment encrypted.
   *
   * @param at when the segment begins
   * @return the line of the playlist that says how
   */
  String encrypt(Path from, Path to, long number, Instant at) throws IOException {
    if (key == null || !at.isBefore(since.plus(rotation))) {
      renew(number, at);
    }
    byte[] iv = ByteBuffer.allocate(BYTES).putLong(0).putLong(number).array();
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      Files.write(to, cipher.doFinal(Files.readAllBytes(from)));
    } catch (GeneralSecurityException e) {
      throw new OurFailure("segments cannot be encrypted here: " + e, e);
    }
    return "#EXT-X-KEY:METHOD=AES-128,URI=\"" + name + "\",IV=0x" + HexFormat.of().formatHex(iv);
  }

  private void renew(long number, Instant at) throws IOException {
    key = new byte[BYTES];
    random.nextBytes(key);
    name = names + number + ".key";
    since = at;
    // Such a file can be read by its owner alone.
    Path beside = Files.createTempFile(folder, ".", ".new");
    Files.write(beside, key);
    // One that is there was made right before a kill, and nothing names it.
    Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The name of the key that the line of a playlist tells of; empty for none. */
  static String name(String line) {
    int from = line.indexOf("URI=\"");
    return from < 0 ? "" : line.substring(from + 5, line.indexOf('"', from + 5));
  }
}
