package org.reelway.callback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.util.function.ThrowingConsumer;
import org.jdbi.v3.core.Jdbi;
import org.reelway.camel.CallbackRoute;
import org.reelway.recording.SetClock;
import org.reelway.state.CallbackRow;
import org.reelway.state.Leases;
import org.reelway.state.RecordingHistory;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.state.StoredCallbacks;
import org.reelway.state.TestState;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.store.Trust;

/** An outbox on a real database, whose clock is turned by hand. It can be opened again and again. */
final class OutboxFixture implements AutoCloseable {
  static final Duration GIVE_UP = Duration.ofDays(3);

  final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  final Map<String, URI> addresses = new TreeMap<>();
  final List<String> told = new ArrayList<>();
  private Path folder;
  private int crashes;
  String node = "here";
  Trust trust = Trust.platform("reelway.callbacks");
  AllowedHosts allowed = new AllowedHosts(List.of("127.0.0.1"));
  HostNames.Lookup lookup = InetAddress::getAllByName;
  Duration whole = Duration.ofSeconds(10);
  List<String> secrets = List.of();
  String routes = CallbackRoute.shipped();
  ThrowingConsumer<AdviceWithRouteBuilder, Exception> advice = route -> {};
  private CallbackRoute route;
  Outbox outbox;
  Deliveries deliveries;
  StoredCallbacks stored;
  RecordingHistory history;
  StateDatabase database;
  private StateWriter writer;

  OutboxFixture(Path folder) {
    this.folder = folder;
  }

  OutboxFixture open() {
    database = TestState.open(folder, clock);
    Jdbi jdbi = database.jdbi();
    writer = new StateWriter(jdbi);
    stored = new StoredCallbacks(jdbi, writer, clock);
    history = new RecordingHistory(jdbi, writer, clock, "here");
    Receivers receivers = new Receivers();
    addresses.forEach(receivers::add);
    deliveries = new Deliveries(stored, new Leases(jdbi, clock, node), new Told(), clock);
    CallbackClient client = new CallbackClient(allowed, lookup, trust, whole, "Reelway/test");
    route = new CallbackRoute(deliveries, receivers, new Signer(secrets), client, clock).start(routes, advice);
    outbox = new Outbox(stored, deliveries, Duration.ofDays(7), clock);
    deliveries.begin();
    return this;
  }

  CamelContext camel() {
    return route.camel();
  }

  /** As a node without the route that delivers. */
  void restFromDelivering() {
    route.stop();
  }

  /** Again. */
  void deliver() {
    route.startAgain();
  }

  private final class Told implements DeliveryObserver {
    @Override
    public void delivered(String receiver) {
      tell("delivered " + receiver);
    }

    @Override
    public void failed(String receiver) {
      tell("failed " + receiver);
    }

    @Override
    public void dead(String receiver) {
      tell("dead " + receiver);
    }
  }

  private void tell(String what) {
    synchronized (told) {
      told.add(what);
    }
  }

  /** The next of its queue. */
  String add(String receiver, String queue, int number) {
    Callback callback =
        new Callback("test.done", queue + "/" + number, queue, queue, "{\"queue\":\"" + queue + "\",\"n\":" + number + "}");
    outbox.add(receiver, callback);
    return CallbackId.of(receiver, callback);
  }

  CallbackRow row(String id) {
    return outbox.find(id).orElseThrow();
  }

  void forward(Duration by) {
    clock.forward(by);
    deliveries.lookAll();
  }

  /**
   * As kill -9 leaves it: what is on the disk at this instant is all that the next one knows, and what this one still does,
   * such as noting an answer, is lost.
   */
  void crash() {
    crash(() -> {});
  }

  /** @param lost happens right after the crash */
  void crash(Runnable lost) {
    Path left = folder.resolveSibling(folder.getFileName() + "-" + ++crashes);
    try {
      Files.createDirectories(left);
      if (TestState.isOnPostgres(folder)) {
        TestState.copy(folder, left);
      }
      // The log after the database: nothing is moved between them in so short a time, and a torn end is none.
      for (String name : List.of("reelway.db", "reelway.db-wal")) {
        if (Files.exists(folder.resolve(name))) {
          Files.copy(folder.resolve(name), left.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lost.run();
    close();
    folder = left;
    open();
  }

  /** Nothing is under way afterwards, and nothing was said to anybody. */
  @Override
  public void close() {
    route.close();
    deliveries.close();
    writer.close();
    database.close();
  }
}
