package org.reelway.stream.workflow.archive;

import java.time.Duration;

/**
 * A session whose archive is split.
 *
 * @param stream its id
 * @param session its id
 * @param segmentLength that was wanted of the archive: where to look first
 * @param isOpen whether it goes on
 */
public record SplitSource(String stream, String session, ArchiveRoot root, Duration segmentLength, boolean isOpen) {}
