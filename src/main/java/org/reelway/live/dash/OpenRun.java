package org.reelway.live.dash;

/**
 * Segments that are not listed but follow from each other, by duration alone or by {@code r="-1"}.
 *
 * @param number of the first one
 * @param time of the first one, in units of the timescale
 * @param duration of each, in units of the timescale
 * @param count of them; -1 for as many as come
 */
record OpenRun(long number, long time, long duration, long count) {}
