package org.reelway.camel.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Header;
import org.reelway.failure.InputFailure;
import org.reelway.state.Fleet;
import org.reelway.state.FleetStreams;
import org.reelway.stream.server.EventInbox;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.ServerQuestions;
import org.reelway.stream.server.StreamRegistry;

/** {@code GET /streams/registry}: the streams of media servers; and what schedules do about them. */
public final class StreamsApi {
  /** Of one answer, which takes memory several times its size. */
  private static final int MOST_AT_ONCE = 1000;

  private final StreamRegistry registry;
  private final EventInbox inbox;
  private final ServerQuestions questions;
  private final FleetStreams elsewhere;
  private final Fleet fleet;

  public StreamsApi(StreamRegistry registry, EventInbox inbox, ServerQuestions questions, FleetStreams elsewhere, Fleet fleet) {
    this.registry = registry;
    this.inbox = inbox;
    this.questions = questions;
    this.elsewhere = elsewhere;
    this.fleet = fleet;
  }

  /**
   * Streams next to this sidecar, and behind them those next to others that share the state.
   *
   * @param count of all
   * @param servers next to this sidecar
   * @param eventsWaiting events that this sidecar took and has not acted on yet
   */
  public record StreamList(long count, List<Stream> streams, List<Server> servers, long eventsWaiting) {}

  /** @param node next to which it is; @param state live or ended */
  public record Stream(
      String node, String source, String server, String app, String name, String direction, String state, String session,
      String publisher, Instant since, String sinceFrom, String foundBy, Instant lastSeen, Instant endedAt,
      String endedBy, Map<String, String> details) {
    static Stream of(String node, RegisteredStream it) {
      return new Stream(
          node, it.id().source(), it.id().server(), it.id().app(), it.id().name(), it.id().direction(),
          it.isLive() ? "live" : "ended", it.session(), it.publisher(), it.since().at(), it.since().from(),
          it.foundBy(), it.lastSeen(), it.endedAt(), it.endedBy(), it.details());
    }
  }

  /** A media server that has an API. @param trouble why it did not answer last; empty for none */
  public record Server(String source, String server, String api, Instant answered, String trouble) {
    static Server of(ServerQuestions.Answering it) {
      return new Server(
          it.api().kind().word(), it.api().name(), it.api().uri().toString(), it.answered(), it.trouble());
    }
  }

  /**
   * Those that are asked for.
   *
   * @param node next to that one only; else all
   * @param state live or ended, else both
   * @param after so many, the next
   */
  public StreamList registry(@Header("node") String node, @Header("state") String state, @Header("after") String after) {
    String only = state == null ? "" : state;
    if (!List.of("", "live", "ended").contains(only)) {
      throw new InputFailure("state is none that is known; allowed: live, ended");
    }
    if (!after.matches("\\d{1,6}")) {
      throw new InputFailure("after is \"" + after + "\"; it is how many streams are left out, from 0 on");
    }
    String wanted = QueryWords.words(node);
    List<Stream> here = wanted != null && !wanted.equals(fleet.own()) ? List.of()
        : registry.all().stream()
            .filter(stream -> only.isEmpty() || stream.isLive() == only.equals("live"))
            .map(stream -> Stream.of(fleet.own(), stream))
            .toList();
    FleetStreams.Query others = new FleetStreams.Query(wanted, only.isEmpty() ? null : only.equals("live"));
    List<Stream> page = new ArrayList<>(here.stream().skip(Long.parseLong(after)).limit(MOST_AT_ONCE).toList());
    if (page.size() < MOST_AT_ONCE) {
      elsewhere.list(others, Math.max(0, Long.parseLong(after) - here.size()), MOST_AT_ONCE - page.size())
          .forEach(each -> page.add(Stream.of(each.node(), StreamRegistry.stream(each.stream()))));
    }
    return new StreamList(
        here.size() + elsewhere.count(others), page, questions.all().stream().map(Server::of).toList(), inbox.waiting());
  }

  /**
   * Whether no other node that runs had a stream of this application and name on before this one. Of two that began at the same time
   * it is the one whose id comes first.
   */
  public boolean isFirstHere(@Header("StreamApp") String app, @Header("StreamName") String name) {
    Optional<Instant> here = registry.live().stream()
        .filter(stream -> stream.id().app().equals(app) && stream.id().name().equals(name))
        .map(stream -> stream.since().at().truncatedTo(ChronoUnit.MILLIS)).min(Comparator.naturalOrder());
    List<FleetStreams.Since> before = elsewhere.liveNamed(app, name).stream()
        .filter(there -> here.isEmpty() || there.isBefore(new FleetStreams.Since(fleet.own(), here.get()))).toList();
    return here.isPresent() && (before.isEmpty() || fleet.all().stream()
        .noneMatch(node -> node.state() == Fleet.State.RUNNING && before.stream().anyMatch(there -> there.node().equals(node.id()))));
  }

  /** Asks the servers' APIs which streams are on. */
  public void ask() {
    questions.ask();
  }

  /** Forgets events and streams of long ago. */
  public void forgetOld() {
    inbox.forgetOld();
  }
}
