package org.reelway.stream.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.DestinationFailure;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.servers.EmsCli;

/**
 * An EvoStream server that is told what to do. It has threads of its own that wait for it, and its streams are listed once
 * for all who ask at the same time. Safe for several threads.
 */
final class EmsServer implements AutoCloseable {
  private static final List<String> KINDS = List.of("push", "pull");
  private static final int THREADS = 2;
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  private final EmsCli cli;
  private final ThreadPoolExecutor threads;
  private List<EventJson> listed;
  private RuntimeException notListed;
  private long listedAt;

  EmsServer(EmsCli cli) {
    this.cli = cli;
    this.threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), DaemonThreads.named("ems-calls"));
    threads.allowCoreThreadTimeOut(true);
  }

  /** Where it is waited for: a server that does not answer holds up no other. */
  Executor threads() {
    return threads;
  }

  EventJson call(String command, Map<String, String> parameters) {
    return cli.call(command, parameters);
  }

  /** Its streams, as they were less than a second ago. */
  synchronized List<EventJson> streamsOfLate() {
    if (listedAt == 0 || System.nanoTime() - listedAt > FRESH_NANOS) {
      try {
        listed = streams();
        notListed = null;
      } catch (RuntimeException e) {
        notListed = e;
      }
      listedAt = System.nanoTime();
    }
    if (notListed != null) {
      throw notListed;
    }
    return listed;
  }

  /** Its streams now. */
  List<EventJson> streams() {
    return cli.call("listStreams").objects("data");
  }

  /** What it was asked for, of one kind. */
  List<EventJson> configs(String kind) {
    return cli.call("listConfig").optionalObject("data").objects(kind);
  }

  /**
   * Ends all pushes and pulls whose settings are such; nothing happens where there are none.
   *
   * @return how many there were
   * @throws DestinationFailure where some are left
   */
  int endAll(Predicate<EventJson> which) {
    return endAll(streams(), which);
  }

  /** @param streams as of {@link #streams}, a moment ago */
  int endAll(List<EventJson> streams, Predicate<EventJson> which) {
    List<DestinationFailure> failures = new ArrayList<>();
    int ended = 0;
    for (EventJson stream : streams) {
      if (isAsked(stream, which)) {
        ended++;
        tell("shutdownStream", Map.of("id", stream.required("uniqueId"), "permanently", "1"), failures);
      }
    }
    for (EventJson config : configs(which)) {
      ended++;
      tell("removeConfig", Map.of("id", config.required("configId")), failures);
    }
    if (!failures.isEmpty() && isAnyLeft(which)) {
      throw failures.get(0);
    }
    return ended;
  }

  private boolean isAnyLeft(Predicate<EventJson> which) {
    return streams().stream().anyMatch(stream -> isAsked(stream, which)) || !configs(which).isEmpty();
  }

  /** One that is gone meanwhile is not there to be ended. */
  private void tell(String command, Map<String, String> parameters, List<DestinationFailure> failures) {
    try {
      cli.call(command, parameters);
    } catch (DestinationFailure e) {
      failures.add(e);
    }
  }

  private static boolean isAsked(EventJson stream, Predicate<EventJson> which) {
    return KINDS.stream()
        .map(kind -> kind + "Settings")
        .anyMatch(each -> stream.has(each) && which.test(stream.object(each)));
  }

  private List<EventJson> configs(Predicate<EventJson> which) {
    EventJson all = cli.call("listConfig").optionalObject("data");
    return KINDS.stream().flatMap(kind -> all.objects(kind).stream()).filter(which).toList();
  }

  @Override
  public String toString() {
    return cli.server().toString();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
