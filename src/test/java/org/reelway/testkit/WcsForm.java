package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** JSON as Flashphoner WCS documents it: an example, and whether something else is of its form, member by member. */
public enum WcsForm {
  MULTI_RECORDER_CALLBACK("multi-recorder-callback.json");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String resource;

  WcsForm(String resource) {
    this.resource = resource;
  }

  public JsonNode example() {
    try (InputStream in = WcsForm.class.getResourceAsStream("/wcs/" + resource)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same members at the same places in the same order, each of the same type, and no others; values may differ. */
  public JsonNode assertIsTheForm(String json) {
    try {
      JsonNode given = JSON.readTree(json);
      assertThat(members("", given)).as(json).isEqualTo(members("", example()));
      return given;
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  /** Of numbers, whether they need 64 bits does not matter to JSON: that they are whole does. */
  private static List<String> members(String path, JsonNode node) {
    List<String> all = new ArrayList<>();
    String type = node.isIntegralNumber() ? "whole number" : node.getNodeType().name();
    all.add(path + ": " + type);
    node.properties().forEach(member -> all.addAll(members(path + "/" + member.getKey(), member.getValue())));
    if (node.isArray()) {
      node.forEach(element -> all.addAll(members(path + "[]", element)));
    }
    return all;
  }
}
