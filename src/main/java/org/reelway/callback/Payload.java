package org.reelway.callback;

import java.util.Map;

/**
 * What a backend is to be told, before it is text.
 *
 * @param subject what makes it this one: one of the same kind, receiver and subject is never stored twice
 * @param queue those of one queue reach a receiver one after the other, in the order in which they were added
 * @param about what people know it by: a file, a stream
 * @param body members of the JSON
 */
public record Payload(String subject, String queue, String about, Map<String, Object> body) {}
