package org.reelway.transfer.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The repairs under way, one small file each. If they are lost, the broken files are found and repaired again. */
final class RepairJobs {
  private static final Logger LOG = LoggerFactory.getLogger(RepairJobs.class);
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;

  RepairJobs(Path folder) {
    this.folder = folder;
  }

  private Path file(RepairJob job) {
    return folder.resolve(job.id() + ".json");
  }

  void write(RepairJob job) {
    ObjectNode json = JSON.createObjectNode();
    json.put("folder", job.folder().toString())
        .put("raw", job.raw().toString())
        .put("identity", job.identity().text())
        .put("what", job.what());
    if (job.out() != null) {
      json.put("out", job.out().toString()).put("outId", job.outId());
    }
    try {
      Files.createDirectories(folder);
      DurableFiles.write(file(job), json.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new OurFailure("the state of a repair cannot be written to " + folder + ": " + e, e);
    }
  }

  /** Whether a job of this id is under way, see {@link RepairJob#id()}. */
  boolean has(String id) {
    return Files.exists(folder.resolve(id + ".json"));
  }

  void remove(RepairJob job) {
    try {
      DurableFiles.delete(file(job));
    } catch (IOException e) {
      throw new OurFailure("the state of a repair cannot be removed from " + folder + ": " + e, e);
    }
  }

  List<RepairJob> all() {
    List<RepairJob> jobs = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return jobs;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        read(file).ifPresent(jobs::add);
      }
    } catch (IOException e) {
      throw new OurFailure("the state of repairs cannot be read from " + folder + ": " + e, e);
    }
    return jobs;
  }

  private static Optional<RepairJob> read(Path file) throws IOException {
    try {
      JsonNode json = JSON.readTree(DurableFiles.readNote(file));
      String out = json.path("out").asText("");
      return FileIdentity.parse(json.path("identity").asText())
          .map(
              identity ->
                  new RepairJob(
                      Path.of(json.path("folder").asText()),
                      Path.of(json.path("raw").asText()),
                      identity,
                      out.isEmpty() ? null : Path.of(out),
                      out.isEmpty() ? null : json.path("outId").asText(),
                      json.path("what").asText()));
    } catch (NoSuchFileException done) {
      return Optional.empty();
    } catch (IOException | InvalidPathException torn) {
      LOG.warn("{} is no state of a repair ({}): the recording is repaired again", file, torn.toString());
      Files.delete(file);
      return Optional.empty();
    }
  }
}
