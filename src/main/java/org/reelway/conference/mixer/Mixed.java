package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A mix that is whole.
 *
 * @param file the mix
 * @param duration of its timeline
 * @param at when it was made
 * @param identity text of its {@code FileIdentity}, by which it is known when it has been sent and deleted
 */
public record Mixed(Path file, Duration duration, Instant at, String identity) {}
