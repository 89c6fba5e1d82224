package org.reelway.transfer;

import org.reelway.transfer.store.ChecksumKind;

/**
 * What a bucket's store was found to do. A condition is one that is refused where it is false, and taken where it is true.
 *
 * @param checksum of a put: the cheapest that the store refuses wrong values of, or the operator's choice
 * @param putChecked whether the store was seen to refuse a put whose checksum of that kind was wrong
 * @param md5Etags whether the ETag of a put was seen to be the MD5 of what is stored; asked where nothing is checked
 * @param upload the checksum of an upload in parts
 * @param md5PartEtags whether that of an upload in parts was seen to be the MD5 of its parts' MD5s; likewise
 * @param putIfAbsent a put with {@code If-None-Match: *}
 * @param completeIfAbsent the same for completing a multipart upload
 * @param putIfMatch a put with {@code If-Match}
 * @param completeIfMatch the same for completing a multipart upload
 * @param listParts whether the parts of an upload may be listed: what was begun before a crash can be gone on with
 */
public record StoreCapabilities(
    ChecksumKind checksum,
    boolean putChecked,
    boolean md5Etags,
    UploadChecksums upload,
    boolean md5PartEtags,
    boolean putIfAbsent,
    boolean completeIfAbsent,
    boolean putIfMatch,
    boolean completeIfMatch,
    boolean listParts) {

  /**
   * Of a store that lists parts, and refuses wrong checksums.
   *
   * @param checksum of puts and uploads
   * @param ifMatch of puts and completions
   */
  public StoreCapabilities(ChecksumKind checksum, boolean putIfAbsent, boolean completeIfAbsent, boolean ifMatch) {
    this(
        checksum, checksum != ChecksumKind.NONE, false, UploadChecksums.of(checksum), false, putIfAbsent, completeIfAbsent, ifMatch,
        ifMatch, true);
  }
}
