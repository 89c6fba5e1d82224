package org.reelway.stream.workflow;

import java.util.Map;
import java.util.Optional;
import org.reelway.state.WorkflowStreamRow;

/**
 * A stream at a moment, for whoever asks.
 *
 * @param facts see {@link StreamFacts}
 * @param archives by session, where its archive is, the newest last
 * @param trouble what it waits for, or fails with; empty where it is fine
 */
public record StreamView(
    WorkflowStreamRow row, StreamFacts facts, Map<String, String> archives, StreamState state, Optional<String> trouble) {}
