package org.reelway.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.ViaQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway hook mediamtx EVENT}: what MediaMTX's hooks run; reads the variables that they are given. */
@Command(
    name = "mediamtx",
    description = {
      "A hook of MediaMTX: ready, not-ready or segment-complete, with the variables MTX_... that it sets.",
      "segment-complete writes the recording's marker, also where no sidecar runs; the others tell the running one."
    },
    exitCodeList = {"0:told, or marked", "1:no sidecar answers", "2:wrong input"})
final class MediaMtxHook extends SettingsCommand {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Parameters(paramLabel = "EVENT", description = "ready, not-ready or segment-complete.")
  private String event;

  @Option(
      names = "--server",
      paramLabel = "NAME",
      defaultValue = "127.0.0.1",
      description = "Which MediaMTX, where there are several (default: ${DEFAULT-VALUE}).")
  private String server;

  @Override
  public Integer call() {
    Settings settings = settingsWithoutSecretFiles();
    switch (event) {
      case "segment-complete" ->
          out().println(
              new MarkedByCommand(settings).mark(segment(), variable("MTX_PATH")).marker());
      case "ready", "not-ready" -> tell(new RunningSidecar(settings));
      default ->
          throw new InputFailure(
              "\"" + event + "\" is no hook that is known; allowed: ready, not-ready, segment-complete");
    }
    return 0;
  }

  private static Path segment() {
    return EventJson.path("MTX_SEGMENT_PATH", variable("MTX_SEGMENT_PATH"));
  }

  private void tell(RunningSidecar sidecar) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("event", event);
    fields.put("path", variable("MTX_PATH"));
    fields.put("source", System.getenv().getOrDefault("MTX_SOURCE_ID", ""));
    fields.put("type", System.getenv().getOrDefault("MTX_SOURCE_TYPE", ""));
    fields.putAll(ViaQuery.details(System.getenv().getOrDefault("MTX_QUERY", "")));
    sidecar.post(
        "/hooks/mediamtx?server=" + java.net.URLEncoder.encode(server, java.nio.charset.StandardCharsets.UTF_8),
        JSON.valueToTree(fields).toString());
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new InputFailure(name + " is not set; MediaMTX sets it for the commands of its hooks");
    }
    return value;
  }
}
