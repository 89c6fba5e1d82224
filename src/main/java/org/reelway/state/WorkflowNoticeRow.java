package org.reelway.state;

import java.time.Instant;

/**
 * Something that has happened to a stream of the live workflow, and that no route has acknowledged yet.
 *
 * @param id the same however often it is noted
 * @param content JSON
 */
public record WorkflowNoticeRow(String id, String kind, String streamId, String content, Instant at) {}
