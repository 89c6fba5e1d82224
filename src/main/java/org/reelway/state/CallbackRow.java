package org.reelway.state;

import java.time.Instant;

/**
 * A callback as it is stored.
 *
 * @param id the same on every try
 * @param kind such as {@code recording.finished}
 * @param receiver its name in the settings
 * @param queue those of one receiver and one queue are delivered one after the other
 * @param about what people know it by: a file, a stream
 * @param body JSON, the same on every try
 * @param state waiting, delivered or dead
 * @param dueAt when it is tried next; null while another of its queue is before it, and when it does not wait
 * @param tries that were made
 * @param status of the last answer; 0 where there was none
 * @param problem why the last try failed; null where it did not
 * @param doneAt when it was delivered or given up; null while it waits
 */
public record CallbackRow(
    String id,
    String kind,
    String receiver,
    String queue,
    String about,
    String body,
    Instant createdAt,
    Instant waitsSince,
    String state,
    Instant dueAt,
    int tries,
    Instant triedAt,
    int status,
    String problem,
    Instant doneAt) {
  public static final String WAITING = "waiting";
  public static final String DELIVERED = "delivered";
  public static final String DEAD = "dead";
}
