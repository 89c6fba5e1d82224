package org.reelway.transfer.habits;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;

/**
 * Every checksum that S3 knows, also those that transfers never use.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">the kinds</a>
 */
enum KnownChecksum {
  CRC32,
  CRC32C,
  CRC64NVME,
  MD5,
  SHA1,
  SHA256;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String header() {
    return this == MD5 ? "Content-MD5" : "x-amz-checksum-" + word();
  }

  /** In the documents of answers and completions. */
  String element() {
    return "Checksum" + name();
  }

  /** Base64, as headers carry it. */
  String of(byte[] bytes) {
    return switch (this) {
      case CRC32C -> Checksums.of(ChecksumKind.CRC32C, new Body.Bytes(bytes)).base64();
      case CRC64NVME -> Checksums.of(ChecksumKind.CRC64NVME, new Body.Bytes(bytes)).base64();
      case MD5 -> Checksums.of(ChecksumKind.MD5, new Body.Bytes(bytes)).base64();
      case CRC32 -> crc32(bytes);
      case SHA1 -> digest("SHA-1", bytes);
      case SHA256 -> digest("SHA-256", bytes);
    };
  }

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new OurFailure("this Java has no " + algorithm, e);
    }
  }
}
