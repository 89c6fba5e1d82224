package org.reelway.stream.server;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that a media server writes its events to, a line for each: every whole line is handed out once, also after a restart,
 * and where files are rotated, renamed, or cut and begun anew. Files are known by their inode and how they begin. Used by one
 * thread.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  /** Read at a time; no line is longer. */
  private static final int AT_ONCE = 1 << 20;
  /** Handed out at a time, for memory's sake: a megabyte can be half a million lines. */
  private static final int MOST_LINES = 10_000;
  private static final int HEAD = 256;
  private static final int LARGEST_NOTE = 8 << 20;

  private final Path note;
  private final Path folder;
  private final Map<String, Place> places = new HashMap<>();
  private boolean changed;

  /**
   * How far a file was read.
   *
   * @param headLength bytes from its beginning that it is known by; @param head their checksum
   */
  record Place(long offset, int headLength, long head) {}

  /**
   * A line of a file, without its end.
   *
   * @param place that no other line has; the same each time that it is read
   */
  public record Line(byte[] text, String place, String file, Place after) {}

  private EventLog(Path note, Path folder) {
    this.note = note;
    this.folder = folder;
  }

  /** Where the settings name no folder of logs. */
  public static EventLog none() {
    return new EventLog(null, null);
  }

  /**
   * @param note of our own, of how far files were read. Where there is none yet, what files hold by now is passed over: it
   *     happened before anybody wanted to know of it
   */
  public static EventLog open(Path note, Path folder) {
    EventLog log = new EventLog(note, folder);
    if (!Files.isDirectory(folder)) {
      LOG.warn("the folder of event logs {} (reelway.servers.event-log) is not there; it is waited for", folder);
    }
    try {
      if (Files.exists(note)) {
        log.places.putAll(JSON.readValue(DurableFiles.read(note, LARGEST_NOTE), new TypeReference<Map<String, Place>>() {}));
      } else {
        log.passOver();
      }
      return log;
    } catch (IOException e) {
      throw new OurFailure(note + " cannot be read or written: " + e, e);
    }
  }

  private void passOver() throws IOException {
    for (Path file : files()) {
      Place before;
      do {
        before = places.get(keyOf(file));
        List<Line> lines = lines(file.toString());
        lines.stream().skip(Math.max(0, lines.size() - 1)).forEach(this::passed);
        // Where only blank lines, or a part of an endless one, were looked through, more may come.
      } while (!Objects.equals(before, places.get(keyOf(file))));
    }
    if (!places.isEmpty()) {
      LOG.info("events that {} files in {} hold already are passed over", places.size(), folder);
    }
    changed = true;
    save();
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** The lines that are whole and were not handed out yet; not all of many at once. */
  public List<Line> lines(String file) {
    try (FileChannel channel = FileChannel.open(Path.of(file))) {
      String key = key(Path.of(file));
      Place from = from(channel, key);
      if (channel.size() == from.offset()) {
        return List.of();
      }
      byte[] read = read(channel, from.offset(), AT_ONCE);
      return lines(channel, key, from, read);
    } catch (NoSuchFileException gone) {
      return List.of();
    } catch (IOException e) {
      throw new DestinationFailure("the event log " + file + " cannot be read: " + e, e);
    }
  }

  /** A rotation may copy a file and empty it: what the copy holds was handed out as far as the file was read. */
  private Place from(FileChannel channel, String key) throws IOException {
    Place known = places.get(key);
    if (known != null && isSame(channel, known)) {
      return known;
    }
    for (Place other : places.values()) {
      if (other.headLength() == HEAD && isSame(channel, other)) {
        return other;
      }
    }
    return new Place(0, 0, 0);
  }

  private List<Line> lines(FileChannel channel, String key, Place from, byte[] read) throws IOException {
    byte[] head = read(channel, 0, HEAD);
    List<Line> lines = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at < read.length && lines.size() < MOST_LINES; at++) {
      if (read[at] == '\n') {
        byte[] text = withoutReturn(Arrays.copyOfRange(read, begin, at));
        Place after = new Place(from.offset() + at + 1, head.length, checksum(head));
        String place = key + " " + (from.offset() + begin) + " " + checksum(text);
        begin = at + 1;
        if (text.length > 0) {
          lines.add(new Line(text, place, key, after));
        } else if (lines.isEmpty()) {
          pass(key, after);
        }
      }
    }
    if (begin == 0 && read.length == AT_ONCE) {
      LOG.warn("a line of the event log {} has more than {} bytes and is passed over", key, AT_ONCE);
      pass(key, new Place(from.offset() + read.length, head.length, checksum(head)));
    }
    return lines;
  }

  private static byte[] withoutReturn(byte[] line) {
    return line.length > 0 && line[line.length - 1] == '\r' ? Arrays.copyOf(line, line.length - 1) : line;
  }

  private static boolean isSame(FileChannel channel, Place known) throws IOException {
    return channel.size() >= known.offset() && checksum(read(channel, 0, known.headLength())) == known.head();
  }

  private static byte[] read(FileChannel channel, long offset, int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, Math.max(0, channel.size() - offset)));
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
      // Until it is full, or the file has become shorter.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static long checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  /** Its inode; the path where the file system has none. */
  private static String key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toAbsolutePath().toString() : key.toString();
  }

  /** The line is done with, and with it all before it in its file. */
  public void passed(Line line) {
    pass(line.file(), line.after());
  }

  private void pass(String key, Place after) {
    places.put(key, after);
    changed = true;
  }

  /** What has passed is on disk when this returns. Files that are gone are forgotten. */
  public void save() {
    if (!changed) {
      return;
    }
    try {
      // Of a folder that is away, such as one that is not mounted now, nothing is forgotten.
      if (Files.isDirectory(folder)) {
        Set<String> there = files().stream().map(EventLog::keyOf).collect(Collectors.toSet());
        places.keySet().retainAll(there);
      }
      DurableFiles.write(note, JSON.writeValueAsBytes(places));
      changed = false;
    } catch (IOException | UncheckedIOException e) {
      throw new OurFailure(note + " cannot be written: " + e, e);
    }
  }

  private static String keyOf(Path file) {
    try {
      return key(file);
    } catch (NoSuchFileException gone) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
