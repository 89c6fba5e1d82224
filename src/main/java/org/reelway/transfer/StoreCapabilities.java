package org.reelway.transfer;

import org.reelway.transfer.store.ChecksumKind;

/**
 * What a bucket's store was found to do.
 *
 * @param checksum the cheapest that the store refuses wrong values of
 * @param putIfAbsent whether a put with {@code If-None-Match: *} over an object is refused
 * @param completeIfAbsent the same for completing a multipart upload
 * @param ifMatch whether a put with {@code If-Match} of another ETag is refused
 */
public record StoreCapabilities(
    ChecksumKind checksum, boolean putIfAbsent, boolean completeIfAbsent, boolean ifMatch) {}
