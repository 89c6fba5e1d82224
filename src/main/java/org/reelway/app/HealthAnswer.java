package org.reelway.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code /observe/health} answers. Shape: {@code {"status": "UP", "checks":
 * [{"name": "store", "status": "DOWN", "message": "…"}]}}.
 */
record HealthAnswer(boolean up, List<Check> checks) {
  HealthAnswer {
    checks = List.copyOf(checks);
  }

  /** @param message empty where the check has none */
  record Check(String name, boolean up, String message) {
    @Override
    public String toString() {
      return name + (up ? " is up" : " is down") + (message.isEmpty() ? "" : ": " + message);
    }
  }

  /** @throws IllegalArgumentException the text is not of this shape */
  static HealthAnswer parse(String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON", e);
    }
    if (!root.path("status").isTextual()) {
      throw new IllegalArgumentException("has no status");
    }
    List<Check> checks = new ArrayList<>();
    for (JsonNode check : root.path("checks")) {
      checks.add(new Check(check.path("name").asText(), isUp(check), check.path("message").asText()));
    }
    return new HealthAnswer(isUp(root), checks);
  }

  private static boolean isUp(JsonNode node) {
    return node.path("status").asText().equals("UP");
  }

  List<Check> ill() {
    return checks.stream().filter(check -> !check.up()).toList();
  }
}
