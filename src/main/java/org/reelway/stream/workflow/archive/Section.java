package org.reelway.stream.workflow.archive;

/**
 * A part of an archive.
 *
 * @param start seconds from the archive's beginning, included
 * @param end seconds from the archive's beginning, not included
 */
public record Section(double start, double end) {}
