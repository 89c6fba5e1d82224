package org.reelway.stream.workflow;

import java.util.List;

/**
 * What was made of sections, in their order.
 *
 * @param indexes keys of playlists
 * @param files names of files that will be there; empty where none are wanted
 */
public record Split(List<String> indexes, List<String> files) {}
