package org.reelway.transfer.store;

import java.util.Map;

/**
 * A part that the store holds.
 *
 * @param number from 1
 * @param size bytes
 * @param etag without quotes
 * @param checksums of this part, base64, where the store reports them
 */
public record StoredPart(int number, long size, String etag, Map<ChecksumKind, String> checksums) {}
