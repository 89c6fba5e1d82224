package org.reelway.transfer.store;

import java.time.Instant;

/**
 * An object as a listing of its bucket has it.
 *
 * @param size bytes
 * @param etag without quotes
 * @param storageClass null where the store names none
 */
public record ListedObject(String key, long size, String etag, Instant lastModified, String storageClass) {}
