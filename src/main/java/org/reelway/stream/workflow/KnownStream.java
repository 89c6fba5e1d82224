package org.reelway.stream.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.InputFailure;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.state.WorkflowStreamRow;

/**
 * A stream in memory, as it is on disk; what is set of one that is gone is forgotten. Whoever changes it holds its monitor, and
 * has written it before; reconciling takes the monitor only to look and to note what was reached.
 */
final class KnownStream implements StreamFacts {
  /** A shorter one would be found in words of all kinds. */
  private static final int SHORTEST_KEY = 8;

  /** When it is looked at, by the reconciler. */
  final Turns turns = new Turns();

  private final StoredWorkflow stored;
  private final Map<String, String> facts;
  private volatile WorkflowStreamRow row;
  private volatile WorkflowSessionRow session;
  private volatile Trouble trouble;
  private volatile boolean isGone;

  KnownStream(StoredWorkflow stored, WorkflowStreamRow row, Map<String, String> facts) {
    this.stored = stored;
    this.row = row;
    this.facts = new ConcurrentHashMap<>(facts);
  }

  String id() {
    return row.id();
  }

  WorkflowStreamRow row() {
    return row;
  }

  /** The last one; null where there was none. */
  WorkflowSessionRow session() {
    return session;
  }

  /** As it was written. */
  void is(WorkflowStreamRow now) {
    row = now;
  }

  /** As it was written. */
  void is(WorkflowSessionRow now) {
    session = now;
  }

  void gone() {
    isGone = true;
  }

  boolean isGone() {
    return isGone;
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }

  void is(Trouble now) {
    trouble = now;
  }

  /** @param words that may be anybody's: without the keys of the stream, which whoever has them can publish with */
  String withoutKeys(String words) {
    String safe = words;
    for (String name : List.of(RTMP1, RTMP2)) {
      String address = facts.getOrDefault(name, "");
      String key = address.substring(address.lastIndexOf('/') + 1);
      if (key.length() >= SHORTEST_KEY) {
        safe = safe.replace(key, "*****");
      }
    }
    return safe;
  }

  StreamState state() {
    Trouble why = trouble;
    WorkflowStreamRow now = row;
    if (why != null && why.isFinal()) {
      return StreamState.FAILED;
    }
    return switch (now.wanted()) {
      case DELETED -> StreamState.DELETING;
      case STARTED -> isOpened() ? StreamState.STARTED : StreamState.STARTING;
      case STOPPED ->
          now.isSessionOpen() ? StreamState.STOPPING : now.isMade() ? StreamState.STOPPED : StreamState.CREATING;
    };
  }

  private boolean isOpened() {
    WorkflowSessionRow last = session;
    return last != null && last.openedAt() != null;
  }

  /** What its driver is asked for: a session is closed before its stream is deleted. */
  synchronized WantedStream wanted() {
    WorkflowStreamRow.Wanted wanted = row.wanted();
    if (wanted == WorkflowStreamRow.Wanted.DELETED && row.isSessionOpen()) {
      wanted = WorkflowStreamRow.Wanted.STOPPED;
    }
    if (row.isSessionOpen() && session == null) {
      throw new InputFailure(
          "its session " + row.sessionId() + " is not in the state, or cannot be read; stop the stream, and start it anew");
    }
    Optional<Session> open = row.isSessionOpen() ? Optional.of(session(session)) : Optional.empty();
    return new WantedStream(
        row.id(), row.name(), row.description(), Duration.ofSeconds(row.segmentLength()),
        Duration.ofSeconds(row.startoverWindow()), Duration.ofSeconds(row.keyRotation()),
        WantedStream.Wanted.valueOf(wanted.name()), row.isLive(), open);
  }

  static Session session(WorkflowSessionRow row) {
    return new Session(row.id(), row.archive(), row.startedAt());
  }

  @Override
  public Optional<String> get(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  @Override
  public void set(String name, String value) {
    if (!isGone && !value.equals(facts.get(name))) {
      stored.putFact(id(), name, value);
      facts.put(name, value);
    }
  }

  @Override
  public void remove(String name) {
    if (facts.containsKey(name)) {
      stored.removeFact(id(), name);
      facts.remove(name);
    }
  }

  /** When its last trouble began, for one that goes on. */
  Instant since(Instant now, boolean failure) {
    Trouble last = trouble;
    return last != null && last.isFailure() == failure ? last.since() : now;
  }
}
