package org.reelway.stream.recorder;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes of what media servers were told to record, written before they are told: whatever else they record is not ours.
 * For servers that keep no word of ours themselves. Safe for several threads, each note used by one at a time.
 */
final class ServerNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ServerNotes.class);
  private static final String NOTE = ".server-recording";
  private static final int FIELDS = 7;

  private final Path folder;

  /**
   * @param by source of the server's events; @param server its name
   * @param session the server's id of the stream's run, where recordings are told by it; else empty
   * @param digest of the order
   * @param file that the server answered; empty for none
   */
  record Note(String by, String server, String app, String stream, String session, String digest, String file) {
    Note with(Path path) {
      return new Note(by, server, app, stream, session, digest, path.toString());
    }

    /** Of the recording: one at a time has it. */
    String key() {
      return encoded(Stream.of(by, server, app, session.isEmpty() ? stream : "", session));
    }

    private String text() {
      return encoded(Stream.of(by, server, app, stream, session, digest, file));
    }

    private static String encoded(Stream<String> fields) {
      return fields.map(field -> URLEncoder.encode(field, StandardCharsets.UTF_8)).collect(Collectors.joining("\n"));
    }
  }

  /** @param folder of our own */
  ServerNotes(Path folder) {
    this.folder = folder;
  }

  /** @throws OurFailure where it cannot be written: then the server must not be told */
  void write(Note note) {
    try {
      Files.createDirectories(folder);
      DurableFiles.write(file(note), note.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new OurFailure(
          "the note of a recording cannot be written to " + folder + " (" + e + "); give reelway.state.folder room", e);
    }
  }

  /** The one of this recording, as it was written last. */
  Optional<Note> find(Note like) {
    return all(like.by(), like.server()).stream().filter(note -> note.key().equals(like.key())).findFirst();
  }

  void remove(Note note) {
    try {
      DurableFiles.delete(file(note));
    } catch (IOException e) {
      LOG.warn("the note {} of a recording that has ended cannot be deleted: {}", file(note), e.toString());
    }
  }

  private Path file(Note note) {
    return folder.resolve(Sha256.hex(note.key(), 32) + NOTE);
  }

  /** Those of the server. */
  List<Note> all(String by, String server) {
    List<Note> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + NOTE)) {
      for (Path file : files) {
        read(file).filter(note -> note.by().equals(by) && note.server().equals(server)).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw new OurFailure("notes of recordings cannot be read in " + folder + ": " + e, e);
    }
    return all;
  }

  /** One that cannot be read is none. */
  private static Optional<Note> read(Path file) {
    try {
      String[] fields = new String(DurableFiles.readNote(file), StandardCharsets.UTF_8).split("\n", -1);
      if (fields.length != FIELDS) {
        return Optional.empty();
      }
      List<String> text = Stream.of(fields).map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8)).toList();
      return Optional.of(
          new Note(text.get(0), text.get(1), text.get(2), text.get(3), text.get(4), text.get(5), text.get(6)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("the note {} cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }
}
