package org.reelway.stream.workflow;

import java.time.Instant;

/**
 * One run of a stream, from its start to its stop.
 *
 * @param archive where its archive is: {@code s3://bucket/prefix/}, with the slash at the end
 */
public record Session(String id, String archive, Instant startedAt) {}
