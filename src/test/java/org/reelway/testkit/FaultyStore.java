package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reelway.testkit.StoreRequest.Operation;

/** A real store behind a proxy on raw sockets that does to chosen requests what networks and stores do to them. */
public final class FaultyStore implements AutoCloseable {
  private final ServerSocket listener;
  private final URI target;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final Map<Operation, Deque<StoreFault>> scripts = new EnumMap<>(Operation.class);
  private final Map<Operation, StoreFault> always = new EnumMap<>(Operation.class);
  private final Map<Operation, AtomicInteger> seen = new ConcurrentHashMap<>();
  private final AtomicInteger played = new AtomicInteger();
  private volatile Consumer<StoreRequest> onRequest = request -> {};
  private Storm storm;
  private Function<StoreRequest, StoreFault> director = request -> null;
  private volatile boolean closed;

  private FaultyStore(ServerSocket listener, URI target) {
    this.listener = listener;
    this.target = target;
  }

  /** Faults drawn for each request from its seed, its target and how often it came: threads change nothing. */
  private static final class Storm {
    private final long seed;
    private final double share;
    private final List<StoreFault> faults;
    private final Predicate<StoreRequest> struck;
    private final Map<String, Integer> tries = new HashMap<>();

    Storm(long seed, double share, List<StoreFault> faults, Predicate<StoreRequest> struck) {
      this.seed = seed;
      this.share = share;
      this.faults = faults;
      this.struck = struck;
    }

    StoreFault next(StoreRequest request) {
      if (!struck.test(request)) {
        return null;
      }
      String what = request.operation() + " " + request.key() + " " + request.part();
      int tried = tries.merge(what, 1, Integer::sum);
      Random random = new Random(seed * 1_000_003 + what.hashCode() * 31L + tried);
      random.nextInt();
      return random.nextDouble() < share ? faults.get(random.nextInt(faults.size())) : null;
    }
  }

  public static FaultyStore before(URI target) {
    try {
      FaultyStore store = new FaultyStore(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
      daemon(store::accept);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** The next so many requests of the kind, after those that were said before. */
  public synchronized FaultyStore fail(Operation operation, StoreFault fault, int times) {
    for (int i = 0; i < times; i++) {
      scripts.computeIfAbsent(operation, any -> new ArrayDeque<>()).add(fault);
    }
    return this;
  }

  /** Every request of the kind, until {@link #heal}. */
  public synchronized FaultyStore failAlways(Operation operation, StoreFault fault) {
    always.put(operation, fault);
    return this;
  }

  /**
   * @param share of the requests, 0 to 1
   * @param struck the requests that may be struck
   */
  public synchronized void storm(long seed, double share, List<StoreFault> faults, Predicate<StoreRequest> struck) {
    storm = new Storm(seed, share, faults, struck);
  }

  /** @param choice what happens to a request, before all else; null for nothing of its own */
  public synchronized void direct(Function<StoreRequest, StoreFault> choice) {
    director = choice;
  }

  /** Nothing goes wrong from now on. */
  public synchronized void heal() {
    scripts.clear();
    always.clear();
    storm = null;
  }

  /** Told of each request before its body is taken, on the connection's thread: what it waits for, the client waits for. */
  public void onRequest(Consumer<StoreRequest> listening) {
    onRequest = listening;
  }

  /** Requests of the kind that came, whatever became of them. */
  public int seen(Operation operation) {
    AtomicInteger count = seen.get(operation);
    return count == null ? 0 : count.get();
  }

  /** Faults that were played. */
  public int played() {
    return played.get();
  }

  private synchronized StoreFault next(StoreRequest request) {
    StoreFault directed = director.apply(request);
    if (directed != null) {
      return directed;
    }
    Deque<StoreFault> script = scripts.get(request.operation());
    StoreFault next = script == null ? null : script.poll();
    if (next == null) {
      next = always.get(request.operation());
    }
    return next == null && storm != null ? storm.next(request) : next;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        clients.add(client);
        daemon(() -> serve(client));
      } catch (IOException end) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      StoreRequest request = StoreRequest.read(client.getInputStream());
      if (request == null) {
        return;
      }
      seen.computeIfAbsent(request.operation(), any -> new AtomicInteger()).incrementAndGet();
      onRequest.accept(request);
      StoreExchange exchange = new StoreExchange(request, client, target);
      StoreFault fault = next(request);
      if (fault == null) {
        exchange.pass();
      } else {
        played.incrementAndGet();
        fault.play(exchange);
      }
    } catch (IOException either) {
      // The client gave up, or the store is away: both ends are closed.
    } finally {
      clients.remove(client);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-store");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
      for (Socket client : clients) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
