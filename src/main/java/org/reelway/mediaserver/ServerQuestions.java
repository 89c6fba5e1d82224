package org.reelway.mediaserver;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reelway.config.ServerApi;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the APIs of media servers which streams are on, and puts the registry right: events get lost, and servers end
 * without a word.
 */
public final class ServerQuestions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerQuestions.class);
  private static final int AT_ONCE = 4;
  private static final int MOST_MISSED = 3;

  private final List<Asked> servers;
  private final StreamRegistry registry;
  private final EventInbox inbox;
  private final Clock clock;
  private final ExecutorService threads;

  private static final class Asked {
    private final ServerApi api;
    private final ServerListing listing;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Instant answered;
    private volatile String trouble = "";
    private volatile int missed;

    Asked(ServerApi api, ServerListing listing) {
      this.api = api;
      this.listing = listing;
    }
  }

  /**
   * How an API fares.
   *
   * @param answered when it answered last; null for not since the start
   * @param trouble empty where the last answer was good
   * @param failing whether it has not answered for several times
   */
  public record Answering(ServerApi api, Instant answered, String trouble, boolean failing) {}

  public ServerQuestions(
      List<ServerApi> apis,
      Function<ServerApi, ServerListing> listings,
      StreamRegistry registry,
      EventInbox inbox,
      Clock clock) {
    this.servers = apis.stream().map(api -> new Asked(api, listings.apply(api))).toList();
    this.registry = registry;
    this.inbox = inbox;
    this.clock = clock;
    this.threads =
        Executors.newFixedThreadPool(
            AT_ONCE,
            work -> {
              Thread thread = new Thread(work, "server-questions");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Asks each server that is not being asked; returns at once. */
  public void ask() {
    for (Asked server : servers) {
      if (server.busy.compareAndSet(false, true)) {
        threads.execute(() -> ask(server));
      }
    }
  }

  private void ask(Asked server) {
    Instant asked = clock.instant();
    try {
      correct(server.api, server.listing.live(), asked);
      if (!server.trouble.isEmpty()) {
        LOG.info("the API of {} {} answers again", server.api.kind().word(), server.api.name());
      }
      server.answered = clock.instant();
      server.trouble = "";
      server.missed = 0;
    } catch (RuntimeException e) {
      missed(server, e, asked);
    } finally {
      server.busy.set(false);
    }
  }

  private void missed(Asked server, RuntimeException failure, Instant asked) {
    if (server.trouble.isEmpty()) {
      String what = failure instanceof Failure ? failure.getMessage() : failure.toString();
      LOG.warn("the API of {} {} does not tell its streams: {}", server.api.kind().word(), server.api.name(), what);
    }
    server.trouble = String.valueOf(failure.getMessage());
    server.missed++;
    // One that is slow or refuses may well have its streams. One where nothing listens has none.
    if (failure instanceof ServerAway && server.missed >= MOST_MISSED) {
      Told told = told(server.api, "server away", asked);
      ours(server.api).stream()
          .filter(stream -> stream.lastSeen().isBefore(asked))
          .forEach(stream -> inbox.end(stream, told));
    }
  }

  private List<RegisteredStream> ours(ServerApi api) {
    return registry.live(
        stream -> stream.id().source().equals(api.kind().word()) && stream.id().server().equals(api.name()));
  }

  private static Told told(ServerApi api, String type, Instant asked) {
    return new Told(api.kind().word(), api.name(), type, ServerTime.received(asked), asked);
  }

  /** What was heard of after the question is newer than its answer. */
  private void correct(ServerApi api, List<StreamFacts> live, Instant asked) {
    Told told = told(api, "api", asked);
    Set<StreamId> there = new HashSet<>();
    for (StreamFacts facts : live) {
      there.add(StreamId.of(told, facts));
      inbox.tell(new ServerEvent.StreamSeen(told, facts));
    }
    ours(api).stream()
        .filter(stream -> !there.contains(stream.id()) && stream.lastSeen().isBefore(asked))
        .forEach(stream -> inbox.end(stream, told));
  }

  public List<Answering> all() {
    return servers.stream()
        .map(each -> new Answering(each.api, each.answered, each.trouble, each.missed >= MOST_MISSED))
        .toList();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
