package org.reelway.bench;

/**
 * What a run cost.
 *
 * @param cpuSeconds user and system, the whole tree of processes
 * @param wallSeconds passed
 * @param peakMebibytes resident at most
 */
record Cost(double cpuSeconds, double wallSeconds, double peakMebibytes) {}
