package org.reelway.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.reelway.camel.MixerFeature;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.failure.OurFailure;
import org.reelway.media.tracks.MovieTime;
import org.reelway.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reelway hook mix FILE [creationTime durationMs recorderUri]}: what WCS's {@code on_multiple_record_hook.sh} does. */
@Command(
    name = "mix",
    description = {
      "A recording of several streams is finished: has the sidecar mix it in its turn, and marks it to be sent.",
      "The sidecar may run or not. The arguments are those of Flashphoner's on_multiple_record_hook.sh."
    },
    exitCodeList = {
      "0:it is noted, and will be mixed whatever happens",
      "1:no sidecar answers, and no note can be left for it",
      "2:the command line or the settings are wrong, or the file cannot be taken",
      "64:FILE is not there"
    })
final class MixHook extends SettingsCommand {
  @Mixin private WcsArguments arguments;
  @Override
  public Integer call() throws IOException {
    Optional<String> missing = arguments.missing();
    if (missing.isPresent()) {
      err().println("reelway: " + missing.get());
      return WcsArguments.NO_FILE;
    }
    Settings settings = settingsWithoutSecretFiles();
    MarkedByCommand marking = new MarkedByCommand(settings);
    marking.requireTaken(arguments.file());
    // Mixed first: once it is marked it may be sent, and deleted.
    String id = ordered(settings);
    marking.mark(arguments.file(), null);
    out().println(id);
    return 0;
  }

  /** A sidecar that runs answers whether it takes the file; for one that does not a job is left on the disk. */
  private String ordered(Settings settings) throws IOException {
    try {
      return new RunningSidecar(settings).post("/mixes", json()).path("id").asText();
    } catch (OurFailure away) {
      MixOrder order =
          MixOrder.of(arguments.file(), arguments.recorderUri(), arguments.created(), arguments.length());
      return MixJobs.leave(MixerFeature.folder(settings), order);
    }
  }

  private String json() {
    ObjectNode json = JsonMapper.builder().build().createObjectNode();
    json.put("file", arguments.file().toString());
    json.put("recorderUri", arguments.recorderUri());
    arguments.created().ifPresent(created -> json.put("creationTime", MovieTime.of(created)));
    arguments.length().ifPresent(length -> json.put("durationMs", length.toMillis()));
    return json.toString();
  }
}
