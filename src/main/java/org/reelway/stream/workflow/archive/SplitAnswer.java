package org.reelway.stream.workflow.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;

/**
 * The answer to {@code POST /streams/{id}/split}.
 *
 * @param indexes keys of the playlists, in the order of the sections; empty where files are made
 * @param split id of the work that makes files, as {@code GET /streams/{id}/splits} has it; null for playlists
 * @param files their names, in the order of the sections; null for playlists
 */
public record SplitAnswer(
    List<String> indexes, @JsonInclude(Include.NON_NULL) String split, @JsonInclude(Include.NON_NULL) List<String> files) {
  static SplitAnswer playlists(List<String> keys) {
    return new SplitAnswer(List.copyOf(keys), null, null);
  }
}
