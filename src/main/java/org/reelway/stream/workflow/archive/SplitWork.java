package org.reelway.stream.workflow.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * How the file of a section stands.
 *
 * @param state waiting, working, made or failed
 * @param percent of the work, while it goes on; null else
 * @param how it was made: copy, edges or whole; null while it is not
 * @param trouble of the last try; null for none
 */
public record SplitWork(
    String split, @JsonProperty("session_id") String session, int section, double start, double end, boolean exact, String file,
    String state, Integer percent, String how, int tries, String trouble, @JsonProperty("created_at") Instant createdAt,
    @JsonProperty("done_at") Instant doneAt) {}
