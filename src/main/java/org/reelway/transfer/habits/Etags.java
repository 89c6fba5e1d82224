package org.reelway.transfer.habits;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.StoreAnswer;

/** What an ETag tells of the bytes. */
final class Etags {
  private Etags() {}

  static String plain(String etag) {
    return etag.replaceAll("^\"|\"$", "");
  }

  static String md5(byte[] bytes) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(KnownChecksum.MD5.of(bytes)));
  }

  /** Of an object of one put, or of a part. */
  static String form(StoreAnswer answer, byte[] bytes) {
    return form(answer.header("ETag").orElse(""), md5(bytes), "MD5");
  }

  /** Of an object of parts, from their bytes. */
  static String ofParts(String etag, byte[]... parts) {
    List<String> digests = Arrays.stream(parts).map(Etags::md5).toList();
    return form(etag, Checksums.multipartEtag(digests), "MD5 of the parts' MD5s, hyphen, number of parts");
  }

  private static String form(String etag, String expected, String word) {
    String plain = plain(etag);
    if (plain.isEmpty()) {
      return "none";
    }
    String quotes = etag.startsWith("\"") ? "" : ", without quotes";
    if (plain.equals(expected)) {
      return word + quotes;
    }
    return plain.replaceAll("[0-9a-f]", "h").replaceAll("h{8,}", "hex") + ", not the MD5" + quotes;
  }
}
