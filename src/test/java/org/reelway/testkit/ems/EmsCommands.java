package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The commands of the HTTP command line, as strict as they are documented. Used under the lock of the {@link EmsNet}. */
final class EmsCommands {
  private static final Pattern PAIR = Pattern.compile("(_?[A-Za-z][A-Za-z0-9]*)=([^\\s\\p{Cntrl}\"'\\\\]+)");
  private static final Map<String, Set<String>> REQUIRED =
      Map.of(
          "pushStream", Set.of("uri"), "pullStream", Set.of("uri"), "record", Set.of("localStreamName", "pathToFile"),
          "shutdownStream", Set.of(), "listStreams", Set.of(), "getStreamInfo", Set.of(), "listConfig", Set.of(),
          "removeConfig", Set.of(), "setTimer", Set.of("value"));
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "pushStream",
          Set.of("uri", "keepAlive", "localStreamName", "targetStreamName", "targetStreamType", "emulateUserAgent", "tcUrl",
              "pageUrl", "swfUrl", "ttl", "tos"),
          "pullStream",
          Set.of("uri", "keepAlive", "localStreamName", "forceTcp", "emulateUserAgent", "tcUrl", "pageUrl", "swfUrl"),
          "record",
          Set.of("localStreamName", "pathToFile", "type", "overwrite", "keepAlive", "chunkLength", "waitForIDR",
              "winQtCompat", "dateFolderStructure"),
          "shutdownStream", Set.of("id", "localStreamName", "permanently"), "listStreams", Set.of("disableInternalStreams"),
          "getStreamInfo", Set.of("id", "localStreamName"), "listConfig", Set.of(),
          "removeConfig", Set.of("id", "groupName", "removeHlsHdsFiles"), "setTimer", Set.of("value"));

  private final EmsState state;
  private final Map<Long, ObjectNode> timers = new LinkedHashMap<>();
  private long lastTimer;

  EmsCommands(EmsState state) {
    this.state = state;
  }

  /** A command that EMS refuses. */
  static final class Fail extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fail(String description) {
      super(description);
    }
  }

  /** @param data null where there is none */
  record Answer(JsonNode data, String description) {}

  /** @param query as it came over the wire; null for none */
  static Map<String, String> parameters(String query) {
    if (query == null) {
      return Map.of();
    }
    if (!query.startsWith("params=")) {
      throw new Fail("Invalid query");
    }
    String text;
    try {
      String base64 = URLDecoder.decode(query.substring("params=".length()), StandardCharsets.UTF_8);
      text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fail("params is not base64");
    }
    Map<String, String> all = new LinkedHashMap<>();
    for (String pair : text.split(" ", -1)) {
      var found = PAIR.matcher(pair);
      if (!found.matches() || all.put(found.group(1), found.group(2)) != null) {
        throw new Fail("Invalid command syntax: " + pair);
      }
    }
    return all;
  }

  Answer execute(String command, Map<String, String> parameters) {
    if (command.equals("listTimers")) {
      return new Answer(array(new ArrayList<>(timers.values())), "Timers");
    } else if (command.equals("removeTimer")) {
      return removeTimer(parameters);
    } else if (!KNOWN.containsKey(command)) {
      throw new Fail("command not known: " + command);
    }
    if (!parameters.keySet().containsAll(REQUIRED.get(command))) {
      throw new Fail("Syntax error: " + REQUIRED.get(command) + " wanted");
    }
    for (String name : parameters.keySet()) {
      if (!name.startsWith("_") && !KNOWN.get(command).contains(name)) {
        throw new Fail("Invalid parameter: " + name);
      }
    }
    return switch (command) {
      case "pushStream" -> begun("push", parameters, "enqueued for pushing");
      case "pullStream" -> begun("pull", parameters, "enqueued for pulling");
      case "record" -> begun("record", parameters, "enqueued for recording");
      case "shutdownStream" -> shutdown(stream(parameters), parameters.getOrDefault("permanently", "1").equals("1"));
      case "getStreamInfo" -> new Answer(stream(parameters).stats(), "Stream information");
      case "listStreams" ->
          new Answer(array(state.streams.values().stream().map(EmsStream::stats).toList()), "Available streams");
      case "listConfig" -> new Answer(configs(), "Run-time configuration");
      case "removeConfig" -> removeConfig(parameters);
      default -> setTimer(parameters);
    };
  }

  private Answer begun(String kind, Map<String, String> parameters, String words) {
    EmsConfig config = state.configure(kind, parameters);
    return new Answer(config.settings(), "Stream " + parameters.getOrDefault("uri", config.local()) + " " + words);
  }

  private EmsStream stream(Map<String, String> parameters) {
    if (parameters.containsKey("id")) {
      EmsStream stream = state.streams.get(Long.parseLong(parameters.get("id")));
      if (stream != null) {
        return stream;
      }
    } else if (state.inbound(parameters.getOrDefault("localStreamName", "")).isPresent()) {
      return state.inbound(parameters.get("localStreamName")).get();
    }
    throw new Fail("Stream not found");
  }

  private Answer shutdown(EmsStream stream, boolean permanently) {
    state.end(stream, permanently);
    return new Answer(JsonNodeFactory.instance.objectNode().set("streamInfo", stream.stats()), "Stream closed");
  }

  private ObjectNode configs() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (String kind : List.of("dash", "hds", "hls", "mss", "process", "pull", "push", "record", "webrtc")) {
      json.set(kind, array(state.configs.values().stream().filter(c -> c.kind.equals(kind)).map(EmsConfig::listed).toList()));
    }
    return json;
  }

  private Answer removeConfig(Map<String, String> parameters) {
    EmsConfig config = state.configs.remove(Long.parseLong(parameters.getOrDefault("id", "-1")));
    if (config == null) {
      throw new Fail("Configuration not found");
    }
    state.find(each -> each.config == config).ifPresent(each -> state.end(each, true));
    return new Answer(config.settings(), "Configuration terminated");
  }

  private Answer setTimer(Map<String, String> parameters) {
    ObjectNode timer = JsonNodeFactory.instance.objectNode().put("timerId", ++lastTimer).put("triggerCount", 0);
    parameters.forEach(timer::put);
    timers.put(lastTimer, timer);
    return new Answer(timer, "Timer created");
  }

  private Answer removeTimer(Map<String, String> parameters) {
    ObjectNode timer = timers.remove(Long.parseLong(parameters.getOrDefault("id", "-1")));
    if (timer == null) {
      throw new Fail("Timer not found");
    }
    return new Answer(timer, "Timer removed");
  }

  /** The payload of its next event. */
  ObjectNode fired(long timer) {
    ObjectNode json = timers.get(timer);
    return json.put("triggerCount", json.path("triggerCount").asInt() + 1).deepCopy();
  }

  private static ArrayNode array(List<ObjectNode> all) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    all.forEach(json::add);
    return json;
  }
}
