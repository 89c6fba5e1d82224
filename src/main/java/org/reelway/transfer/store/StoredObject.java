package org.reelway.transfer.store;

import java.util.Map;
import java.util.Optional;

/**
 * An object as the store describes it.
 *
 * @param size bytes; -1 where the answer does not say (put and complete)
 * @param etag as the store gave it, without quotes
 * @param versionId null where the bucket keeps no versions
 * @param checksums those the store reported, full-object ones only
 * @param metadata names without {@code x-amz-meta-}, lower case, decoded
 * @param encryption as it is shown
 * @param storageClass null where none is shown, as AWS does for {@code STANDARD}
 * @param tags how many there are; 0 also where it is not shown
 */
public record StoredObject(
    long size,
    String etag,
    String versionId,
    Map<ChecksumKind, String> checksums,
    Map<String, String> metadata,
    ShownEncryption encryption,
    String storageClass,
    int tags) {

  /** Of which nothing more is shown. */
  public StoredObject(
      long size, String etag, String versionId, Map<ChecksumKind, String> checksums, Map<String, String> metadata) {
    this(size, etag, versionId, checksums, metadata, ShownEncryption.NONE, null, 0);
  }

  public Optional<String> checksum(ChecksumKind kind) {
    return Optional.ofNullable(checksums.get(kind));
  }
}
