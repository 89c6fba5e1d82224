package org.reelway.stream.supervise;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.LogSubject;
import org.reelway.media.process.Orphans;
import org.reelway.media.process.StuckSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks, looked after by one thread: each has a process of its own, so that one that is slow, silent or dead holds up no
 * other. Safe for several threads.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration SOCKETS_EVERY = Duration.ofSeconds(1);

  private final String kind;
  private final Orphans orphans;
  private final Limits limits;
  private final Clock clock;
  private final Map<String, SupervisedTask> tasks = new LinkedHashMap<>();
  private final Map<String, Breaker> breakers = new HashMap<>();
  private final Map<String, Totals> totals = new HashMap<>();
  private final ScheduledThreadPoolExecutor loop;
  private volatile Consumer<List<String>> changed = ids -> {};
  private boolean orphansEnded;
  private StuckSockets sockets = StuckSockets.NONE;
  private Instant socketsAt = Instant.MIN;

  /** @param kind what the tasks are called in the log, such as {@code relays} */
  public Supervisor(String kind, Orphans orphans, Limits limits, Clock clock) {
    this.kind = kind;
    this.orphans = orphans;
    this.limits = limits;
    this.clock = clock;
    this.loop = new ScheduledThreadPoolExecutor(1, DaemonThreads.named(kind));
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Ends what a Reelway before this one left running, and looks after tasks from now on. */
  public void begin() {
    loop.execute(this::tidy);
    loop.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tidy() {
    try {
      List<Long> ended = orphans.end(limits.grace());
      if (!ended.isEmpty()) {
        LOG.info("ended processes that a Reelway which was killed had left: {}", ended);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("processes of a Reelway that was killed cannot be looked for: {}", e.toString(), e);
    }
    orphansEnded = true;
  }

  private void tick() {
    try {
      if (orphansEnded) {
        look();
      }
    } catch (RuntimeException e) {
      LOG.error("{} cannot be looked after: {}", kind, e.toString(), e);
    }
  }

  /** One look at all of them. */
  synchronized void look() {
    Instant now = clock.instant();
    StuckSockets sockets = sockets(now);
    long running = tasks.values().stream().filter(SupervisedTask::hasRun).count();
    for (SupervisedTask task : List.copyOf(tasks.values())) {
      boolean had = task.hasRun();
      long bytes = task.bytes();
      int runs = task.runs();
      boolean room = running < limits.most();
      LogSubject.of(LogSubject.STREAM, task.task().stream()).during(() -> {
        task.tick(now, room, sockets);
        forgetStopped(task);
      });
      running += (task.hasRun() ? 1 : 0) - (had ? 1 : 0);
      totals(task).add(task.bytes() - bytes, task.runs() > runs && runs > 0 ? 1 : 0);
    }
  }

  private void forgetStopped(SupervisedTask task) {
    if (task.state() == SupervisedTask.State.STOPPED) {
      tasks.remove(task.task().id());
      changed.accept(List.copyOf(tasks.keySet()));
      LOG.info("stream {} does not go to {} any more", task.task().streamShown(), task.task().target());
    }
  }

  private StuckSockets sockets(Instant now) {
    boolean running = tasks.values().stream().anyMatch(SupervisedTask::hasRun);
    if (running && !now.isBefore(socketsAt.plus(SOCKETS_EVERY))) {
      sockets = StuckSockets.now();
      socketsAt = now;
    }
    return sockets;
  }

  private Totals totals(SupervisedTask task) {
    return totals.computeIfAbsent(task.task().group(), any -> new Totals());
  }

  /** Does the task until {@link #stop}; nothing happens where that is done already. */
  public synchronized void start(Task task) {
    SupervisedTask known = tasks.get(task.id());
    if (known != null) {
      known.keep();
    } else {
      Breaker breaker = breakers.computeIfAbsent(task.group(), any -> new Breaker(limits.backoff()));
      tasks.put(task.id(), new SupervisedTask(task, limits, breaker, clock.instant()));
      changed.accept(List.copyOf(tasks.keySet()));
    }
    loop.execute(this::tick);
  }

  /** Nobody wants it any more: its process finishes what it has and ends. */
  public synchronized void stop(String id) {
    SupervisedTask task = tasks.get(id);
    if (task != null) {
      task.stop();
      loop.execute(this::tick);
    }
  }

  /** @return whether there is such a task */
  public synchronized boolean restart(String id) {
    SupervisedTask task = tasks.get(id);
    if (task != null) {
      task.restart(clock.instant());
      loop.execute(this::tick);
    }
    return task != null;
  }

  /** How one of them fares; empty where it is gone. */
  public synchronized Optional<TaskStatus> status(String id) {
    return Optional.ofNullable(tasks.get(id)).map(SupervisedTask::status);
  }

  /** How many tasks of the group are in the state. */
  public synchronized long count(String group, String state) {
    return tasks.values().stream()
        .filter(task -> task.task().group().equals(group) && task.isIn(state))
        .count();
  }

  /** @param changed told the ids of all tasks when some came or went; must not take long */
  public void whenChanged(Consumer<List<String>> changed) {
    this.changed = changed;
  }

  /** How all of them fare, by stream and target. */
  public synchronized List<TaskStatus> statuses() {
    return tasks.values().stream()
        .map(SupervisedTask::status)
        .sorted(Comparator.comparing(TaskStatus::stream).thenComparing(TaskStatus::target))
        .toList();
  }

  /** What each group did since the start, also by tasks that are gone. */
  public synchronized Map<String, Totals> totals() {
    return new LinkedHashMap<>(totals);
  }

  /** Ids of the processes that run. */
  public synchronized List<Long> processes() {
    return tasks.values().stream().map(SupervisedTask::pid).filter(pid -> pid >= 0).toList();
  }

  /** Ends all tasks: they are asked first, and killed when the grace time is over. */
  @Override
  public void close() {
    loop.shutdownNow();
    List<SupervisedTask> all;
    synchronized (this) {
      all = new ArrayList<>(tasks.values());
      all.forEach(SupervisedTask::stop);
    }
    long deadline = System.nanoTime() + SupervisedTask.longestEnd(limits.grace()).plusSeconds(1).toNanos();
    while (all.stream().anyMatch(SupervisedTask::hasRun) && System.nanoTime() < deadline) {
      synchronized (this) {
        all.forEach(task -> task.tick(clock.instant(), false, sockets));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
  }
}
