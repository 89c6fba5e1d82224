package org.reelway.transfer;

import org.reelway.transfer.store.ChecksumKind;

/**
 * What a bucket's store was found to do. A condition is one that is refused where it is false, and taken where it is true.
 *
 * @param checksum of a put: the cheapest that the store refuses wrong values of
 * @param upload the same for an upload in parts
 * @param putIfAbsent a put with {@code If-None-Match: *}
 * @param completeIfAbsent the same for completing a multipart upload
 * @param putIfMatch a put with {@code If-Match}
 * @param completeIfMatch the same for completing a multipart upload
 * @param listParts whether the parts of an upload may be listed: what was begun before a crash can be gone on with
 */
public record StoreCapabilities(
    ChecksumKind checksum,
    UploadChecksums upload,
    boolean putIfAbsent,
    boolean completeIfAbsent,
    boolean putIfMatch,
    boolean completeIfMatch,
    boolean listParts) {

  /**
   * Of a store that lists parts.
   *
   * @param checksum of puts and uploads
   * @param ifMatch of puts and completions
   */
  public StoreCapabilities(ChecksumKind checksum, boolean putIfAbsent, boolean completeIfAbsent, boolean ifMatch) {
    this(checksum, UploadChecksums.of(checksum), putIfAbsent, completeIfAbsent, ifMatch, ifMatch, true);
  }
}
