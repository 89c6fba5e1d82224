package org.reelway.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway hook mix FILE [creationTime durationMs recorderUri]}: what WCS's {@code on_multiple_record_hook.sh} does. */
@Command(
    name = "mix",
    description = {
      "A recording of several streams is finished: has the running sidecar mix it in its turn, and marks it to be sent.",
      "The arguments are those of Flashphoner's on_multiple_record_hook.sh."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it is noted, and will be mixed whatever happens", "1:no sidecar answers", "2:the command line or the settings are"
          + " wrong, or the file cannot be taken", "64:FILE is not there"
    })
final class MixHook implements Callable<Integer> {
  private static final int NO_FILE = 64;

  @Mixin private SettingsOptions options;

  @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
  private Path file;

  @Parameters(index = "1", arity = "0..1", paramLabel = "creationTime", description = "Seconds since 1904.")
  private Long creationTime;

  @Parameters(index = "2", arity = "0..1", paramLabel = "durationMs", description = "Of the recording.")
  private Long durationMillis;

  @Parameters(index = "3", arity = "0..1", paramLabel = "recorderUri", description = "Of the multi-recorder.")
  private String recorderUri;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.exists(file)) {
      spec.commandLine().getErr().println("reelway: " + file + " is not there; name a recording by its path");
      return NO_FILE;
    }
    Settings settings = options.load(Set.of());
    // Mixed first: once it is marked it may be sent, and deleted.
    String id = new RunningSidecar(settings).post("/mixes", json()).path("id").asText();
    new MarkedByCommand(settings).mark(file, null);
    spec.commandLine().getOut().println(id);
    return 0;
  }

  private String json() {
    ObjectNode json = JsonMapper.builder().build().createObjectNode();
    json.put("file", file.toAbsolutePath().normalize().toString());
    if (creationTime != null) {
      json.put("creationTime", creationTime.toString());
    }
    if (durationMillis != null) {
      json.put("durationMs", durationMillis.toString());
    }
    if (recorderUri != null) {
      json.put("recorderUri", recorderUri);
    }
    return json.toString();
  }
}
