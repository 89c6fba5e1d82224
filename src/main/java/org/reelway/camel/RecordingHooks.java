package org.reelway.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.WatchedFolders;

/**
 * {@code POST /hooks/recorded}: a media server, or a script of it, reports a finished recording. JSON {@code {"file": …,
 * "stream": …}} or a form with these fields; {@code path} and {@code name}, as nginx-rtmp sends them, are taken for them.
 */
public final class RecordingHooks {
  private static final JsonMapper JSON = ForeignJson.reader().build();

  private final WatchedFolders folders;

  RecordingHooks(WatchedFolders folders) {
    this.folders = folders;
  }

  /** @param marker is on disk */
  public record Marked(String id, String file, String marker) {}

  public Marked recorded(Message message) {
    byte[] body = message.getBody(byte[].class);
    String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
    return mark(fields(body == null ? new byte[0] : body, type, formFields(message)));
  }

  /** A form's fields arrive as headers. */
  private static Map<String, String> formFields(Message message) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : new String[] {"file", "stream", "path", "name"}) {
      String value = message.getHeader(name, String.class);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static Map<String, String> fields(byte[] body, String type, Map<String, String> form) {
    String text = new String(body, StandardCharsets.UTF_8);
    return type.startsWith("application/json") || text.stripLeading().startsWith("{") ? json(text) : form;
  }

  private static Map<String, String> json(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      JsonNode json = JSON.readTree(text);
      json.properties().forEach(member -> fields.put(member.getKey(), member.getValue().asText()));
    } catch (JsonProcessingException e) {
      throw new InputFailure("the body is not JSON: " + e.getOriginalMessage());
    }
    return fields;
  }

  private Marked mark(Map<String, String> fields) {
    String file = fields.getOrDefault("file", fields.getOrDefault("path", ""));
    String stream = fields.getOrDefault("stream", fields.get("name"));
    if (file.isBlank()) {
      throw new InputFailure(
          "no file is named; send JSON {\"file\": \"/recordings/a.mp4\", \"stream\": \"a\"} or a form with file=…");
    }
    MarkedRecording recording = folders.mark(path(file), stream == null || stream.isBlank() ? null : stream);
    return new Marked(RecordingFlow.idOf(recording), recording.file().toString(), recording.marker().toString());
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new InputFailure("\"" + file + "\" is no path: " + e.getReason());
    }
  }
}
