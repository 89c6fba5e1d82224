package org.reelway.recorder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes of the files that are being recorded, so that those of a Reelway that was killed are known for our own. */
final class OpenPieces {
  private static final Logger LOG = LoggerFactory.getLogger(OpenPieces.class);
  private static final String NOTE = ".recording";

  private final Path folder;

  /** @param folder of our own */
  OpenPieces(Path folder) {
    this.folder = folder;
  }

  /**
   * @param file unfinished
   * @return names the note
   */
  Path begun(Path file, String stream) throws IOException {
    Files.createDirectories(folder);
    Path note = folder.resolve(UUID.randomUUID() + NOTE);
    DurableFiles.write(note, (file.toAbsolutePath() + "\n" + stream).getBytes(StandardCharsets.UTF_8));
    return note;
  }

  void ended(Path note) throws IOException {
    DurableFiles.delete(note);
  }

  /** @param stream its name */
  record Open(Path note, Path file, String stream) {}

  List<Open> all() {
    List<Open> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, "*" + NOTE)) {
      for (Path note : notes) {
        String[] words = Files.readString(note).split("\n", 2);
        all.add(new Open(note, Path.of(words[0]), words.length < 2 ? "" : words[1]));
      }
    } catch (IOException e) {
      LOG.error("recordings of a Reelway that was killed cannot be looked for in {}: {}", folder, e.toString());
    }
    return all;
  }
}
