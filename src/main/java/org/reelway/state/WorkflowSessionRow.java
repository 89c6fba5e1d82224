package org.reelway.state;

import java.time.Instant;

/**
 * A session of a stream of the live workflow.
 *
 * @param archive as {@code s3://bucket/prefix/}
 * @param openedAt when its driver had it running; null before
 * @param stoppedAt when its stop was asked for; null before
 * @param closedAt when its archive was whole; null before
 */
public record WorkflowSessionRow(
    String id, String streamId, String archive, Instant startedAt, Instant openedAt, Instant stoppedAt, Instant closedAt) {

  public static WorkflowSessionRow started(String id, String streamId, String archive, Instant now) {
    return new WorkflowSessionRow(id, streamId, archive, now, null, null, null);
  }

  public WorkflowSessionRow opened(Instant now) {
    return new WorkflowSessionRow(id, streamId, archive, startedAt, now, stoppedAt, closedAt);
  }

  public WorkflowSessionRow stopped(Instant now) {
    return new WorkflowSessionRow(id, streamId, archive, startedAt, openedAt, now, closedAt);
  }

  public WorkflowSessionRow closed(Instant now) {
    return new WorkflowSessionRow(id, streamId, archive, startedAt, openedAt, stoppedAt, now);
  }
}
