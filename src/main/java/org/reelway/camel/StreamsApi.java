package org.reelway.camel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventInbox;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.ServerQuestions;
import org.reelway.stream.server.StreamRegistry;

/** The streams of media servers as the API shows them, and what schedules do about them. */
public final class StreamsApi {
  /** Of one answer, which takes memory several times its size. */
  private static final int MOST_AT_ONCE = 1000;

  private final StreamRegistry registry;
  private final EventInbox inbox;
  private final ServerQuestions questions;

  StreamsApi(StreamRegistry registry, EventInbox inbox, ServerQuestions questions) {
    this.registry = registry;
    this.inbox = inbox;
    this.questions = questions;
  }

  /** {@code GET /streams/registry}, with {@code ?state=live|ended} only those; {@code ?after=} so many, the next. */
  public void registry(Exchange exchange) {
    String state = exchange.getMessage().getHeader("state", "", String.class);
    String after = exchange.getMessage().getHeader("after", "0", String.class);
    ApiAnswer.give(exchange, 200, () -> registry(state, after));
  }

  private Map<String, Object> registry(String state, String after) {
    if (!List.of("", "live", "ended").contains(state)) {
      throw new InputFailure("state is none that is known; allowed: live, ended");
    }
    if (!after.matches("\\d{1,6}")) {
      throw new InputFailure("after is \"" + after + "\"; it is how many streams are left out, from 0 on");
    }
    List<RegisteredStream> all =
        registry.all().stream()
            .filter(stream -> state.isEmpty() || stream.isLive() == state.equals("live"))
            .toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", all.size());
    json.put("streams", all.stream().skip(Long.parseLong(after)).limit(MOST_AT_ONCE).map(StreamsApi::stream).toList());
    json.put("servers", questions.all().stream().map(StreamsApi::server).toList());
    json.put("eventsWaiting", inbox.waiting());
    return json;
  }

  private static Map<String, Object> stream(RegisteredStream stream) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", stream.id().source());
    json.put("server", stream.id().server());
    json.put("app", stream.id().app());
    json.put("name", stream.id().name());
    json.put("direction", stream.id().direction());
    json.put("state", stream.isLive() ? "live" : "ended");
    json.put("session", stream.session());
    json.put("publisher", stream.publisher());
    json.put("since", stream.since().at());
    json.put("sinceFrom", stream.since().from());
    json.put("foundBy", stream.foundBy());
    json.put("lastSeen", stream.lastSeen());
    json.put("endedAt", stream.endedAt());
    json.put("endedBy", stream.endedBy());
    json.put("details", stream.details());
    return json;
  }

  private static Map<String, Object> server(ServerQuestions.Answering server) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", server.api().kind().word());
    json.put("server", server.api().name());
    json.put("api", server.api().uri().toString());
    json.put("answered", server.answered());
    json.put("trouble", server.trouble());
    return json;
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
