package org.reelway.stream.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reelway.stream.workflow.WantedStream.Wanted;

/** A driver that does at once what it is asked for, unless a test says otherwise, and remembers what that was. */
public final class ScriptedDriver implements StreamDriver {
  /** By stream, what is there. */
  public final Map<String, Wanted> there = new ConcurrentHashMap<>();
  public final List<WantedStream> asked = new CopyOnWriteArrayList<>();
  public final List<RunningCost> costs = new CopyOnWriteArrayList<>();
  public volatile Runnable beforeCosts = () -> {};
  public final AtomicInteger overlaps = new AtomicInteger();
  public volatile BiFunction<WantedStream, StreamFacts, Reached> script = ScriptedDriver::facts;
  private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
  private volatile Consumer<String> wake = id -> {};
  private volatile int begun;
  private volatile boolean isClosed;

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public void begin(Consumer<String> wake) {
    this.wake = wake;
    begun++;
  }

  public void wake(String id) {
    wake.accept(id);
  }

  public int begun() {
    return begun;
  }

  public boolean isClosed() {
    return isClosed;
  }

  /** As the local driver has them. */
  public static Reached facts(WantedStream stream, StreamFacts facts) {
    if (stream.wanted() == Wanted.DELETED) {
      return Reached.done();
    }
    facts.set(StreamFacts.RTMP1, "rtmp://127.0.0.1/live/key1-" + stream.id());
    facts.set(StreamFacts.RTMP2, "rtmp://127.0.0.1/live/key2-" + stream.id());
    facts.set(StreamFacts.VIEWER, "http://127.0.0.1:8090/watch/" + stream.id() + "/index.m3u8");
    facts.set(StreamFacts.PUBLIC_VIEWER, "http://127.0.0.1:8090/watch/live/" + stream.id() + "/index.m3u8");
    facts.set(StreamFacts.IS_PUBLIC, String.valueOf(stream.isLive()));
    return Reached.done();
  }

  @Override
  public Reached reconcile(WantedStream stream, StreamFacts facts) {
    AtomicInteger now = inside.computeIfAbsent(stream.id(), id -> new AtomicInteger());
    if (now.incrementAndGet() > 1) {
      overlaps.incrementAndGet();
    }
    try {
      asked.add(stream);
      Reached reached = script.apply(stream, facts);
      if (reached.isDone()) {
        there.put(stream.id(), stream.wanted());
      }
      return reached;
    } finally {
      now.decrementAndGet();
    }
  }

  /** Of a stream, what was asked for, in order. */
  public List<Wanted> asked(String id) {
    List<Wanted> all = new ArrayList<>();
    asked.stream().filter(stream -> stream.id().equals(id)).forEach(stream -> all.add(stream.wanted()));
    return all;
  }

  @Override
  public List<RunningCost> costs(Function<String, Optional<Wanted>> wanted) {
    beforeCosts.run();
    return costs;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
