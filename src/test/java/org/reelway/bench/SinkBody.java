package org.reelway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The body of a request, read and thrown away.
 *
 * <p>A declared CRC32C is compared. An ETag is what the client's Content-MD5 says, so that the sink does not slow its
 * clients down; it is computed only for those who compare it without saying it first (s3cmd). For all others it is made
 * up.
 *
 * @param refused whether the declared CRC32C is not that of the bytes
 * @param kept the bytes, where they are not thrown away; else null
 */
record SinkBody(long size, String etag, boolean refused, byte[] kept) {
  private static final String MADE_UP = "00000000000000000000000000000000";

  /** Of a playlist: kept, and its ETag is its MD5. */
  static SinkBody keep(SinkRequest request, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes((int) request.length());
    if (bytes.length < request.length()) {
      throw new EOFException("in the middle of a body");
    }
    String declared = request.headers().get("x-amz-checksum-crc32c");
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    boolean refused = declared != null && !base64(crc).equals(declared);
    return new SinkBody(bytes.length, HexFormat.of().formatHex(md5().digest(bytes)), refused, bytes);
  }

  static SinkBody discard(SinkRequest request, InputStream in, byte[] buffer) throws IOException {
    // A completion's is that of the object.
    String declared = request.method().equals("PUT") ? request.headers().get("x-amz-checksum-crc32c") : null;
    String saidMd5 = request.headers().get("content-md5");
    boolean signedBody = request.headers().getOrDefault("x-amz-content-sha256", "").length() == 64;
    MessageDigest md5 = declared == null && saidMd5 == null && signedBody ? md5() : null;
    CRC32C crc = declared == null ? null : new CRC32C();
    long length = request.length();
    for (long left = length; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException("in the middle of a body");
      }
      if (crc != null) {
        crc.update(buffer, 0, count);
      }
      if (md5 != null) {
        md5.update(buffer, 0, count);
      }
      left -= count;
    }
    boolean refused = crc != null && !base64(crc).equals(declared);
    return new SinkBody(length, etag(md5, saidMd5), refused, null);
  }

  private static String etag(MessageDigest computed, String said) {
    if (computed != null) {
      return HexFormat.of().formatHex(computed.digest());
    }
    return said == null ? MADE_UP : HexFormat.of().formatHex(Base64.getDecoder().decode(said));
  }

  private static String base64(CRC32C crc) {
    return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
