package org.reelway.camel.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Header;
import org.reelway.failure.InputFailure;
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

  public StreamsApi(StreamRegistry registry, EventInbox inbox, ServerQuestions questions) {
    this.registry = registry;
    this.inbox = inbox;
    this.questions = questions;
  }

  /** @param count of all; @param eventsWaiting events that were taken and are not acted on yet */
  public record StreamList(int count, List<Stream> streams, List<Server> servers, long eventsWaiting) {}

  /** @param state live or ended */
  public record Stream(
      String source, String server, String app, String name, String direction, String state, String session,
      String publisher, Instant since, String sinceFrom, String foundBy, Instant lastSeen, Instant endedAt,
      String endedBy, Map<String, String> details) {
    static Stream of(RegisteredStream it) {
      return new Stream(
          it.id().source(), it.id().server(), it.id().app(), it.id().name(), it.id().direction(),
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

  /** @param state live or ended, else both; @param after so many, the next */
  public StreamList registry(@Header("state") String state, @Header("after") String after) {
    String only = state == null ? "" : state;
    if (!List.of("", "live", "ended").contains(only)) {
      throw new InputFailure("state is none that is known; allowed: live, ended");
    }
    if (!after.matches("\\d{1,6}")) {
      throw new InputFailure("after is \"" + after + "\"; it is how many streams are left out, from 0 on");
    }
    List<RegisteredStream> all =
        registry.all().stream()
            .filter(stream -> only.isEmpty() || stream.isLive() == only.equals("live"))
            .toList();
    return new StreamList(
        all.size(),
        all.stream().skip(Long.parseLong(after)).limit(MOST_AT_ONCE).map(Stream::of).toList(),
        questions.all().stream().map(Server::of).toList(), inbox.waiting());
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
