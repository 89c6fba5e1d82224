package org.reelway.stream.workflow;

import java.util.List;

/**
 * Files of an archive's sections are there.
 *
 * @param id the same however often it is told
 * @param indexes keys of the playlists
 * @param files their paths, of those that could be made
 * @param problems why others could not; empty where all are there
 */
public record SplitDone(
    String id, String streamId, String streamName, Session session, String modifier, List<String> indexes, List<String> files,
    List<String> problems) {}
