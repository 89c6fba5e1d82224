package org.reelway.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a watched folder now.
 *
 * @param modeSince by the machine's clock
 * @param subfolders the folder itself counted
 * @param watched sub-folders that the system tells of, the folder itself counted
 * @param marked recordings with a marker at the last look
 * @param unmarked media files that are neither marked nor finished: they settle, or are held back
 * @param heldBack files that do not change any more, but whose container is not whole
 * @param looks so far
 * @param lastLook null before the first
 * @param lastLookTook zero before the first
 * @param lastFullLook null before the first
 * @param lastFullLookTook zero before the first
 * @param overflows times that the system had more to tell than it could keep
 */
public record FolderStatus(
    Path folder,
    WatchMode mode,
    Instant modeSince,
    int subfolders,
    int watched,
    int marked,
    int unmarked,
    List<SettledFiles.HeldBack> heldBack,
    long looks,
    Instant lastLook,
    Duration lastLookTook,
    Instant lastFullLook,
    Duration lastFullLookTook,
    long overflows) {}
