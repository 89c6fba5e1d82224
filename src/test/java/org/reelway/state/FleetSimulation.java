package org.reelway.state;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.JdbiException;
import org.reelway.callback.Deliveries;
import org.reelway.callback.Delivery;
import org.reelway.callback.DeliveryObserver;
import org.reelway.settings.Settings;
import org.reelway.testkit.Broker;
import org.reelway.testkit.Postgres;

/**
 * What many sidecars ask of one PostgreSQL and one broker, by the classes that a sidecar asks with, in one process: heartbeats, recordings
 * with their callbacks, events of media servers, mixes and their workers. Files, stores and receivers are left out.
 */
public final class FleetSimulation implements AutoCloseable {
  private static final String QUEUE = "mixes";
  /** Each node keeps a connection for its writes, so that a pool has room for eight and what else they ask. */
  private static final int NODES_OF_A_POOL = 8;
  private static final int SENDERS = 4;
  private static final int WORKERS = 4;
  private static final int RECEIVERS = 10;
  private static final int PER_MIX = 10;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final String NOW = "(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT";

  private final Clock clock = Clock.systemUTC();
  private final Postgres postgres;
  private final Broker broker;
  private final ConnectionFactory connections;
  private final String schema;
  private final List<StateDatabase> databases = new ArrayList<>();
  private final List<StateWriter> writers = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Deliveries> senders = new ArrayList<>();
  private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(4);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final List<Future<?>> working = new ArrayList<>();
  private volatile boolean closed;

  /** By queue, the callbacks in the order of their arrival. */
  public final Map<String, Queue<String>> arrived = new ConcurrentHashMap<>();
  /** By order, who mixed it. */
  public final Map<String, Queue<String>> mixed = new ConcurrentHashMap<>();
  public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger recordings = new AtomicInteger();

  private record Node(String id, RecordingHistory history, StoredCallbacks callbacks, ServerEventLog events, MixOrders orders) {}

  /** What the database did meanwhile. */
  public record Figures(int recordings, double seconds, double cpuSeconds, long commits, long walBytes, long bytes, int connections) {
    public double cores() {
      return cpuSeconds / seconds;
    }

    public String line() {
      return ("%d recordings in %.1f s: %.2f ms of the database's CPU, %.1f commits, %.1f kB of WAL and %.1f kB of tables for each;"
          + " %.3f of a core, %d connections")
          .formatted(recordings, seconds, cpuSeconds * 1000 / recordings, (double) commits / recordings, walBytes / 1e3 / recordings,
              bytes / 1e3 / recordings, cores(), connections);
    }
  }

  /** @param count sidecars; they share pools, for a machine of tests has not as many connections as they have */
  public FleetSimulation(Path folder, int count) throws Exception {
    broker = Broker.start(folder.resolve("broker"));
    connections = new ActiveMQConnectionFactory(broker.url() + "?consumerWindowSize=0");
    postgres = Postgres.start();
    schema = postgres.newSchema();
    for (int i = 0; i < (count + NODES_OF_A_POOL - 1) / NODES_OF_A_POOL; i++) {
      databases.add(StateDatabase.own(
          Settings.load(
              null, Map.of(),
              Map.of("reelway.state.url", postgres.address(schema), "reelway.state.username", Postgres.USER,
                  "reelway.node", "pool-" + i)),
          clock));
    }
    for (int i = 0; i < count; i++) {
      StateDatabase database = databases.get(i % databases.size());
      StateWriter writer = new StateWriter(database.jdbi());
      writers.add(writer);
      String id = "node-" + i;
      nodes.add(new Node(
          id, new RecordingHistory(database.jdbi(), writer, clock, id), new StoredCallbacks(database.jdbi(), writer, clock),
          new ServerEventLog(database.jdbi(), writer, clock, id), new MixOrders(database.jdbi(), clock)));
      String roles = i < SENDERS ? "ingest,callbacks" : "ingest";
      database.jdbi().useHandle(handle -> new OwnNode(id, "token", "simulated", "", roles).sign(handle, clock.millis(), 0));
      beats.scheduleAtFixedRate(
          () -> guarded(() -> database.jdbi().useTransaction(handle -> {
            handle.execute("SET LOCAL synchronous_commit = off");
            handle.execute("UPDATE node SET seen_at = " + NOW + " WHERE id = ?", id);
          })),
          i * HEARTBEAT.toMillis() / count, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }
    for (int i = 0; i < SENDERS; i++) {
      StateDatabase database = databases.get(i);
      Deliveries deliveries =
          new Deliveries(nodes.get(i).callbacks(), new Leases(database.jdbi(), clock, "node-" + i), new Silent(), clock);
      senders.add(deliveries);
      deliveries.begin();
      deliveries.carryBy(this::take);
    }
    for (int i = 0; i < WORKERS; i++) {
      int at = i;
      working.add(workers.submit(() -> work("worker-" + at, databases.get(at))));
    }
    beats.scheduleWithFixedDelay(() -> guarded(this::handOut), 1000, 1000, TimeUnit.MILLISECONDS);
  }

  private static final class Silent implements DeliveryObserver {
    @Override
    public void delivered(String receiver) {
      // Counted by who takes it.
    }

    @Override
    public void failed(String receiver) {
      throw new AssertionError("nothing fails here");
    }

    @Override
    public void dead(String receiver) {
      throw new AssertionError("nothing fails here");
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (!closed) {
        failures.add(e);
      }
    }
  }

  private void take(Delivery delivery) {
    delivery.requireOwned();
    arrived.computeIfAbsent(delivery.callback().receiver() + " " + delivery.callback().queue(), key -> new ConcurrentLinkedQueue<>())
        .add(delivery.callback().id());
    delivery.delivered(200);
  }

  private void handOut() {
    MixOrders orders = nodes.get(0).orders();
    orders.look();
    try (JMSContext context = connections.createContext()) {
      orders.due().forEach(row -> context.createProducer().send(context.createQueue(QUEUE), row.id()));
    }
  }

  private void work(String name, StateDatabase database) {
    Leases leases = new Leases(database.jdbi(), clock, name);
    MixOrders orders = new MixOrders(database.jdbi(), clock);
    try (JMSContext context = connections.createContext(JMSContext.SESSION_TRANSACTED);
        JMSConsumer consumer = context.createConsumer(context.createQueue(QUEUE))) {
      while (!closed) {
        String id = consumer.receiveBody(String.class, 200);
        if (id != null) {
          leases.take("mix/" + id).ifPresent(lease -> {
            orders.claim(id, name, lease.fence()).ifPresent(row -> {
              if (orders.mixed(id, lease.fence(), "mix of " + id)) {
                mixed.computeIfAbsent(id, key -> new ConcurrentLinkedQueue<>()).add(name);
              }
            });
            leases.release(lease);
          });
          context.commit();
        }
      }
    } catch (JMSRuntimeException | JdbiException e) {
      if (!closed) {
        failures.add(e);
      }
    }
  }

  /**
   * Recordings of all nodes in turn, each with an event of its media server and two callbacks of one order; each tenth is mixed.
   *
   * @param perMinute how fast they come; 0 for as fast as can be
   */
  public Figures record(int many, int perMinute) throws Exception {
    double cpu = postgres.cpuSeconds();
    long commits = number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    long wal = number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    long bytes = bytes();
    long began = System.nanoTime();
    int until = recordings.get() + many;
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      if (perMinute > 0) {
        long due = began + i * 60_000_000_000L / perMinute;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
      stored.add(one(recordings.getAndIncrement()));
      if (stored.size() == nodes.size()) {
        // Sidecars wait for their own callbacks, too.
        stored.forEach(CompletableFuture::join);
        stored.clear();
      }
    }
    Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(100)).until(() -> isDone(until));
    int open = (int) number("SELECT COUNT(*) FROM pg_stat_activity WHERE datname IS NOT NULL");
    return new Figures(
        many, (System.nanoTime() - began) / 1e9, postgres.cpuSeconds() - cpu,
        number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()") - commits,
        number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - wal,
        bytes() - bytes, open);
  }

