package org.reelway.stream.workflow;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.reelway.failure.Conflict;
import org.reelway.failure.NotFound;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.state.WorkflowStreamRow;
import org.reelway.state.WorkflowStreamRow.Wanted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All streams: in memory what is on disk, and each change on disk before it is in memory. */
final class KnownStreams {
  private static final Logger LOG = LoggerFactory.getLogger(KnownStreams.class);

  private final StoredWorkflow stored;
  private final Map<String, KnownStream> streams = new ConcurrentHashMap<>();
  private final List<String> unreadable = new CopyOnWriteArrayList<>();

  KnownStreams(StoredWorkflow stored) {
    this.stored = stored;
  }

  /** Those of before the start; a row that cannot be read is left out. */
  void load() {
    Map<String, Map<String, String>> facts = stored.facts();
    stored.streams(
        row -> streams.put(row.id(), new KnownStream(stored, row, facts.getOrDefault(row.id(), Map.of()))),
        (id, why) -> setAside("stream " + id, why));
    stored.lastSessions(
        session -> Optional.ofNullable(streams.get(session.streamId())).ifPresent(stream -> stream.is(session)),
        (id, why) -> setAside("session " + id, why));
  }

  private void setAside(String what, String why) {
    LOG.error("the {} of the live workflow cannot be read from the state, and is left out: {}", what, why);
    unreadable.add(what);
  }

  /** What could not be read. */
  List<String> unreadable() {
    return unreadable;
  }

  int size() {
    return streams.size();
  }

  List<KnownStream> all() {
    return List.copyOf(streams.values());
  }

  void ifThere(String id, Consumer<KnownStream> then) {
    Optional.ofNullable(streams.get(id)).ifPresent(then);
  }

  KnownStream find(String id) {
    return Optional.ofNullable(streams.get(id)).orElseThrow(() -> notThere(id));
  }

  /** Of one that is there. */
  Optional<WantedStream.Wanted> wanted(String id) {
    return Optional.ofNullable(streams.get(id)).map(stream -> WantedStream.Wanted.valueOf(stream.row().wanted().name()));
  }

  /** Null where it is gone. */
  String name(String id) {
    return Optional.ofNullable(streams.get(id)).map(stream -> stream.row().name()).orElse(null);
  }

  private static NotFound notThere(String id) {
    return new NotFound("no stream has the id \"" + id + "\"; GET /streams lists them");
  }

  /** @param former sessions that it had elsewhere */
  KnownStream add(WorkflowStreamRow row, List<WorkflowSessionRow> former) {
    stored.put(row, former);
    KnownStream stream = new KnownStream(stored, row, Map.of());
    streams.put(row.id(), stream);
    return stream;
  }

  /** Of one that may be gone since it was found. */
  static WorkflowStreamRow row(KnownStream stream) {
    if (stream.isGone()) {
      throw notThere(stream.id());
    }
    return stream.row();
  }

  static WorkflowStreamRow rowThatStays(KnownStream stream) {
    WorkflowStreamRow row = row(stream);
    if (row.wanted() == Wanted.DELETED) {
      throw new Conflict("the stream " + row.id() + " is being deleted");
    }
    return row;
  }

  void put(KnownStream stream, WorkflowStreamRow row) {
    stored.put(row);
    stream.is(row);
  }

  void put(KnownStream stream, WorkflowStreamRow row, WorkflowSessionRow session, WorkflowNoticeRow... happened) {
    stored.put(row, session, List.of(happened));
    stream.is(row);
    stream.is(session);
  }

  void remove(KnownStream stream) {
    stored.remove(stream.id());
    stream.gone();
    streams.remove(stream.id());
  }

  /** By their ids. @param after the last id of the page before; empty for the first page */
  List<StreamView> page(String after, int most) {
    List<KnownStream> page = streams.values().stream()
        .filter(stream -> stream.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(KnownStream::id))
        .limit(most)
        .toList();
    Map<String, Map<String, String>> archives = stored.archives(page.stream().map(KnownStream::id).toList());
    return page.stream().map(stream -> view(stream, archives)).toList();
  }

  StreamView view(KnownStream stream) {
    return view(stream, stored.archives(List.of(stream.id())));
  }

  private static StreamView view(KnownStream stream, Map<String, Map<String, String>> archives) {
    return new StreamView(
        stream.row(), stream, archives.getOrDefault(stream.id(), Map.of()), stream.state(),
        stream.trouble().map(Trouble::message));
  }

  long count(StreamState state) {
    return streams.values().stream().filter(stream -> stream.state() == state).count();
  }

  /** By stream, its state and what it waits for. */
  Map<String, String> words() {
    Map<String, String> all = new TreeMap<>();
    streams.values().forEach(stream -> all.put(
        stream.id(),
        stream.row().name() + ": " + stream.state().word() + stream.trouble().map(why -> ", " + why.message()).orElse("")));
    return all;
  }
}
