package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.reelway.failure.Failure;
import org.reelway.live.PublishedFolder;
import org.reelway.stream.workflow.local.MediaList.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What viewers get of a session: {@code index.m3u8} with the last minute, {@code startover.m3u8} with the start-over window, and
 * while the stream is live, a playlist at the public place. Guarded by itself.
 */
final class ViewerOutput {
  static final String INDEX = "index.m3u8";
  static final String STARTOVER = "startover.m3u8";
  private static final Logger LOG = LoggerFactory.getLogger(ViewerOutput.class);
  /** A playlist of 12 hours is long; players of it are late anyway. */
  private static final Duration STARTOVER_EVERY = Duration.ofSeconds(10);
  /** What the playlist may hold while the store takes nothing. */
  private static final int MOST_UNPUBLISHED = 1800;

  private final Path folder;
  private final String names;
  private final Duration window;
  private final Duration startoverWindow;
  private final SegmentKeys keys;
  private final PublishedFolder published;
  private final MediaList index;
  private final MediaList startover;
  private Path publicPlaylist;
  private long startoverAt;
  private boolean startoverChanged;
  private volatile String startoverTrouble = "";

  /**
   * @param folder of the stream's viewer files
   * @param names how its segments' names begin
   * @param keys null where nothing is encrypted
   * @param next number of the first segment, where the session has none yet
   * @param discontinuities before that one
   */
  ViewerOutput(
      Path folder, String names, LocalPlan plan, Duration startoverWindow, SegmentKeys keys,
      PublishedFolder published, long next, long discontinuities) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.names = names;
    this.window = plan.window();
    this.startoverWindow = startoverWindow;
    this.keys = keys;
    this.published = published;
    long target = Math.max(1, Math.round(Math.ceil(plan.segment().toMillis() / 1000.0)) + 1);
    this.index = MediaList.read(folder.resolve(INDEX), new MediaList(next, discontinuities, target));
    this.startover =
        MediaList.read(folder.resolve("." + STARTOVER), new MediaList(index.isEmpty() ? next : index.first().number(),
            discontinuities, target));
    // Whether the last version was put before a kill is not known.
    this.startoverChanged = !startover.isEmpty();
  }

  /** @param newRun whether it does not follow the one before it */
  synchronized void add(Path file, double seconds, Instant at, boolean newRun) throws IOException {
    long number = index.next();
    String name = names + String.format("%06d", number) + ".ts";
    Path segment = folder.resolve(name);
    String key = "";
    if (keys == null) {
      Files.move(file, segment, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Path beside = folder.resolve("." + name);
      key = keys.encrypt(file, beside, number, at);
      Files.move(beside, segment, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(file);
    }
    index.add(name, seconds, at, newRun && number > 0, key);
    move();
    write();
  }

  /** Nothing leaves the window before the store has it: so the start-over playlist has everything. */
  private void move() throws IOException {
    for (long over = lastOver(); startover.next() <= over; startoverChanged = true) {
      Entry entry = entry(startover.next());
      startover.add(entry, !isStored(entry));
    }
    while (index.isLongerThan(window) && (isInStartover(index.first()) || index.next() - index.first().number() > MOST_UNPUBLISHED)) {
      Entry dropped = index.drop();
      if (!isInStartover(dropped)) {
        startover.add(dropped, !isStored(dropped));
      }
    }
    while (!startover.isEmpty() && startover.first().number() < index.first().number()
        && startover.first().at().isBefore(index.last().at().minus(startoverWindow))) {
      remove(startover.drop());
    }
  }

  private boolean isInStartover(Entry entry) {
    return entry.number() < startover.next();
  }

  private Entry entry(long number) {
    for (Entry entry : index.entries()) {
      if (entry.number() == number) {
        return entry;
      }
    }
    throw new IllegalStateException("segment " + number + " is not in the list");
  }

  private boolean isStored(Entry entry) {
    return published.names(folder.resolve(INDEX), folder.resolve(entry.name()));
  }

  /** Number of the last segment that the store has, or will never have: the one behind it is there, or its playlist is complete. */
  private long lastOver() {
    if (startover.next() > index.last().number() || index.isEnded() && isEnded(folder.resolve(INDEX))) {
      return index.last().number();
    }
    long last = startover.next() - 1;
    for (Entry entry : index.entries()) {
      last = entry.number() > last && isStored(entry) ? entry.number() : last;
    }
    return last;
  }

  private void remove(Entry entry) throws IOException {
    Files.deleteIfExists(folder.resolve(entry.name()));
    String key = SegmentKeys.name(entry.key());
    String next = startover.isEmpty() ? SegmentKeys.name(index.first().key()) : SegmentKeys.name(startover.first().key());
    if (!key.isEmpty() && !key.equals(next)) {
      Files.deleteIfExists(folder.resolve(key));
    }
  }

  private void write() throws IOException {
    MediaList.write(folder.resolve(INDEX), index.text("", UnaryOperator.identity(), false));
    published.written(folder.resolve(INDEX));
    writePublic();
  }

  private void writePublic() throws IOException {
    if (publicPlaylist != null && !index.isEmpty()) {
      Files.createDirectories(publicPlaylist.getParent());
      String up = publicPlaylist.getParent().relativize(folder).toString().replace('\\', '/') + "/";
      MediaList.write(publicPlaylist, index.text("", name -> up + name, false));
      published.written(publicPlaylist);
    }
  }

  /** @param playlist at the public place; null for none. It is taken down by others. */
  synchronized void makePublic(Path playlist) throws IOException {
    if (!Objects.equals(playlist, publicPlaylist)) {
      publicPlaylist = playlist;
      writePublic();
    }
  }

  /** Now and then: the start-over playlist, where it is due. */
  void tick() {
    dueStartover(false).ifPresent(this::putStartover);
  }

  /** Its text, where it has to be put; kept beside the segments too, for the next start. */
  private synchronized Optional<String> dueStartover(boolean now) {
    try {
      if (!index.isEmpty()) {
        move();
      }
      long time = System.nanoTime();
      boolean due = now || startoverAt == 0 || time - startoverAt > STARTOVER_EVERY.toNanos();
      if (!startoverChanged || !due) {
        return Optional.empty();
      }
      startoverAt = time;
      String text = startover.text("", UnaryOperator.identity(), false);
      MediaList.write(folder.resolve("." + STARTOVER), text);
      startoverChanged = false;
      return Optional.of(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without holding up segments. */
  private boolean putStartover(String text) {
    try {
      published.put(folder.resolve(STARTOVER), text);
      startoverTrouble = "";
      return true;
    } catch (Failure e) {
      if (startoverTrouble.isEmpty()) {
        LOG.info("{} is published later: {}", folder.resolve(STARTOVER), e.getMessage());
      }
      startoverTrouble = e.getMessage();
      synchronized (this) {
        startoverChanged = true;
      }
      return false;
    }
  }

  /** Nothing more comes. */
  synchronized void end() throws IOException {
    if (!index.isEmpty() && !index.isEnded()) {
      index.end();
      write();
    }
  }

  /** Whether all of it is in the store, after {@link #end}. */
  boolean isPublished() {
    return isIndexPublished() && dueStartover(true).map(this::putStartover).orElse(true);
  }

  private synchronized boolean isIndexPublished() {
    if (index.isEmpty()) {
      return true;
    }
    try {
      move();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean all = startover.next() > index.last().number() && isEnded(folder.resolve(INDEX))
        && (publicPlaylist == null || isEnded(publicPlaylist));
    if (all && !startover.isEnded()) {
      startover.end();
      startoverChanged = true;
    }
    return all;
  }

  /** What the store has may be the end of a session before this one. */
  private boolean isEnded(Path playlist) {
    return published.isEnded(playlist) && namesAny(playlist);
  }

  private boolean namesAny(Path playlist) {
    for (Entry entry : index.entries()) {
      if (published.names(playlist, folder.resolve(entry.name()))) {
        return true;
      }
    }
    return false;
  }

  synchronized long next() {
    return index.next();
  }

  synchronized long discontinuities() {
    return index.allDiscontinuities() + 1;
  }
}
