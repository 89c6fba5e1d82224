package org.reelway.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * The one place where success is said: an object in the store is compared with the file, and only here does a {@link
 * VerifiedObject} come into being.
 */
final class Verification {
  private static final Pattern MD5_ETAG = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern MD5_PARTS_ETAG = Pattern.compile("[0-9a-f]{32}-[0-9]{1,5}");

  private final Store store;

  Verification(Store store) {
    this.store = store;
  }

  private enum Verdict {
    SAME,
    DIFFERENT,
    UNKNOWN
  }

  private record Comparison(Verdict verdict, String evidence) {}

  /**
   * The object that a put of ours was answered for. Where the store was seen to refuse a put with a wrong checksum, and its
   * answer shows this one's, that is the proof, and there is no second look at it; where it was told how to encrypt, there is.
   *
   * @param does what the store was found to do, and what the put was sent with
   * @throws DestinationFailure when the object is missing or not equal to the file
   * @throws EncryptionIgnored when it is not encrypted as the store was told
   */
  VerifiedObject afterPut(
      String bucket, String key, StoredObject answered, SourceFile source, StoreCapabilities does) {
    ChecksumKind kind = does.checksum();
    Checksum sent = source.whole(kind);
    if (!isProof(answered, sent, does)) {
      return afterUpload(bucket, key, answered, source, TransferPlan.single(source.size()), kind, does.md5Etags());
    }
    return verified(bucket, key, answered, source, word(kind) + ":" + shown(answered, kind).orElseThrow());
  }

  /**
   * Whether the answer shows that the store has what was sent. One that only says 200, with whatever ETag, may be that of a proxy
   * or of a login page, and nothing was stored.
   */
  boolean isProof(StoredObject answered, Checksum sent, StoreCapabilities does) {
    return does.putChecked()
        && answered.etag() != null
        && !answered.etag().isEmpty()
        && store.encryption() == Encryption.NONE
        && shown(answered, sent.kind())
            .filter((sent.kind() == ChecksumKind.MD5 ? Checksums.etag(sent) : sent.base64())::equals)
            .isPresent();
  }

  private static Optional<String> shown(StoredObject answered, ChecksumKind kind) {
    return kind == ChecksumKind.MD5 ? Optional.of(answered.etag()) : answered.checksum(kind);
  }

  /**
   * The object that a complete of ours was answered for, or a put of a store that checks nothing.
   *
   * @param answered the store's answer
   * @param kind what the store checked every request's body against
   * @param md5Etags whether the ETags of such objects were seen to be MD5s
   * @throws DestinationFailure when the object is missing or not equal to the file
   * @throws OtherEtag when nothing was checked, and the ETag is not the MD5 that it should be
   * @throws EncryptionIgnored when it is not encrypted as the store was told
   */
  VerifiedObject afterUpload(
      String bucket, String key, StoredObject answered, SourceFile source, TransferPlan plan, ChecksumKind kind,
      boolean md5Etags) {
    StoredObject found =
        store
            .head(bucket, key)
            .orElseThrow(() -> mismatch(bucket, key, "the store took it, and now says that nothing is there"));
    requireEncryption(bucket, key, found);
    Comparison comparison = compare(found, source, plan, kind);
    if (comparison.verdict() == Verdict.DIFFERENT) {
      throw mismatch(bucket, key, comparison.evidence());
    }
    if (comparison.verdict() == Verdict.SAME) {
      return verified(bucket, key, found, source, comparison.evidence());
    }
    // The store shows no digest of the object that could be compared (encryption with a KMS key makes ETags opaque).
    // What it did check is every request; what is left to show is that the object is the one from those requests.
    if (!found.etag().equals(answered.etag())) {
      throw mismatch(
          bucket, key, "its ETag is " + found.etag() + ", the upload's was " + answered.etag());
    }
    if (kind == ChecksumKind.NONE && md5Etags && !found.encryption().hidesMd5()) {
      throw new OtherEtag(
          store.address(bucket, key) + " is not what was sent, or its store changed: its ETag " + found.etag()
              + " is not the file's MD5, and the probe found that ETags are; the file is untouched and is sent again once the store"
              + " was probed again");
    }
    String evidence = kind == ChecksumKind.NONE ? "size" : word(kind) + " of every request";
    return verified(bucket, key, found, source, evidence);
  }

  /**
   * An object that was found at the key: from an upload whose answer was lost, from before a crash, or anybody's.
   *
   * @return empty unless it is shown to hold the file's bytes, encrypted as the store is told now; reads the whole file
   *     where it must
   */
  Optional<VerifiedObject> ofExisting(
      String bucket, String key, StoredObject found, SourceFile source, TransferPlan plan) {
    if (!store.encryption().isKeptBy(found.encryption())) {
      return Optional.empty();
    }
    Comparison comparison = compare(found, source, plan, ChecksumKind.MD5);
    return comparison.verdict() == Verdict.SAME
        ? Optional.of(verified(bucket, key, found, source, comparison.evidence()))
        : Optional.empty();
  }

