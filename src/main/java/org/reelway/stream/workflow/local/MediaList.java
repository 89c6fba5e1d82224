package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A media playlist of ours (RFC 8216): segments with numbers that go on and on. Used by one thread at a time. */
final class MediaList {
  private static final String NUMBER = "#EXT-X-MEDIA-SEQUENCE:";
  private static final String DISCONTINUITIES = "#EXT-X-DISCONTINUITY-SEQUENCE:";
  private static final String TARGET = "#EXT-X-TARGETDURATION:";
  private static final String TIME = "#EXT-X-PROGRAM-DATE-TIME:";
  private static final String LENGTH = "#EXTINF:";
  private static final String DISCONTINUITY = "#EXT-X-DISCONTINUITY";
  private static final String KEY = "#EXT-X-KEY:";
  private static final String GAP = "#EXT-X-GAP";
  private static final String END = "#EXT-X-ENDLIST";

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long first;
  private long discontinuities;
  private long target;
  private boolean ended;

  /**
   * A segment.
   *
   * @param name of its file
   * @param at when its first picture came
   * @param discontinuity whether it begins another run of the sender
   * @param key the line that tells how it is encrypted; empty where it is not
   * @param gap whether the store will never have it
   */
  record Entry(long number, String name, double seconds, Instant at, boolean discontinuity, String key, boolean gap) {}

  /** @param target longest segment that is expected, in seconds */
  MediaList(long first, long discontinuities, long target) {
    this.first = first;
    this.discontinuities = discontinuities;
    this.target = target;
  }

  /** What was written before; as new where there is none. */
  static MediaList read(Path file, MediaList none) throws IOException {
    try {
      MediaList list = new MediaList(0, 0, none.target);
      list.take(Files.readString(file));
      return list;
    } catch (NoSuchFileException e) {
      return none;
    }
  }

  private void take(String text) throws IOException {
    double seconds = 0;
    boolean discontinuity = false;
    boolean gap = false;
    String key = "";
    Instant at = Instant.EPOCH;
    try {
      for (String line : text.lines().toList()) {
        if (line.startsWith(NUMBER)) {
          first = Long.parseLong(line.substring(NUMBER.length()));
        } else if (line.startsWith(DISCONTINUITIES)) {
          discontinuities = Long.parseLong(line.substring(DISCONTINUITIES.length()));
        } else if (line.startsWith(TARGET)) {
          target = Math.max(target, Long.parseLong(line.substring(TARGET.length())));
        } else if (line.startsWith(TIME)) {
          at = Instant.parse(line.substring(TIME.length()));
        } else if (line.startsWith(LENGTH)) {
          seconds = Double.parseDouble(line.substring(LENGTH.length(), line.indexOf(',')));
        } else if (line.equals(DISCONTINUITY)) {
          discontinuity = true;
        } else if (line.equals(GAP)) {
          gap = true;
        } else if (line.startsWith(KEY)) {
          key = line;
        } else if (line.equals(END)) {
          ended = true;
        } else if (!line.startsWith("#") && !line.isBlank()) {
          add(line, seconds, at, discontinuity, key, gap);
          discontinuity = false;
          gap = false;
        }
      }
    } catch (NumberFormatException | DateTimeParseException | StringIndexOutOfBoundsException e) {
      throw new IOException("a playlist of ours cannot be read: " + e.getMessage(), e);
    }
  }

  /** @param at when it came, where it follows upon nothing: else it follows upon the one before it */
  Entry add(String name, double seconds, Instant at, boolean discontinuity, String key) {
    return add(name, seconds, at, discontinuity, key, false);
  }

  /** The same segment of another list. @param gap whether the store will never have it */
  void add(Entry other, boolean gap) {
    add(other.name(), other.seconds(), other.at(), other.discontinuity(), other.key(), gap);
  }

  private Entry add(String name, double seconds, Instant at, boolean discontinuity, String key, boolean gap) {
    Instant begins = discontinuity || entries.isEmpty() ? at : last().at().plusNanos((long) (last().seconds() * 1e9));
    Entry entry = new Entry(next(), name, seconds, begins, discontinuity, key, gap);
    entries.add(entry);
    target = Math.max(target, Math.round(Math.ceil(seconds)));
    return entry;
  }

  /** Takes the first one away. */
  Entry drop() {
    Entry dropped = entries.remove();
    first++;
    discontinuities += dropped.discontinuity() ? 1 : 0;
    return dropped;
  }

  void end() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Iterable<Entry> entries() {
    return entries;
  }

  Entry first() {
    return entries.peekFirst();
  }

  Entry last() {
    return entries.peekLast();
  }

  /** Number of the one that comes next. */
  long next() {
    return first + entries.size();
  }

  /** How many discontinuities there are before the next one. */
  long allDiscontinuities() {
    return discontinuities + entries.stream().filter(Entry::discontinuity).count();
  }

  double seconds() {
    return entries.stream().mapToDouble(Entry::seconds).sum();
  }

  boolean isLongerThan(Duration window) {
    return seconds() - entries.getFirst().seconds() >= window.toMillis() / 1000.0;
  }

  /**
   * @param type such as {@code EVENT}; empty for a window
   * @param uri of a segment's, or key's, name
   * @param allTimes whether each segment has its time; else those behind a discontinuity have, and the first one
   */
  String text(String type, UnaryOperator<String> uri, boolean allTimes) {
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n").append(TARGET).append(target).append('\n');
    text.append(NUMBER).append(first).append('\n');
    if (discontinuities > 0) {
      text.append(DISCONTINUITIES).append(discontinuities).append('\n');
    }
    if (!type.isEmpty()) {
      text.append("#EXT-X-PLAYLIST-TYPE:").append(type).append('\n');
    }
    text.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
    String key = "";
    boolean isFirst = true;
    for (Entry entry : entries) {
      if (entry.discontinuity()) {
        text.append(DISCONTINUITY).append('\n');
      }
      if (!entry.key().equals(key)) {
        key = entry.key();
        text.append(key.isEmpty() ? KEY + "METHOD=NONE" : keyed(key, uri)).append('\n');
      }
      if (allTimes || isFirst || entry.discontinuity()) {
        text.append(TIME).append(entry.at().truncatedTo(ChronoUnit.MILLIS)).append('\n');
      }
      isFirst = false;
      if (entry.gap()) {
        text.append(GAP).append('\n');
      }
      text.append(LENGTH).append(String.format(Locale.ROOT, "%.6f,\n", entry.seconds())).append(uri.apply(entry.name()))
          .append('\n');
    }
    if (ended) {
      text.append(END).append('\n');
    }
    return text.toString();
  }

  private static String keyed(String line, UnaryOperator<String> uri) {
    int from = line.indexOf("URI=\"") + 5;
    int to = line.indexOf('"', from);
    return line.substring(0, from) + uri.apply(line.substring(from, to)) + line.substring(to);
  }

  /** Beside, then renamed: nobody sees half of it. */
  static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
