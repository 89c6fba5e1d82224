package org.reelway.stream.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.reelway.failure.ListBound;
import org.reelway.state.ServerStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that are on, by server and name, as events and the servers' APIs tell. One that is told to begin while it is
 * on, with the same session or none, has not begun anew; one that is told to end with another session than it has is a
 * run before, whose end came late.
 */
public final class StreamRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRegistry.class);
  private static final int MOST_LIVE = 5000;
  private static final int MOST_ENDED = 1000;
  /** Ended ones are forgotten so many at a time: each time costs a look at all. */
  private static final int ENDED_AT_ONCE = 100;
  private static final int SHARE_OF_HEAP = 32;
  private static final String ADVICE =
      "name the media servers' APIs in reelway.servers.api, so that streams that are over are known for it, or end all of a"
          + " server by {\"event\": \"server-started\", \"server\": …} (docs/events.md)";
  private static final Duration KEEP_ENDED = Duration.ofDays(1);
  /** A sign of life may cross the end on its way. */
  private static final Duration CROSSING = Duration.ofSeconds(5);

  private final Map<StreamId, RegisteredStream> streams = new ConcurrentHashMap<>();
  private final EndedRuns endedRuns = new EndedRuns();
  private final ServerStreams saved;
  private final Clock clock;
  private final ListBound number =
      new ListBound("streams", "streams that are on", MOST_LIVE, () -> this.live, ADVICE);
  private final ListBound size =
      new ListBound("streams", "characters", ListBound.shareOfHeap(SHARE_OF_HEAP), () -> this.length, ADVICE);
  private volatile int live;
  private volatile int ended;
  /** Characters of all. */
  private volatile long length;

  public StreamRegistry(ServerStreams saved, Clock clock) {
    this.saved = saved;
    this.clock = clock;
    saved.load(MOST_LIVE, MOST_ENDED, this::load);
    if (saved.live() > live) {
      LOG.warn("of {} streams that the state has, the {} that were heard of last are known: no more have room; media"
          + " servers' APIs (reelway.servers.api) tell of the others that are on", saved.live(), live);
      saved.forgetLiveBut(live().stream().map(StreamRegistry::row).toList());
    }
    saved.forgetLongDetails();
  }

  private void load(ServerStreams.Row row) {
    RegisteredStream stream = stream(row);
    remember(stream);
    if (size.hasRoom(stream.length())) {
      keep(stream);
    }
  }

  /** What may be full. */
  public List<ListBound> bounds() {
    return List.of(number, size);
  }

  /**
   * Asked before an event is taken.
   *
   * @param waiting events that are not acted on yet, each of which may be of another stream
   * @param waitingLength characters of these
   * @throws ListFull where it is of a stream that has no room
   */
  void requireRoom(ServerEvent event, int waiting, long waitingLength) {
    if (event instanceof ServerEvent.StreamStarted started && !isLive(StreamId.of(started.told(), started.stream()))) {
      number.require(1, waiting);
      long more = started.stream().length();
      if (!size.hasRoom(more + waitingLength)) {
        forgetEnded(0);
      }
      size.require(more, waitingLength);
    }
  }

  private boolean isLive(StreamId id) {
    RegisteredStream known = streams.get(id);
    return known != null && known.isLive();
  }

  /** All that are known, the newest first; ended ones for a day. */
  public List<RegisteredStream> all() {
    return streams.values().stream()
        .sorted(Comparator.comparing((RegisteredStream stream) -> stream.since().at()).reversed())
        .toList();
  }

  /** Those that are on. */
  public List<RegisteredStream> live() {
    return live(any -> true);
  }

  List<RegisteredStream> live(Predicate<RegisteredStream> which) {
    return streams.values().stream().filter(RegisteredStream::isLive).filter(which).toList();
  }

  public Optional<RegisteredStream> find(StreamId id) {
    return Optional.ofNullable(streams.get(id));
  }

  /**
   * Takes what an event says. Events of one stream come one after the other.
   *
   * @param again whether it may have been taken before a crash: then listeners are told once more
   */
  List<StreamChange> apply(ServerEvent event, boolean again) {
    if (event instanceof ServerEvent.StreamStarted started) {
      return started(started.told(), started.stream(), again);
    } else if (event instanceof ServerEvent.StreamEnded ended) {
      return ended(ended.told(), ended.stream(), again);
    } else if (event instanceof ServerEvent.StreamSeen seen) {
      return seen(seen.told(), seen.stream());
    }
    return List.of();
  }

  private List<StreamChange> started(EventOrigin told, StreamFacts facts, boolean again) {
    StreamId id = StreamId.of(told, facts);
    if (endedRuns.has(id, facts, told.at())) {
      return List.of();
    }
    RegisteredStream known = streams.get(id);
    // Where runs have no ids, an end that is older than this is that of the run before, and was overtaken.
    boolean anew = known != null && known.isLive() && known.session().isEmpty() && facts.session().isEmpty();
    if (anew && told.at().isAfter(known.since().at())) {
      put(known.begunAgain(told.time()));
    }
    return isOn(told, facts, again);
  }

  private List<StreamChange> isOn(EventOrigin told, StreamFacts facts, boolean again) {
    RegisteredStream known = streams.get(StreamId.of(told, facts));
    if (known == null || !known.isLive() && !isBefore(told, known.endedAt(), known, facts)) {
      // An API may tell of any number.
      return number.takes(1) && size.takes(facts.length()) ? List.of(begin(told, facts)) : List.of();
    }
    if (!known.isLive()) {
      return List.of();
    }
    if (isSameRun(known, facts)) {
      touch(known, told);
      return again ? List.of(new StreamChange(true, known)) : List.of();
    }
    if (told.at().isBefore(known.since().at())) {
      return List.of();
    }
    return List.of(end(known, told, "another run began"), begin(told, facts));
  }

  /** Of a run that has ended already: an event that came late. */
  private static boolean isBefore(EventOrigin told, Instant ended, RegisteredStream known, StreamFacts facts) {
    return isSameRun(known, facts) && told.at().isBefore(ended);
  }

  private List<StreamChange> ended(EventOrigin told, StreamFacts facts, boolean again) {
    RegisteredStream known = streams.get(StreamId.of(told, facts));
    if (known == null || !isSameRun(known, facts)) {
      // Its beginning may be on its way still.
      endedRuns.add(StreamId.of(told, facts), facts.session(), facts.details(), told.at());
      return List.of();
    }
    boolean early = facts.session().isEmpty() && told.at().isBefore(known.since().at());
    if (!known.isLive()) {
      return again ? List.of(new StreamChange(false, known)) : List.of();
    }
    return !early ? List.of(end(known, told, told.type())) : List.of();
  }

  private List<StreamChange> seen(EventOrigin told, StreamFacts facts) {
    StreamId id = StreamId.of(told, facts);
    RegisteredStream known = streams.get(id);
    boolean crossing =
        known != null && !known.isLive() && isSameRun(known, facts)
            && told.at().isBefore(known.endedAt().plus(CROSSING));
    Instant ended = endedRuns.end(id, facts.session());
    boolean late = endedRuns.has(id, facts, told.at()) && told.at().minus(CROSSING).isBefore(ended);
    return crossing || late ? List.of() : isOn(told, facts, false);
  }

  private static boolean isSameRun(RegisteredStream known, StreamFacts facts) {
    String since = facts.details().get("since");
    // Servers that count their sessions from one begin anew with each start.
    boolean begunLater =
        since != null && ServerTime.text("since", since).at().isAfter(known.since().at().plus(CROSSING));
    boolean sameSession =
        known.session().equals(facts.session()) || known.session().isEmpty() || facts.session().isEmpty();
    return sameSession && !begunLater;
  }

  private StreamChange begin(EventOrigin told, StreamFacts facts) {
    RegisteredStream stream =
        new RegisteredStream(
            StreamId.of(told, facts), facts.session(), facts.publisher(), since(told, facts), told.type(),
            told.received(), null, null, facts.details());
    put(stream);
    return new StreamChange(true, stream);
  }

  /** What the server says of the run itself is truer than when it was told of. */
  private static ServerTime since(EventOrigin told, StreamFacts facts) {
    String since = facts.details().get("since");
    return since == null ? told.time() : ServerTime.text("since", since);
  }

  private StreamChange end(RegisteredStream known, EventOrigin told, String by) {
    Instant at = told.at().isBefore(known.since().at()) ? told.received() : told.at();
    RegisteredStream ended = known.ended(at, by);
    put(ended);
    remember(ended);
    return new StreamChange(false, ended);
  }

  private void remember(RegisteredStream stream) {
    if (!stream.isLive()) {
      endedRuns.add(stream.id(), stream.session(), stream.details(), stream.endedAt());
    }
  }

  private void touch(RegisteredStream known, EventOrigin told) {
    if (told.received().isAfter(known.lastSeen())) {
      // Not written: it comes again and again, and a restart asks anew.
      keep(known.seen(told.received()));
    }
  }

  private void put(RegisteredStream stream) {
    keep(stream);
    saved.save(row(stream));
    if (ended >= MOST_ENDED + ENDED_AT_ONCE) {
      forgetEnded(MOST_ENDED);
    }
  }

  private synchronized void keep(RegisteredStream stream) {
    count(streams.put(stream.id(), stream), -1);
    count(stream, 1);
  }

  private void count(RegisteredStream stream, int sign) {
    if (stream != null) {
      live += stream.isLive() ? sign : 0;
      ended += stream.isLive() ? 0 : sign;
      length += (long) sign * stream.length();
    }
  }

  /** Forgets what ended long ago. */
  public void forgetOld() {
    forgetEnded(MOST_ENDED);
  }

  /** Forgets those that ended long ago, and the oldest that are more than this. */
  private synchronized void forgetEnded(int most) {
    Instant before = clock.instant().minus(KEEP_ENDED);
    List<RegisteredStream> all = new ArrayList<>(streams.values().stream().filter(each -> !each.isLive()).toList());
    all.sort(Comparator.comparing(RegisteredStream::endedAt));
    int surplus = all.size() - most;
    Instant last = before;
    for (int i = 0; i < all.size(); i++) {
      RegisteredStream stream = all.get(i);
      if ((i < surplus || stream.endedAt().isBefore(before)) && streams.remove(stream.id(), stream)) {
        count(stream, -1);
        last = stream.endedAt().isAfter(last) ? stream.endedAt() : last;
      }
    }
    saved.forget(last);
  }

  private static ServerStreams.Row row(RegisteredStream stream) {
    StreamId id = stream.id();
    return new ServerStreams.Row(
        id.source(), id.server(), id.app(), id.name(), id.direction(), stream.session(), stream.publisher(),
        stream.since().at(), stream.since().from(), stream.foundBy(), stream.lastSeen(), stream.endedAt(),
        stream.endedBy(), EventCodec.write(stream.details()));
  }

  private static StreamId id(ServerStreams.Row row) {
    return new StreamId(row.source(), row.server(), row.app(), row.name(), row.direction());
  }

  /** As it was saved, by this sidecar or by another. */
  public static RegisteredStream stream(ServerStreams.Row row) {
    return new RegisteredStream(
        id(row), row.session(), row.publisher(), new ServerTime(row.since(), row.sinceFrom()), row.foundBy(),
        row.lastSeen(), row.endedAt(), row.endedBy(), EventCodec.readTexts(row.details()));
  }
}
