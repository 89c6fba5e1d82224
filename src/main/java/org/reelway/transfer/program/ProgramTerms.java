package org.reelway.transfer.program;

import java.time.Duration;
import org.reelway.settings.ProgramSettings.OnFailure;
import org.reelway.transfer.Backoff;

/**
 * How programs are run.
 *
 * @param timeLimit of one run
 * @param grace from TERM to KILL
 * @param tries runs that end with "try again" before that is a failure
 * @param waits between them
 */
public record ProgramTerms(
    Duration timeLimit, Duration grace, OnFailure onFailure, int tries, Backoff waits, int atOnce) {}
