package org.reelway.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.reelway.failure.OurFailure;

/** The API {@code /streams} of a sidecar, over HTTP as any client has it. */
final class StreamCalls {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI server;

  StreamCalls(URI server) {
    this.server = server;
  }

  /** @param body as text */
  record Answer(int status, String body) {
    boolean isGood() {
      return status < 300;
    }

    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }

  /**
   * @param path below {@code /streams}
   * @param body null for none
   * @throws OurFailure it is not answered as it should be
   */
  JsonNode call(String method, String path, JsonNode body) throws IOException {
    Answer answer = ask(method, URI.create(server + "/streams" + path), body);
    if (!answer.isGood()) {
      throw new OurFailure(method + " /streams" + path + " was answered with " + answer.status() + ": " + answer.body());
    }
    return answer.json();
  }

  /** Whatever the answer. */
  Answer get(URI address) throws IOException {
    return ask("GET", address, null);
  }

  static JsonNodeFactory json() {
    return JsonNodeFactory.instance;
  }

  private static Answer ask(String method, URI address, JsonNode body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write(body.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, answer == null ? "" : new String(answer.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
