package org.reelway.conference.farm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this worker has of the farm's orders, a file each, so that it knows after a restart which mixes are not its alone. */
final class FarmNotes {
  private static final Logger LOG = LoggerFactory.getLogger(FarmNotes.class);
  private static final String ENDING = ".json";
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Path folder;

  /** @param folder of our own */
  FarmNotes(Path folder) {
    this.folder = folder;
  }

  /**
   * @param id of the order
   * @param mix with its name in place; empty until it is about to get it
   * @param identity text of the mix's {@code FileIdentity}; empty until then
   */
  record Note(String id, long fence, String mix, String identity) {}

  List<Note> all() throws IOException {
    List<Note> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
        for (Path file : files) {
          try {
            all.add(JSON.readValue(DurableFiles.readNote(file), Note.class));
          } catch (IOException e) {
            LOG.error("the note {} of a mix that this worker made cannot be read, and is left: {}", file, e.toString());
          }
        }
      }
    }
    return all;
  }

  /** On disk when this returns. */
  void write(Note note) throws IOException {
    Files.createDirectories(folder);
    DurableFiles.write(folder.resolve(note.id() + ENDING), JSON.writeValueAsBytes(note));
  }

  void delete(String id) throws IOException {
    DurableFiles.delete(folder.resolve(id + ENDING));
  }
}
