package org.reelway.live;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.RecordingChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunks that playlists name now, and the workers that send them: each chunk once, streams by turns. */
final class LiveChunks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveChunks.class);
  /** A chunk whose file is written to: it is a matter of moments. */
  private static final Backoff SOON = new Backoff(Duration.ofMillis(50), Duration.ofMillis(500));
  /** One whose file is not there: when it comes there is an event, as a rule. */
  private static final Backoff MISSING = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

  /** When to look after it was sent whether the file is still the one that is in the store. */
  private static final Backoff LOOKS = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(16));
  private static final int MOST_LOOKS = 7;

  private final Map<Path, Chunk> chunks = new ConcurrentHashMap<>();
  private final FairQueue<Chunk> queue;
  private final ScheduledExecutorService timer;
  private final Backoff backoff;
  private final Function<Chunk, ChunkSender> senders;
  private final Supplier<Instant> now;
  private final Thread[] workers;

  /** @param senders by chunk, as each live folder has its own */
  LiveChunks(
      int atOnce,
      ScheduledExecutorService timer,
      Backoff backoff,
      Function<Chunk, ChunkSender> senders,
      Supplier<Instant> now) {
    this.queue = new FairQueue<>(Math.max(1, atOnce / 4));
    this.timer = timer;
    this.backoff = backoff;
    this.senders = senders;
    this.now = now;
    this.workers = new Thread[atOnce];
    for (int i = 0; i < atOnce; i++) {
      workers[i] = new Thread(this::work, "live-chunk-" + i);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  /** The chunk of the file under this key, which the playlist wants from now on. */
  Chunk of(Path file, String key, boolean numbered, LivePlaylist by) {
    return chunks.compute(
        file,
        (path, known) -> {
          boolean same = known != null && known.name().equals(key);
          if (known != null && !same) {
            known.wantedBy().clear();
          }
          Chunk chunk = same ? known : new Chunk(path, key, numbered, now.get());
          chunk.addWantedBy(by);
          return chunk;
        });
  }

  void want(Chunk chunk, NamedFile named, LivePlaylist by) {
    if (chunk.want(named)) {
      queue.add(by, chunk);
    }
  }

  /**
   * The playlist does not name it any more.
   *
   * @return whether nobody does, and it was never sent
   */
  boolean release(Chunk chunk, LivePlaylist by) {
    chunks.compute(
        chunk.file(),
        (path, known) -> {
          chunk.wantedBy().remove(by);
          return chunk.wantedBy().isEmpty() ? null : known;
        });
    return chunk.wantedBy().isEmpty() && !chunk.isInStore() && !chunk.isLost();
  }

  /** Keys that playlists are about to name, or name. */
  Set<String> wantedKeys() {
    return chunks.values().stream().map(Chunk::key).collect(Collectors.toSet());
  }

  /** The file came to be, or was written to: if it is waited for, it need not wait for its next try. */
  void appeared(Path file) {
    Chunk chunk = chunks.get(file);
    if (chunk != null && chunk.isInStore()) {
      look(chunk);
    } else if (chunk != null && !chunk.trouble().isEmpty()) {
      again(chunk);
    }
  }

  /** Its file may be written to without an event, although it was listed and sent. */
  private void look(Chunk chunk) {
    chunk.beginLooks();
    plan(chunk, LOOKS.after(1));
  }

  private void plan(Chunk chunk, Duration delay) {
    chunk.plan(delay, () -> timer.schedule(() -> due(chunk), delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Its next try, or look where it is in the store. */
  private void due(Chunk chunk) {
    chunk.begin();
    LivePlaylist by = chunk.wantedBy().stream().findFirst().orElse(null);
    if (by == null) {
      return;
    }
    if (!chunk.isInStore()) {
      again(chunk);
      return;
    }
    if (chunk.queueToLook()) {
      queue.add(by, chunk);
    }
    int looks = chunk.looked();
    if (looks < MOST_LOOKS) {
      plan(chunk, LOOKS.after(looks + 1));
    }
  }

  private void again(Chunk chunk) {
    for (LivePlaylist by : chunk.wantedBy()) {
      if (chunk.queue()) {
        queue.add(by, chunk);
      }
      return;
    }
  }

  int waiting() {
    return queue.size();
  }

  private void work() {
    try {
      for (FairQueue.Turn<Chunk> turn = queue.take(); turn != null; turn = queue.take()) {
        Chunk chunk = turn.work();
        Duration retry = null;
        boolean asIs = false;
        try {
          asIs = chunk.wantedBy().isEmpty() || chunk.isHeldAsWanted() && !isOther(chunk);
          retry = asIs ? null : send(chunk, (LivePlaylist) turn.stream());
        } finally {
          chunk.unqueue();
          queue.done(turn);
        }
        if (asIs) {
          // More of it may have been wanted meanwhile.
          again(chunk);
        } else if (retry == null) {
          again(chunk);
          look(chunk);
          chunk.wantedBy().forEach(LivePlaylist::poke);
        } else {
          plan(chunk, retry);
        }
      }
    } catch (InterruptedException | java.util.concurrent.RejectedExecutionException stopping) {
      LOG.debug("no more chunks are sent");
    }
  }

  /** Whether its file is another one than its object, and written to its end: then it is sent anew. */
  private boolean isOther(Chunk chunk) {
    try {
      FileIdentity file = FileIdentity.of(chunk.file());
      boolean other = chunk.isReplacedBy(file) && senders.apply(chunk).isSettled(chunk, file);
      if (other) {
        chunk.replaced(now.get());
      }
      return other;
    } catch (IOException | InputFailure gone) {
      return false;
    }
  }

  /** @return when to try again; null when it is in the store */
  private Duration send(Chunk chunk, LivePlaylist stream) {
    try {
      ChunkSender.Outcome outcome = senders.apply(chunk).send(chunk);
      stream.wentWell();
      if (outcome == ChunkSender.Outcome.SENT) {
        stream.happened(LiveEvent.Kind.CHUNK, chunk.key(), "", delay(chunk));
      }
      return null;
    } catch (NoSuchFileException missing) {
      String why = missing.getReason() == null ? "its file is not there" : missing.getReason();
      return MISSING.after(chunk.failed(why, true));
    } catch (RecordingChanged changing) {
      return SOON.after(chunk.failed(changing.getMessage(), false));
    } catch (DestinationFailure away) {
      stream.triedInVain(chunk.key(), away.getMessage());
      return backoff.after(chunk.failed(away.getMessage(), false));
    } catch (RuntimeException e) {
      int failures = chunk.failed(String.valueOf(e.getMessage()), false);
      if (failures == 1) {
        LOG.error("{} cannot be sent and is tried again: {}", chunk.file(), e.getMessage(), e instanceof Failure ? null : e);
      }
      return backoff.after(failures);
    }
  }

  private Duration delay(Chunk chunk) {
    try {
      FileIdentity file = FileIdentity.of(chunk.file());
      Duration delay = Duration.between(Instant.ofEpochSecond(0, file.modifiedNanos()), now.get());
      return delay.isNegative() ? Duration.ZERO : delay;
    } catch (IOException removed) {
      return Duration.ZERO;
    }
  }

  /** No chunk is begun any more. */
  void beginNothing() {
    queue.close();
  }

  /**
   * Returns when the requests under way have ended, or when the time is over.
   *
   * @param end by {@link System#nanoTime}
   */
  void finish(long end) throws InterruptedException {
    beginNothing();
    for (Thread worker : workers) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left > 0) {
        worker.join(left);
      }
    }
  }

  @Override
  public void close() {
    queue.close();
    for (Thread worker : workers) {
      worker.interrupt();
    }
    for (Thread worker : workers) {
      try {
        worker.join(2000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
