package org.reelway.live;

import java.time.Duration;
import org.reelway.settings.LiveKey;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.transfer.Backoff;

/**
 * Where live chunks go, and how.
 *
 * @param prefix of all keys; may be empty
 * @param key what comes behind the prefix
 * @param chunkCache Cache-Control of chunks that never change
 * @param playlistCache Cache-Control of playlists, and of what grows
 * @param gapAfter how long a chunk may be missing before it is declared a gap
 * @param settle how long nobody may write to a chunk whose end shows that it is cut off, before it counts
 * @param removeAfter how long a chunk stays that no playlist names any more
 * @param chunksAtOnce that are sent at the same time, of all streams
 */
public record LiveTarget(
    String bucket,
    String prefix,
    LiveKey key,
    String chunkCache,
    String playlistCache,
    LiveKeep keep,
    Duration gapAfter,
    Duration settle,
    Duration removeAfter,
    int chunksAtOnce,
    Backoff backoff) {}
