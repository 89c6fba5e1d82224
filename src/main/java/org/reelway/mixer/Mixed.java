package org.reelway.mixer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A mix that is whole. @param file the mix @param duration of its timeline @param at when it was made */
public record Mixed(Path file, Duration duration, Instant at) {}
