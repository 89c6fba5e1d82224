package org.reelway.transfer.store;

import java.time.Instant;

/** A multipart upload that was created and neither completed nor aborted, anybody's. */
public record UnfinishedUpload(String key, String uploadId, Instant initiated) {}
