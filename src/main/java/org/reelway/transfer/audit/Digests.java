package org.reelway.transfer.audit;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.Sha256;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;

/** Digests of whole objects by word, as manifests hold them, made of bytes that are written here. */
final class Digests extends OutputStream {
  static final String CRC32C = "crc32c";
  static final String CRC64NVME = "crc64nvme";
  static final String MD5 = "md5";
  static final String SHA256 = "sha256";

  private static final Pattern EVIDENCE = Pattern.compile("(crc32c|crc64nvme|md5):([A-Za-z0-9+/=]+)");

  private final Map<String, Checksums.Running> running = new TreeMap<>();
  private final MessageDigest sha256;
  private long length;

  /** @param wanted words; others are left out */
  Digests(Collection<String> wanted) {
    for (String word : wanted) {
      switch (word) {
        case CRC32C -> running.put(word, new Checksums.Running(ChecksumKind.CRC32C));
        case CRC64NVME -> running.put(word, new Checksums.Running(ChecksumKind.CRC64NVME));
        case MD5 -> running.put(word, new Checksums.Running(ChecksumKind.MD5));
        default -> {
          // SHA-256 is made below; what a newer program adds is not known here.
        }
      }
    }
    sha256 = wanted.contains(SHA256) ? Sha256.begin() : null;
  }

  /** What a verification compared; an ETag of several parts is no digest of the file. */
  static Map<String, String> of(String evidence) {
    Map<String, String> digests = new TreeMap<>();
    Matcher digest = EVIDENCE.matcher(evidence == null ? "" : evidence);
    if (digest.matches()) {
      digests.put(digest.group(1), digest.group(2));
    }
    return digests;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    running.values().forEach(one -> one.update(bytes, offset, count));
    if (sha256 != null) {
      sha256.update(bytes, offset, count);
    }
    length += count;
  }

  long length() {
    return length;
  }

  /** The CRCs in base64, as S3 shows them; MD5 and SHA-256 in hexadecimal, as people compare them. Once. */
  Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    running.forEach(
        (word, one) ->
            values.put(word, word.equals(MD5) ? Checksums.etag(one.checksum()) : one.checksum().base64()));
    if (sha256 != null) {
      values.put(SHA256, HexFormat.of().formatHex(sha256.digest()));
    }
    return values;
  }
}
