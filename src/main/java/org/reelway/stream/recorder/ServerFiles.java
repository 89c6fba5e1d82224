package org.reelway.stream.recorder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that media servers write for us, as they begin and end: noted before they are told, so that the end of one whose
 * beginning was told is told too, by whichever Reelway finds out. Safe for several threads.
 */
final class ServerFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ServerFiles.class);
  private static final String SUFFIX = ".server-file";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final RecordingListener listener;
  private final Map<Recording, Note> open = new HashMap<>();
  private final List<Note> untold = new ArrayList<>();
  private boolean read;

  /**
   * A recording: it writes one file at a time.
   *
   * @param session the server's id of the stream's run, where recordings are told by it; else empty
   */
  record Recording(String by, String server, String app, String stream, String session) {
    static Recording of(ServerNotes.Note note) {
      return new Recording(note.by(), note.server(), note.app(), note.stream(), note.session());
    }
  }

  /** A file that has ended. @param stream its name */
  record Ended(Path file, String stream) {}

  /** @param file as the server names it; @param number of those that began, in their order; @param id no other file's */
  private record Note(Recording recording, RecordedStream stream, String file, long number, String id) {}

  /** @param folder of our own */
  ServerFiles(Path folder, RecordingListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * The recording writes to this file; nothing happens where that is known.
   *
   * @return the one before it, which has ended
   */
  synchronized Optional<Ended> writes(Recording recording, RecordedStream stream, Path file) {
    return writes(recording, stream, file, UUID.randomUUID());
  }

  /** As {@link #writes(Recording, RecordedStream, Path)}, for servers that give no name twice: told again, it is the same. */
  synchronized Optional<Ended> writesUnique(Recording recording, RecordedStream stream, Path file) {
    return writes(recording, stream, file, UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private Optional<Ended> writes(Recording recording, RecordedStream stream, Path file, UUID id) {
    read();
    Note known = open.get(recording);
    if (known != null && known.file().equals(file.toString())) {
      return Optional.empty();
    }
    Optional<Ended> before = ended(recording);
    long number = 1 + open.values().stream().mapToLong(Note::number).max().orElse(0);
    Note note = new Note(recording, stream, file.toString(), number, id.toString());
    write(note);
    open.put(recording, note);
    began(note);
    return before;
  }

  /** The recording has ended, and the file that it was writing, if that is known. */
  synchronized Optional<Ended> ended(Recording recording) {
    read();
    Note note = open.remove(recording);
    if (note == null) {
      return Optional.empty();
    }
    tellEnd(note);
    return Optional.of(new Ended(Path.of(note.file()), note.stream().name()));
  }

  /**
   * Those of recordings that have ended without anybody here; what could not be told is told again.
   *
   * @param left whether the recording is no more
   */
  synchronized List<Ended> endThose(Predicate<Recording> left) {
    read();
    List<Note> again = List.copyOf(untold);
    untold.clear();
    again.forEach(this::tellEnd);
    return open.keySet().stream().filter(left).toList().stream().flatMap(each -> ended(each).stream()).toList();
  }

  private boolean began(Note note) {
    return listener.began(note.stream(), Path.of(note.file()), note.id());
  }

  private void tellEnd(Note note) {
    if (began(note) && listener.ended(note.stream(), Path.of(note.file()), note.id())) {
      delete(note);
    } else {
      untold.add(note);
    }
  }

  private void write(Note note) {
    try {
      Files.createDirectories(folder);
      DurableFiles.write(path(note), JSON.writeValueAsBytes(note));
    } catch (IOException e) {
      LOG.error("a note of {}, which is being recorded, cannot be written to {}: {}; should Reelway be killed now, its end"
          + " is told to nobody", note.file(), folder, e.toString());
    }
  }

  private void delete(Note note) {
    try {
      DurableFiles.delete(path(note));
    } catch (IOException e) {
      LOG.warn("the note {} of a recording that has ended cannot be deleted: {}", path(note), e.toString());
    }
  }

  private Path path(Note note) {
    return folder.resolve(note.id() + SUFFIX);
  }

  private static void read(Path note, List<Note> all) {
    try {
      all.add(JSON.readValue(DurableFiles.readNote(note), Note.class));
    } catch (IOException e) {
      LOG.error("the note {} of a recording of a Reelway before this one cannot be read: {}", note, e.toString());
    }
  }

  /** Those of a Reelway before this one: perhaps it had not told of all. */
  private void read() {
    if (read) {
      return;
    }
    read = true;
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Note> all = new ArrayList<>();
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path note : notes) {
        read(note, all);
      }
    } catch (IOException e) {
      LOG.error("notes of recordings of a Reelway before this one cannot be read in {}: {}", folder, e.toString());
    }
    all.stream().sorted(Comparator.comparingLong(Note::number)).forEach(note -> {
      began(note);
      Note before = open.put(note.recording(), note);
      if (before != null) {
        tellEnd(before);
      }
    });
  }
}
