package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a command asked for. */
final class EmsConfig {
  private static final Map<String, Integer> OPERATIONS = Map.of("pull", 1, "push", 2, "record", 7);

  final long id;
  /** {@code pull}, {@code push} or {@code record}. */
  final String kind;
  final Map<String, String> parameters;
  String computedPathToFile = "";
  int files;
  private String status = "Connecting";
  private String before = "";

  EmsConfig(long id, String kind, Map<String, String> parameters) {
    this.id = id;
    this.kind = kind;
    this.parameters = parameters;
  }

  String parameter(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  String local() {
    return parameter("localStreamName", "");
  }

  boolean isKept() {
    return parameter("keepAlive", "1").equals("1");
  }

  void become(String next) {
    before = status;
    status = next;
  }

  String settingsName() {
    return kind + "Settings";
  }

  /** As listings and events show it: the URI of a push in parts, all user variables. */
  ObjectNode settings() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("configId", id).put("operationType", OPERATIONS.get(kind));
    parameters.forEach(
        (name, value) -> {
          if (name.equals("keepAlive")) {
            json.put(name, isKept());
          } else if (name.equals("uri") && kind.equals("push")) {
            json.putObject("targetUri").put("fullUri", value).put("originalUri", value);
          } else {
            json.put(name, value);
          }
        });
    if (!computedPathToFile.isEmpty()) {
      json.put("computedPathToFile", computedPathToFile);
    }
    return json;
  }

  /** As {@code listConfig} shows it. */
  ObjectNode listed() {
    ObjectNode json = settings();
    long seconds = System.currentTimeMillis() / 1000;
    ObjectNode all = json.putObject("status");
    all.putObject("current").put("code", 0).put("description", status).put("timestamp", seconds);
    all.putObject("previous").put("code", 0).put("description", before).put("timestamp", seconds);
    return json;
  }
}
