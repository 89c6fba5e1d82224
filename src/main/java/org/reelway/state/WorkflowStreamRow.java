package org.reelway.state;

import java.time.Instant;

/**
 * A stream of the live workflow.
 *
 * @param segmentLength seconds, as the other lengths
 * @param isMade whether its driver has made it once
 * @param sessionId of its last session; null where there was none
 * @param isSessionOpen whether that one is open, or to be closed
 * @param startedAt when its last session was started; null where there was none
 * @param stoppedAt when a session was stopped last; null where none was
 */
public record WorkflowStreamRow(
    String id, String name, String description, long segmentLength, long startoverWindow, long keyRotation, Wanted wanted,
    boolean isLive, boolean isMade, String sessionId, boolean isSessionOpen, Instant createdAt, Instant updatedAt,
    Instant startedAt, Instant stoppedAt) {

  /** What is to become of it. */
  public enum Wanted {
    STOPPED,
    STARTED,
    DELETED
  }

  public WorkflowStreamRow described(String name, String description, long segmentLength, Instant now) {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, wanted, isLive, isMade, sessionId, isSessionOpen,
        createdAt, now, startedAt, stoppedAt);
  }

  public WorkflowStreamRow started(String session, long startoverWindow, long keyRotation, Instant now) {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, Wanted.STARTED, isLive, isMade, session, true,
        createdAt, now, now, stoppedAt);
  }

  public WorkflowStreamRow stopped(Instant now) {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, Wanted.STOPPED, isLive, isMade, sessionId,
        isSessionOpen, createdAt, now, startedAt, now);
  }

  public WorkflowStreamRow deleted(Instant now) {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, Wanted.DELETED, false, isMade, sessionId,
        isSessionOpen, createdAt, now, startedAt, stoppedAt);
  }

  public WorkflowStreamRow live(boolean live, Instant now) {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, wanted, live, isMade, sessionId, isSessionOpen,
        createdAt, now, startedAt, stoppedAt);
  }

  public WorkflowStreamRow made() {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, wanted, isLive, true, sessionId, isSessionOpen,
        createdAt, updatedAt, startedAt, stoppedAt);
  }

  public WorkflowStreamRow closed() {
    return new WorkflowStreamRow(
        id, name, description, segmentLength, startoverWindow, keyRotation, wanted, isLive, isMade, sessionId, false, createdAt,
        updatedAt, startedAt, stoppedAt);
  }
}
