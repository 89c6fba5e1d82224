package org.reelway.stream.server;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The runs of streams that ended last, by the servers' ids of them: their beginning may be told late, or once more. Safe for
 * several threads.
 */
final class EndedRuns {
  private static final int MOST = 1000;
  /** Whose ids no other run ever has. The others count, and begin anew with each start. */
  private static final Set<String> UNIQUE = Set.of("srs", "mediamtx", "wcs");

  private final Map<Run, End> runs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Run, End> eldest) {
          return size() > MOST;
        }
      };

  private record Run(StreamId stream, String session) {}

  /** @param since when the run began, as the server says; null where it does not */
  private record End(String since, Instant at) {}

  /** Nothing is remembered of a run without an id. */
  synchronized void add(StreamId stream, String session, Map<String, String> details, Instant at) {
    if (!session.isEmpty()) {
      runs.put(new Run(stream, session), new End(details.get("since"), at));
    }
  }

  /**
   * Whether a beginning is that of a run which ended.
   *
   * @param at when the server tells that it was
   */
  synchronized boolean has(StreamId stream, StreamFacts facts, Instant at) {
    End end = runs.get(new Run(stream, facts.session()));
    if (end == null) {
      return false;
    }
    String since = facts.details().get("since");
    boolean told = since != null && end.since != null;
    return told ? since.equals(end.since) : UNIQUE.contains(stream.source()) || !at.isAfter(end.at);
  }

  /** When a run of this id ended last; {@link Instant#MIN} where none is remembered. */
  synchronized Instant end(StreamId stream, String session) {
    End end = runs.get(new Run(stream, session));
    return end == null ? Instant.MIN : end.at;
  }
}
