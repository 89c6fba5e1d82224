package org.reelway.stream.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.ListFull;
import org.reelway.state.ServerEventLog;
import org.reelway.state.StateDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that were answered are acted on, also after a crash: they are on disk before the answer. One that is told twice
 * by its id is taken once. Those of one stream are acted on in the order in which they came; several streams at once.
 */
public final class EventInbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventInbox.class);
  static final int MOST_IDS = 10_000;
  private static final int MOST_WAITING = 10_000;
  private static final int SHARE_OF_HEAP = 16;
  private static final String ADVICE =
      "send it again in a while; if it stays so, a step of the route stream-events or a receiver holds it up";
  private static final int LONGEST_ID = 240;
  private static final int AT_ONCE = 8;
  private static final int MOST_TRIES = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final ServerEventLog log;
  private final StreamRegistry registry;
  private final BiConsumer<ServerEvent, Duration> acted;
  private final Clock clock;
  private final EventCodec codec = new EventCodec();
  private final EventIds ids;
  private final KeyedWork work = new KeyedWork(AT_ONCE);
  private final List<StreamListener> streamListeners = new CopyOnWriteArrayList<>();
  private final List<ServerEventListener> eventListeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingLength = new AtomicLong();
  private final ListBound number = new ListBound("events", "events that wait", MOST_WAITING, waiting::get, ADVICE);
  private final ListBound size =
      new ListBound("events", "characters", ListBound.shareOfHeap(SHARE_OF_HEAP), waitingLength::get, ADVICE);

  /** @param acted told of each event that was acted on, and how long after it was received */
  public EventInbox(
      ServerEventLog log, StreamRegistry registry, BiConsumer<ServerEvent, Duration> acted, Clock clock) {
    this.log = log;
    this.registry = registry;
    this.acted = acted;
    this.clock = clock;
    this.ids = new EventIds(MOST_IDS, log.eventIds(MOST_IDS));
  }

  public void listen(StreamListener listener) {
    streamListeners.add(listener);
  }

  public void listen(ServerEventListener listener) {
    eventListeners.add(listener);
  }

  public void ignore(StreamListener listener) {
    streamListeners.remove(listener);
  }

  /** Takes what was stored before the start. Called once, before the first event. */
  public void recover() {
    log.waiting(this::recover);
  }

  /** @return whether there may be room for the next one, too */
  private boolean recover(ServerEventLog.Entry entry) {
    int length = entry.content().length();
    if (!number.hasRoom(1) || !size.hasRoom(length)) {
      LOG.error("stored events are given up from number {} on, for there is no room for more: {}", entry.number(),
          number.hasRoom(1) ? size.words() : number.words());
      log.giveUp(entry.number());
      return false;
    }
    try {
      ServerEvent event = codec.read(entry.content());
      enter(length);
      act(new Acts(event, entry.number(), length, true));
    } catch (RuntimeException e) {
      LOG.error("the stored event {} is given up: {}", entry.number(), e.toString(), e);
      log.done(entry.number());
    }
    return true;
  }

  private void enter(int length) {
    waiting.incrementAndGet();
    waitingLength.addAndGet(length);
  }

  private void leave(int length) {
    waiting.decrementAndGet();
    waitingLength.addAndGet(-length);
  }

  /** What may be full. */
  public List<ListBound> bounds() {
    return List.of(number, size);
  }

  /** From now on events are acted on; those that wait first. Called once, when all listen. */
  public void begin() {
    work.start();
  }

  /**
   * Events are taken and stored, and none is acted on.
   *
   * @return whether what was being acted on has ended within the time
   */
  public boolean rest(Duration patience) throws InterruptedException {
    return work.rest(patience);
  }

  /** Goes on after a rest. */
  public void goOn() {
    work.goOn();
  }

  /**
   * Stores the event; once it is stored, it will be acted on.
   *
   * @param anyway whether it is acted on even where it cannot be stored
   * @return completed with whether it is new, when it is on disk
   * @throws ListFull where too many wait, or it is of a stream and there are too many
   */
  CompletableFuture<Boolean> accept(ServerEvent event, boolean anyway) {
    String content = codec.write(event);
    number.require(1);
    size.require(content.length());
    registry.requireRoom(event, waiting.get(), waitingLength.get());
    String id = id(event);
    if (!id.isEmpty() && !ids.add(id)) {
      return CompletableFuture.completedFuture(false);
    }
    int length = content.length();
    enter(length);
    return store(event, id, content).handle(
        (row, failure) -> {
          if (failure == null) {
            act(new Acts(event, row, length, false));
            return true;
          }
          if (anyway) {
            act(new Acts(event, 0, length, false));
          } else {
            ids.remove(id);
            leave(length);
          }
          throw failure instanceof CompletionException known ? known : new CompletionException(failure);
        });
  }

  /** Its number, once it is on disk. The numbers go up as the writes do, so that a restart goes through them as they came. */
  private CompletableFuture<Long> store(ServerEvent event, String id, String content) {
    synchronized (log) {
      try {
        long row = log.next();
        return log.store(row, event.told().received(), id, content).thenApply(stored -> row);
      } catch (RuntimeException | Error e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  private static String id(ServerEvent event) {
    EventOrigin told = event.told();
    String id = told.source() + " " + told.server() + " " + told.id();
    return told.id().isEmpty() || id.length() > LONGEST_ID ? "" : id;
  }

  /** Acts on an event that will be known again after a crash: an API's answer. */
  void tell(ServerEvent event) {
    enter(0);
    act(new Acts(event, 0, 0, false));
  }

  /** As {@link #tell}, but not while very many wait: another sign of life will come. */
  void tellUnlessBusy(ServerEvent event) {
    if (number.hasRoom(1)) {
      tell(event);
    }
  }

  /**
   * Tells the listener of a stream that has been on since before it listened, unless it ends by an event that waits: in order
   * with the stream's events.
   */
  public void tellOfRunning(StreamId stream, StreamListener listener) {
    registry.find(stream).ifPresent(
        known -> {
          Instant now = clock.instant();
          EventOrigin told = new EventOrigin(stream.source(), stream.server(), "start of Reelway", ServerTime.received(now), now);
          Acts acts = new Acts(new ServerEvent.StreamSeen(told, facts(known)), 0, 0);
          acts.add(
              () -> registry.find(stream).filter(RegisteredStream::isLive)
                  .ifPresent(on -> listener.changed(new StreamChange(true, on))));
          enter(0);
          act(acts);
        });
  }

  private void act(Acts acts) {
    work.add(key(acts.event), acts);
  }

  private static Object key(ServerEvent event) {
    if (event.facts().isPresent()) {
      return StreamId.of(event.told(), event.facts().get());
    } else if (event instanceof ServerEvent.MultiRecordingAdded added) {
      return "multi " + added.uri();
    } else if (event instanceof ServerEvent.MultiRecordingRemoved removed) {
      return "multi " + removed.uri();
    } else if (event instanceof ServerEvent.TimerFired timer) {
      return "timer " + timer.told().source() + " " + timer.told().server() + " " + timer.timer();
    }
    return "server " + event.told().source() + " " + event.told().server();
  }

  /** All that is to be done about one event; what is done is not done again when what follows fails. */
  private final class Acts implements KeyedWork.Step {
    private final ServerEvent event;
    private final long row;
    private final int length;
    private final Deque<Act> left = new ArrayDeque<>();

    /** @param row 0 where it is not stored; @param length for which there is room */
    Acts(ServerEvent event, long row, int length, boolean again) {
      this(event, row, length);
      add(() -> register(again));
    }

    private Acts(ServerEvent event, long row, int length) {
      this.event = event;
      this.row = row;
      this.length = length;
    }

    private void add(Runnable work) {
      left.add(new Act(work));
    }

    private void register(boolean again) {
      for (StreamChange change : registry.apply(event, again)) {
        streamListeners.forEach(listener -> add(() -> listener.changed(change)));
      }
      eventListeners.forEach(listener -> add(() -> listener.happened(event)));
      if (event instanceof ServerEvent.ServerStarted) {
        endAllBefore(event.told());
      }
    }

    /** A listener that fails holds up none of the others: its turn comes again once they were told. */
    @Override
    public Duration run() {
      Deque<Act> failed = new ArrayDeque<>();
      while (!left.isEmpty()) {
        Act act = left.remove();
        if (!isDone(act)) {
          failed.add(act);
        }
      }
      if (!failed.isEmpty()) {
        left.addAll(failed);
        return FIRST_PAUSE.multipliedBy(1L << failed.peek().tries);
      }
      if (row > 0) {
        log.done(row);
      }
      leave(length);
      acted.accept(event, Duration.between(event.told().received(), clock.instant()));
      return null;
    }

    /** @return false where it is to be tried again */
    private boolean isDone(Act act) {
      try {
        act.work.run();
      } catch (InputFailure e) {
        LOG.warn("the event {} of {} is not acted on: {}", event.told().type(), event.told().server(), e.getMessage());
      } catch (RuntimeException | Error e) {
        // An error too: an event that is dropped half way would count as waiting for ever.
        // What waits for the state waits as long as that is away.
        if (act.tries < MOST_TRIES - 1 || !StateDatabase.isAway(e)) {
          act.tries++;
        }
        if (act.tries < MOST_TRIES) {
          return false;
        }
        LOG.error("the event {} of {} is given up after {} tries: {}",
            event.told().type(), event.told().server(), act.tries, e.toString(), e instanceof Failure ? null : e);
      }
      return true;
    }
  }

  /** One of the things that are to be done about an event. */
  private static final class Act {
    private final Runnable work;
    private int tries;

    Act(Runnable work) {
      this.work = work;
    }
  }

  private void endAllBefore(EventOrigin started) {
    for (RegisteredStream stream :
        registry.live(
            each ->
                each.id().source().equals(started.source()) && each.id().server().equals(started.server())
                    && each.since().at().isBefore(started.at()))) {
      end(stream, started);
    }
  }

  /** The stream is over, as somebody says who does not know its facts. */
  void end(RegisteredStream stream, EventOrigin told) {
    tell(new ServerEvent.StreamEnded(told, facts(stream)));
  }

  private static StreamFacts facts(RegisteredStream stream) {
    StreamId id = stream.id();
    return new StreamFacts(id.name(), id.app(), stream.session(), id.direction(), stream.publisher(), Map.of());
  }

  /** Events that nothing has acted on yet. */
  public int waiting() {
    return waiting.get();
  }

  /** Forgets what was acted on long ago. */
  public void forgetOld() {
    log.forget(MOST_IDS);
    registry.forgetOld();
  }

  @Override
  public void close() {
    work.close();
  }
}
