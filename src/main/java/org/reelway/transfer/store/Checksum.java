package org.reelway.transfer.store;

/**
 * A checksum of a body.
 *
 * @param kind the algorithm, never {@link ChecksumKind#NONE}
 * @param base64 the digest's bytes in big-endian order, base64, as S3's headers carry it
 */
public record Checksum(ChecksumKind kind, String base64) {}
