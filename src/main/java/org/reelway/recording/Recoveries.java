package org.reelway.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.OurFailure;

/**
 * Notes of recordings whose writer died, in the shadow folder of their recordings folder. A note is on disk before the
 * marker that orders the transfer, and goes away with it, so that a raw file can never be taken for a finished recording.
 */
public final class Recoveries {
  private static final String FOLDER = ".recovery";
  private static final JsonMapper JSON = new JsonMapper();

  private Recoveries() {}

  private static Path note(RecordingFolder folder, Path file) {
    // A name of its own length would not fit where the recording's has no room for a suffix.
    String name = RecordingId.ofMissing(file);
    return folder.shadow().resolve(FOLDER).resolve(name + ".json");
  }

  /** Writes the note durably; a note that was there is replaced. */
  public static void write(RecordingFolder folder, Path file, Recovery recovery) {
    Path note = note(folder, file);
    byte[] text =
        JSON.createObjectNode()
            .put("kind", recovery.kind().word())
            .put("file", file.toString())
            .put("from", recovery.from())
            .put("identity", recovery.file().text())
            .put("keep", recovery.keep())
            .put("what", recovery.what())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    try {
      Files.createDirectories(note.getParent());
      DurableFiles.write(note, text);
    } catch (IOException e) {
      throw new OurFailure("the note " + note + " of " + file + " cannot be written: " + e, e);
    }
  }

  /** Empty where the file is a recording like any other. */
  public static Optional<Recovery> of(RecordingFolder folder, Path file) {
    Path note = note(folder, file);
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(DurableFiles.readNote(note));
      return Recovery.Kind.of(json.path("kind").asText())
          .flatMap(
              kind ->
                  FileIdentity.parse(json.path("identity").asText())
                      .map(
                          identity ->
                              new Recovery(
                                  kind,
                                  json.path("from").asText(),
                                  identity,
                                  json.path("keep").asBoolean(),
                                  json.path("what").asText())));
    } catch (IOException e) {
      // Without it a raw file would take the place of a finished recording.
      throw new OurFailure("the note " + note + " of " + file + " cannot be read: " + e, e);
    }
  }

  public static Optional<Recovery> of(MarkedRecording recording) {
    return of(recording.folder(), recording.file());
  }

  /** Whether the file was written to, or replaced, since the note was made: then nobody ordered its transfer. */
  public static boolean isStale(MarkedRecording recording) {
    Optional<Recovery> recovery = of(recording);
    try {
      return recovery.isPresent() && !recovery.get().file().equals(FileIdentity.of(recording.file()));
    } catch (IOException missing) {
      return false;
    }
  }

  static void remove(RecordingFolder folder, Path file) throws IOException {
    DurableFiles.delete(note(folder, file));
  }
}
