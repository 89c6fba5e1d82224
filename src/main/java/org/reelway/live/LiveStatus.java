package org.reelway.live;

import java.time.Instant;
import java.util.List;

/**
 * How a playlist fares.
 *
 * @param playlist path below the live folder
 * @param address of its object
 * @param bucket of its object
 * @param key of its object; null until it has one
 * @param state new, waiting, live, ended, refused, failing or gone
 * @param published what the store has, such as {@code 17 to 21}; empty for nothing
 * @param publishedAt null for never
 * @param behindSince since when something newer waits to be published; null while nothing does
 * @param awaited chunks that are waited for, the first ones
 * @param retries requests to the store that failed and were made again
 * @param trouble empty while there is none
 * @param events the newest last
 */
public record LiveStatus(
    String playlist,
    String kind,
    String address,
    String bucket,
    String key,
    String state,
    String published,
    Instant publishedAt,
    Instant behindSince,
    List<String> awaited,
    int awaitedCount,
    int gaps,
    long retries,
    String trouble,
    List<LiveEvent> events) {}