  /**
   * An object that was found when the file's name was gone: another sidecar can have sent and tidied it.
   *
   * @return empty unless it is shown to hold the bytes of the file, which is still open
   */
  Optional<VerifiedObject> ofTidied(
      String bucket, String key, StoredObject found, SourceFile source, TransferPlan plan) {
    Comparison comparison = compare(found, source, plan, ChecksumKind.MD5);
    return comparison.verdict() == Verdict.SAME
        ? Optional.of(object(bucket, key, found, source, comparison.evidence()))
        : Optional.empty();
  }

  /**
   * An object that was verified before a restart, when its marker says so.
   *
   * @return empty when the store does not hold that very object any more
   */
  Optional<VerifiedObject> again(org.reelway.recording.MarkerContent.VerifiedState before) {
    return store
        .head(before.bucket(), before.key())
        .filter(found -> found.size() == before.file().size() && found.etag().equals(before.etag()))
        .map(
            found ->
                new VerifiedObject(
                    store.name(),
                    before.bucket(),
                    before.key(),
                    store.address(before.bucket(), before.key()),
                    before.file(),
                    found.etag(),
                    found.versionId(),
                    before.evidence()));
  }

  /** @param kind decides whether an MD5 is worth computing: only where it is known or nothing else can be had */
  private static Comparison compare(StoredObject found, SourceFile source, TransferPlan plan, ChecksumKind kind) {
    if (found.size() != source.size()) {
      return new Comparison(
          Verdict.DIFFERENT, "it has " + found.size() + " bytes, the file " + source.size());
    }
    // The kind that was sent comes first: its value is known, another one would be read from the file.
    for (ChecksumKind known : List.of(kind, ChecksumKind.CRC64NVME, ChecksumKind.CRC32C)) {
      Optional<String> reported = found.checksum(known);
      if (reported.isPresent()) {
        return compare(known, reported.get(), source.whole(known).base64());
      }
    }
    boolean nothingElse = kind == ChecksumKind.MD5 || kind == ChecksumKind.NONE;
    return nothingElse && !found.encryption().hidesMd5() ? compareMd5(found.etag(), source, plan) : unknown();
  }

  private static Comparison compare(ChecksumKind kind, String found, String expected) {
    return found.equals(expected)
        ? new Comparison(Verdict.SAME, word(kind) + ":" + found)
        : new Comparison(Verdict.DIFFERENT, "its " + word(kind) + " is " + found + ", the file's " + expected);
  }

  /** An ETag that is not the MD5 proves nothing: not every store shows that it encrypts with a key of its own. */
  private static Comparison compareMd5(String etag, SourceFile source, TransferPlan plan) {
    String expected = null;
    if (MD5_ETAG.matcher(etag).matches()) {
      expected = Checksums.etag(source.whole(ChecksumKind.MD5));
    } else if (MD5_PARTS_ETAG.matcher(etag).matches() && plan.isMultipart() && etag.endsWith("-" + plan.parts())) {
      expected = etagOfParts(source, plan);
    }
    return etag.equals(expected) ? new Comparison(Verdict.SAME, "md5:" + etag) : unknown();
  }

  private static String etagOfParts(SourceFile source, TransferPlan plan) {
    List<String> parts = new ArrayList<>();
    for (int number = 1; number <= plan.parts(); number++) {
      parts.add(Checksums.etag(source.part(ChecksumKind.MD5, plan, number)));
    }
    return Checksums.multipartEtag(parts);
  }

  private static Comparison unknown() {
    return new Comparison(Verdict.UNKNOWN, "the store shows no digest of it");
  }

  private VerifiedObject verified(
      String bucket, String key, StoredObject found, SourceFile source, String evidence) {
    source.requireUnchanged();
    return object(bucket, key, found, source, evidence);
  }

  private VerifiedObject object(
      String bucket, String key, StoredObject found, SourceFile source, String evidence) {
    return new VerifiedObject(
        store.name(), bucket, key, store.address(bucket, key), source.identity(), found.etag(), found.versionId(), evidence);
  }

  private void requireEncryption(String bucket, String key, StoredObject found) {
    if (!store.encryption().isKeptBy(found.encryption())) {
      throw new EncryptionIgnored(
          store.address(bucket, key) + " is in the store, but not encrypted as " + store.setting("encryption")
              + " says: asked for " + store.encryption().inWords() + ", the store shows " + found.encryption()
              + "; the file is untouched. Correct the setting or the store, and delete the object if it must not be"
              + " readable there");
    }
  }

  private DestinationFailure mismatch(String bucket, String key, String found) {
    return new DestinationFailure(
        store.address(bucket, key) + " is not what was sent: " + found
            + "; the file is untouched and is sent again. If this repeats, run `reelway check`");
  }

  private static String word(ChecksumKind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
