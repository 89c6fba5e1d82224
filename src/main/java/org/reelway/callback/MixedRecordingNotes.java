package org.reelway.callback;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file for each multi-recording that is still to be told of, in a folder of the state. Other programs may add some. */
final class MixedRecordingNotes {
  private static final Logger LOG = LoggerFactory.getLogger(MixedRecordingNotes.class);
  private static final String FOLDER = "multi-recorder-callbacks";
  private static final String ENDING = ".json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();

  /** @param state folder of our own */
  MixedRecordingNotes(Path state) {
    this.folder = state.resolve(FOLDER);
  }

  /** Makes the folder, so that it is ours and not that of another program that adds something. */
  void prepare() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      LOG.debug("{} cannot be made: {}", folder, e.toString());
    }
  }

  /** On disk when this returns, in place of the one before. @throws IOException also where {@link #prepare} never was */
  void write(MixedRecording note) throws IOException {
    DurableFiles.write(file(note), JSON.writeValueAsBytes(note));
  }

  void delete(MixedRecording note) throws IOException {
    DurableFiles.delete(file(note));
  }

  private Path file(MixedRecording note) {
    return folder.resolve(note.id() + ENDING);
  }

  /**
   * All that are there, by their ids.
   *
   * @throws OurFailure the folder cannot be read
   */
  Map<String, MixedRecording> all() {
    Map<String, MixedRecording> all = new HashMap<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        read(file, all);
      }
      return all;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      throw new OurFailure("what multi-recorders' backends are still to be told cannot be read in " + folder + ": " + e, e);
    }
  }

  private void read(Path file, Map<String, MixedRecording> all) {
    try {
      MixedRecording note = JSON.readValue(DurableFiles.readNote(file), MixedRecording.class);
      all.put(note.id(), note);
    } catch (java.nio.file.NoSuchFileException told) {
      // By another thread, meanwhile.
    } catch (IOException | RuntimeException e) {
      if (unreadable.add(file)) {
        LOG.error("a backend is not told what {} says, for it cannot be read: {}", file, e.toString());
      }
    }
  }
}
