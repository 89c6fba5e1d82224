package org.reelway.stream.supervise;

import java.time.Instant;

/**
 * How a task fares.
 *
 * @param target where the stream goes; without secrets
 * @param by who does it: {@code ffmpeg}, or the media server's kind
 * @param state {@code starting}, {@code running}, {@code incomplete}, {@code waiting}, {@code stopping} or {@code stopped}
 * @param runs how often its process was started
 * @param frames video frames sent in all its runs
 * @param bytes sent in all its runs
 * @param since when it came to be in this state
 * @param nextTry when it is started again; null where that is not due
 * @param behindSince since when nothing reaches the target, or no pictures do; null where all does
 * @param trouble why the last run ended; empty for no trouble
 */
public record TaskStatus(
    String id,
    String stream,
    String target,
    String by,
    String state,
    int runs,
    long frames,
    long bytes,
    Instant since,
    Instant nextTry,
    Instant behindSince,
    String trouble) {}
