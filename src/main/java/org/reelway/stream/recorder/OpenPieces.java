package org.reelway.stream.recorder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.reelway.recording.DurableFiles;
import org.reelway.settings.RecordingNameTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes of the files that are being recorded, so that those of a Reelway that was killed are known for our own. */
final class OpenPieces {
  private static final Logger LOG = LoggerFactory.getLogger(OpenPieces.class);
  private static final String SUFFIX = ".recording";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;

  /**
   * A file that is being recorded.
   *
   * @param unfinished its path until it is whole
   * @param named path that was told when it began
   * @param becomes path that it gets when it is whole; empty until then
   * @param template of its name, and @param values for it when the file began; null in notes of an earlier version
   */
  record Note(
      String unfinished, String named, RecordedStream stream, String becomes, String template,
      RecordingNameTemplate.Values values) {
    private Note becoming(Path file) {
      return new Note(unfinished, named, stream, file.toString(), template, values);
    }

    /**
     * Its name, of a recording that ended without anybody who saw it.
     *
     * @param seconds that it is long
     * @param written when something was written to it for the last time
     */
    Path nameAfter(double seconds, Instant written) {
      Path file = Path.of(unfinished);
      if (template == null) {
        return RecordedPieces.free(file.getParent(), file.getFileName().toString().replaceFirst("\\.mp4\\.tmp$", ""));
      }
      long length = Math.round(seconds * 1000);
      // A server may begin with what it had kept, so that media is ahead of the clock; and mending writes, too.
      long ended = Math.min(values.startTimeMillis() + length, written.toEpochMilli());
      return RecordedPieces.free(file.getParent(), RecordingNameTemplate.parse(template).of(values.ended(length, ended)));
    }
  }

  /** @param path of the note */
  record Open(Path path, Note note) {
    /** No other file's. */
    String id() {
      String name = path.getFileName().toString();
      return name.substring(0, name.length() - SUFFIX.length());
    }
  }

  /** @param folder of our own */
  OpenPieces(Path folder) {
    this.folder = folder;
  }

  /** @param named path that it will have, as far as is known */
  Open begun(
      Path unfinished, Path named, RecordedStream stream, RecordingNameTemplate template,
      RecordingNameTemplate.Values values) throws IOException {
    Files.createDirectories(folder);
    Note note =
        new Note(unfinished.toAbsolutePath().toString(), named.toAbsolutePath().toString(), stream, "", template.toString(), values);
    return written(new Open(folder.resolve(UUID.randomUUID() + SUFFIX), note));
  }

  /** It is about to get this name. */
  Open becoming(Open open, Path file) throws IOException {
    return written(new Open(open.path(), open.note().becoming(file.toAbsolutePath())));
  }

  private static Open written(Open open) throws IOException {
    DurableFiles.write(open.path(), JSON.writeValueAsBytes(open.note()));
    return open;
  }

  void ended(Open open) throws IOException {
    DurableFiles.delete(open.path());
  }

  List<Open> all() {
    List<Open> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path note : notes) {
        read(note, all);
      }
    } catch (IOException e) {
      LOG.error("recordings of a Reelway that was killed cannot be looked for in {}: {}", folder, e.toString());
    }
    return all;
  }

  private static void read(Path path, List<Open> all) {
    try {
      all.add(new Open(path, JSON.readValue(DurableFiles.readNote(path), Note.class)));
    } catch (IOException e) {
      LOG.error("the note {} of a recording of a Reelway that was killed cannot be read: {}", path, e.toString());
    }
  }
}
