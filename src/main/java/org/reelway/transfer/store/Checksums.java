package org.reelway.transfer.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.store.Body.FileSlice;

/** Checksums in the form that S3's headers carry. */
public final class Checksums {
  private static final int CHUNK = 64 * 1024;

  private Checksums() {}

  /** A piece of an object and its checksum. */
  public record Piece(Checksum checksum, long length) {}

  /**
   * Reads the body once, in chunks; a file's position is neither used nor moved.
   *
   * @return null for {@link ChecksumKind#NONE}
   */
  public static Checksum of(ChecksumKind kind, Body body) {
    if (kind == ChecksumKind.NONE) {
      return null;
    }
    Digest digest = Digest.of(kind);
    if (body instanceof Body.Bytes small) {
      digest.update(ByteBuffer.wrap(small.bytes()));
    } else if (body instanceof FileSlice slice) {
      update(digest, slice);
    } else {
      throw new IllegalArgumentException("a checksum of a body that can be read once");
    }
    return new Checksum(kind, Base64.getEncoder().encodeToString(digest.value()));
  }

  /** A checksum of bytes that come one after the other; used by one thread. */
  public static final class Running {
    private final ChecksumKind kind;
    private final Digest digest;

    /** @param kind not {@link ChecksumKind#NONE} */
    public Running(ChecksumKind kind) {
      this.kind = kind;
      this.digest = Digest.of(kind);
    }

    public void update(byte[] bytes, int offset, int length) {
      digest.update(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Of all bytes; once. */
    public Checksum checksum() {
      return new Checksum(kind, Base64.getEncoder().encodeToString(digest.value()));
    }
  }

  private static void update(Digest digest, FileSlice slice) {
    // In the heap: one outside of it, for each part, would stay until a collection that such calls hardly cause.
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, slice.length())));
    long done = 0;
    while (done < slice.length()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), slice.length() - done));
      done += read(slice, chunk, done);
      digest.update(chunk.flip());
    }
  }

  private static int read(FileSlice slice, ByteBuffer to, long done) {
    try {
      int count = slice.channel().read(to, slice.offset() + done);
      if (count > 0) {
        return count;
      }
    } catch (IOException e) {
      throw new OurFailure("the file cannot be read at byte " + (slice.offset() + done) + ": " + e.getMessage(), e);
    }
    throw new InputFailure(
        "the file ends at byte " + (slice.offset() + done) + ", bytes up to "
            + (slice.offset() + slice.length()) + " were expected; nothing may write to a finished recording");
  }

  /**
   * The whole object's checksum from those of its pieces, in order. Only for {@link ChecksumKind#CRC64NVME} and
   * {@link ChecksumKind#CRC32C}.
   */
  public static Checksum combine(ChecksumKind kind, List<Piece> pieces) {
    CrcCombiner combiner = CrcCombiner.of(kind);
    long whole = 0;
    for (Piece piece : pieces) {
      if (piece.checksum().kind() != kind) {
        throw new IllegalArgumentException("a " + piece.checksum().kind() + " among checksums of kind " + kind);
      }
      long crc = 0;
      for (byte b : Base64.getDecoder().decode(piece.checksum().base64())) {
        crc = crc << 8 | b & 0xff;
      }
      whole = combiner.combine(whole, crc, piece.length());
    }
    return new Checksum(kind, Base64.getEncoder().encodeToString(Digest.bigEndian(whole, kind)));
  }

  /**
   * The ETag that S3 gives a multipart object without KMS encryption: the MD5 of the parts' MD5s, a hyphen, and their
   * number.
   *
   * @param partEtags hex, without quotes, in order
   */
  public static String multipartEtag(List<String> partEtags) {
    MessageDigest md5 = md5();
    for (String etag : partEtags) {
      md5.update(HexFormat.of().parseHex(etag));
    }
    return HexFormat.of().formatHex(md5.digest()) + "-" + partEtags.size();
  }

  /** The ETag that S3 gives an object of one put without KMS encryption, from its MD5. */
  public static String etag(Checksum md5) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(md5.base64()));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new OurFailure("this Java has no MD5", e);
    }
  }

  /** One way to feed CRCs and digests. */
  private interface Digest {
    /** Takes all that remains. */
    void update(ByteBuffer bytes);

    byte[] value();

    static Digest of(ChecksumKind kind) {
      return switch (kind) {
        case CRC64NVME -> ofCrc(new Crc64Nvme(), kind);
        case CRC32C -> ofCrc(new CRC32C(), kind);
        case MD5 -> ofMd5(md5());
        case NONE -> throw new IllegalArgumentException("a checksum of no kind");
      };
    }

    private static Digest ofCrc(java.util.zip.Checksum crc, ChecksumKind kind) {
      return new Digest() {
        @Override
        public void update(ByteBuffer bytes) {
          crc.update(bytes);
        }

        @Override
        public byte[] value() {
          return bigEndian(crc.getValue(), kind);
        }
      };
    }

    private static Digest ofMd5(MessageDigest md5) {
      return new Digest() {
        @Override
        public void update(ByteBuffer bytes) {
          md5.update(bytes);
        }

        @Override
        public byte[] value() {
          return md5.digest();
        }
      };
    }

    static byte[] bigEndian(long crc, ChecksumKind kind) {
      return kind == ChecksumKind.CRC64NVME
          ? ByteBuffer.allocate(8).putLong(crc).array()
          : ByteBuffer.allocate(4).putInt((int) crc).array();
    }
  }
}