  /** Of all tables, with their indexes. */
  private long bytes() {
    return number("SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        + " WHERE n.nspname = '" + schema + "' AND c.relkind = 'r'");
  }

  private boolean isDone(int until) {
    return failures.isEmpty() && arrived.values().stream().mapToLong(queue -> queue.stream().distinct().count()).sum() == 2L * until
        && mixed.size() == (until + PER_MIX - 1) / PER_MIX && count("recording WHERE state = 'done'") == until || !failures.isEmpty();
  }

  /** The writes of one recording on its way, as the routes make them. @return completed when its callbacks are stored */
  private CompletableFuture<Void> one(int number) {
    Node node = nodes.get(number % nodes.size());
    String id = "r" + number;
    String file = "/recordings/" + id + ".mp4";
    long event = node.events().next();
    node.events().store(event, Instant.now(clock), "e" + number, "{\"event\":\"recorded\",\"file\":\"" + file + "\"}");
    node.history().found(id, file, id + ".mp4", 1_000_000, "live/a", "marker");
    node.history().state(id, RecordingState.TRANSFERRING, "began");
    node.history().tried(id, 1, 0, 1_000_000, 0);
    node.history().verified(id, "", "recordings", id + ".mp4", "s3://recordings/" + id + ".mp4", "\"etag\"", null, "checksum");
    String receiver = "receiver-" + number % RECEIVERS;
    String body = "{\"type\":\"recording.finished\",\"file\":\"" + file + "\",\"padding\":\"" + "x".repeat(400) + "\"}";
    node.callbacks().add(id + "/1", "recording.finished", receiver, id, id, body);
    CompletableFuture<Void> told = node.callbacks().add(id + "/2", "recording.tidied", receiver, id, id, body);
    node.history().tidied(id, "deleted", null, null);
    node.events().done(event);
    if (number % PER_MIX == 0) {
      node.orders().add(
          MixOrderRow.of(id, node.id(), id + ".mp4", "1:2:3:4", "multi-recorder://room-" + number, clock.millis(), 60_000, 1_000_000), false);
    }
    return told;
  }

  /** How many rows there are. @param what table and condition */
  public long count(String what) {
    return number("SELECT COUNT(*) FROM " + schema + "." + what);
  }

  /** What the fleet costs that has nothing to do. */
  public double idleCores(Duration time) throws Exception {
    double cpu = postgres.cpuSeconds();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return (postgres.cpuSeconds() - cpu) / time.toSeconds();
  }

  private long number(String sql) {
    return Long.parseLong(postgres.query(sql).get(0));
  }

  public long deadlocks() {
    return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  @Override
  public void close() throws Exception {
    closed = true;
    beats.shutdownNow();
    beats.awaitTermination(10, TimeUnit.SECONDS);
    for (Future<?> each : working) {
      each.get(20, TimeUnit.SECONDS);
    }
    workers.shutdownNow();
    senders.forEach(Deliveries::close);
    writers.forEach(StateWriter::close);
    databases.forEach(StateDatabase::close);
    broker.close();
    postgres.close();
  }
}
