package org.reelway.stream.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.reelway.settings.ServerApi;
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
  private static final int MOST_SAID = 3;
  /** A server that has told of a stream's beginning may take a moment until it lists it. */
  private static final Duration UNTIL_LISTED = Duration.ofSeconds(5);

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
    /** When the question was asked that was answered last. */
    private Instant lastAsked = Instant.MIN;
    /** What the last answer told and nobody could name. */
    private Set<StreamFacts> unnamed = Set.of();

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
   * @param failing whether it has not answered for several times, or tells of a stream without a name
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
    this.threads = Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("server-questions"));
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
      String trouble = correct(server, server.listing.live(), asked);
      if (server.missed > 0) {
        LOG.info("the API of {} {} answers again", server.api.kind().word(), server.api.name());
      }
      if (!trouble.isEmpty() && !trouble.equals(server.trouble)) {
        LOG.warn("the API of {} {}: {}", server.api.kind().word(), server.api.name(), trouble);
      }
      server.answered = clock.instant();
      server.trouble = trouble;
      server.missed = 0;
    } catch (RuntimeException e) {
      missed(server, e, asked);
    } finally {
      server.busy.set(false);
    }
  }

  private void missed(Asked server, RuntimeException failure, Instant asked) {
    if (server.missed == 0) {
      String what = failure instanceof Failure ? failure.getMessage() : failure.toString();
      LOG.warn("the API of {} {} does not tell its streams: {}", server.api.kind().word(), server.api.name(), what);
    }
    server.trouble = String.valueOf(failure.getMessage());
    server.missed++;
    // One that is slow or refuses may well have its streams. One where nothing listens has none.
    if (failure instanceof ServerAway && server.missed >= MOST_MISSED) {
      EventOrigin told = told(server.api, "server away", asked);
      ours(server.api).stream()
          .filter(stream -> stream.lastSeen().isBefore(asked))
          .forEach(stream -> inbox.end(stream, told));
    }
  }

  private List<RegisteredStream> ours(ServerApi api) {
    return registry.live(
        stream -> stream.id().source().equals(api.kind().word()) && stream.id().server().equals(api.name()));
  }

  private static EventOrigin told(ServerApi api, String type, Instant asked) {
    return new EventOrigin(api.kind().word(), api.name(), type, ServerTime.received(asked), asked);
  }

  /**
   * What was heard of after the question is newer than its answer.
   *
   * @return what is wrong with the answer; empty for nothing
   */
  private String correct(Asked server, List<StreamFacts> live, Instant asked) {
    EventOrigin told = told(server.api, "api", asked);
    List<RegisteredStream> ours = ours(server.api);
    Set<StreamId> there = new HashSet<>();
    Set<StreamFacts> unnamed = new HashSet<>();
    for (StreamFacts shown : live) {
      Optional<StreamFacts> facts = named(server.listing, shown, ours);
      facts.ifPresent(known -> {
        there.add(StreamId.of(told, known));
        inbox.tell(new ServerEvent.StreamSeen(told, known));
      });
      if (facts.isEmpty()) {
        // Without what changes from one answer to the next.
        unnamed.add(new StreamFacts(shown.name(), shown.app(), shown.session(), "", "", Map.of()));
      }
    }
    ours(server.api).stream()
        .filter(stream -> !there.contains(stream.id()) && isOver(stream, server.lastAsked, asked))
        .forEach(stream -> inbox.end(stream, told));
    server.lastAsked = asked;
    // The event of one that has just begun may be on its way.
    String nameless =
        unnamed.stream().filter(server.unnamed::contains)
            .map(each -> "\"" + ShownNames.shown(each.app() + "/" + each.name()) + "\" (client " + each.session() + ")")
            .sorted().limit(MOST_SAID).collect(Collectors.joining(", "));
    server.unnamed = unnamed;
    return nameless.isEmpty() ? ""
        : "it does not show all letters of " + nameless + ", and no event told the name: have its hooks for streams that"
            + " begin post here (docs/events.md), and publish anew; until then nothing is done with it";
  }

  /** Of one that is not listed: whether the answer before listed it and nothing was heard of it since, or for a while. */
  private static boolean isOver(RegisteredStream stream, Instant lastAsked, Instant asked) {
    Instant heard = stream.lastSeen();
    return heard.equals(lastAsked) || heard.isBefore(asked.minus(UNTIL_LISTED));
  }

  /** What the answer tells of, by the names that an event told; empty where it cannot be known by which. */
  private static Optional<StreamFacts> named(ServerListing listing, StreamFacts shown, List<RegisteredStream> ours) {
    Optional<StreamFacts> told =
        ours.stream()
            .filter(
                stream ->
                    !stream.foundBy().equals("api") && stream.session().equals(shown.session())
                        && listing.shown(stream.id().app()).equals(listing.shown(shown.app()))
                        && listing.shown(stream.id().name()).equals(listing.shown(shown.name())))
            .findFirst()
            .map(stream -> shown.named(stream.id().app(), stream.id().name()));
    boolean legible = listing.isLegible(shown.app()) && listing.isLegible(shown.name());
    return told.isPresent() || !legible ? told : Optional.of(shown);
  }

  public List<Answering> all() {
    return servers.stream()
        .map(each -> new Answering(each.api, each.answered, each.trouble, each.missed >= MOST_MISSED || each.missed == 0 && !each.trouble.isEmpty()))
        .toList();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
