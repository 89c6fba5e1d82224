package org.reelway.stream.supervise;

import java.time.Duration;
import org.reelway.transfer.Backoff;

/**
 * What supervised processes may do.
 *
 * @param most runs at the same time
 * @param stallAfter without a frame or a byte more, a run is ended and begun anew
 * @param grace from {@code q} to TERM, and from TERM to KILL
 * @param backoff between runs
 * @param healthyAfter a run of this length makes the next trouble the first again
 */
public record Limits(int most, Duration stallAfter, Duration grace, Backoff backoff, Duration healthyAfter) {}
