package org.reelway.mixer;

import java.nio.file.Path;
import java.time.Duration;

/** A mix that is whole. @param file the mix @param duration of its timeline */
public record Mixed(Path file, Duration duration) {}
