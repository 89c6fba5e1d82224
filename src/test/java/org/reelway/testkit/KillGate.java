package org.reelway.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.reelway.testkit.StoreRequest.Operation;

/** Holds chosen requests of a sidecar between it and its store, so that it can be killed at that very moment. */
public final class KillGate {

  /** Where a request is held, and what becomes of it when the sidecar is dead. */
  public enum At {
    /** Before the store hears of it; it never does. */
    LOST,
    /** Before the store hears of it; it does after the kill. */
    LATE,
    /** When the store has done it and answered. */
    ANSWERED
  }

  /**
   * @param key of the recording
   * @param part number, or 0
   * @param time which request of this kind, from 1
   */
  public record Edge(String key, Operation operation, int part, int time, At at) {
    public static Edge of(String key, Operation operation, At at) {
      return new Edge(key, operation, 0, 1, at);
    }
  }

  private final Map<Edge, Boolean> edges = new HashMap<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final List<StoreRequest> requests = new ArrayList<>();
  private CountDownLatch open = new CountDownLatch(1);
  private int held;

  /** Puts the gate before a store. */
  public KillGate(FaultyStore store) {
    store.direct(this::choose);
  }

  /** From now on, these are held as they come; what was counted before is forgotten. */
  public synchronized void hold(List<Edge> next) {
    edges.clear();
    times.clear();
    requests.clear();
    next.forEach(edge -> edges.put(edge, false));
    open = new CountDownLatch(1);
  }

  /** Edges that no request has reached yet. */
  public synchronized List<Edge> missing() {
    return edges.entrySet().stream().filter(entry -> !entry.getValue()).map(Map.Entry::getKey).toList();
  }

  /** The sidecar is dead: what was held goes its way; returns when all of it has. */
  public synchronized void letGo() throws InterruptedException {
    edges.clear();
    open.countDown();
    while (held > 0) {
      wait(1000);
    }
  }

  /** Requests since {@link #hold}. */
  public synchronized List<StoreRequest> requests() {
    return List.copyOf(requests);
  }

  private synchronized StoreFault choose(StoreRequest request) {
    requests.add(request);
    String what = request.operation() + " " + request.part() + " " + request.key();
    int time = times.merge(what, 1, Integer::sum);
    for (At at : At.values()) {
      Edge edge = new Edge(request.key(), request.operation(), request.part(), time, at);
      if (edges.containsKey(edge)) {
        CountDownLatch until = open;
        return exchange -> play(edge, exchange, until);
      }
    }
    return null;
  }

  private void play(Edge edge, StoreExchange exchange, CountDownLatch until) throws java.io.IOException {
    begin();
    try {
      switch (edge.at()) {
        case LOST -> waitAt(edge, until);
        case LATE -> exchange.forwardAfter(() -> waitAt(edge, until));
        default -> {
          exchange.forward(-1);
          waitAt(edge, until);
        }
      }
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    held++;
  }

  private synchronized void end() {
    held--;
    notifyAll();
  }

  private void waitAt(Edge edge, CountDownLatch until) {
    synchronized (this) {
      edges.replace(edge, true);
    }
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
