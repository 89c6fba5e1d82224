package org.reelway.callback;

/**
 * Something that a backend is told.
 *
 * @param kind such as {@code recording.finished}
 * @param subject what makes it this one: one of the same kind, receiver and subject is never stored twice
 * @param queue those of one queue reach a receiver one after the other, in the order in which they were added
 * @param about what people know it by: a file, a stream
 * @param body JSON
 */
public record Callback(String kind, String subject, String queue, String about, String body) {}
