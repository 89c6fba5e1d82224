package org.reelway.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Plain requests to one server. */
public final class HttpCalls {
  private static final HttpClient CLIENT = client();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI server;
  private final String authorization;

  private static HttpClient client() {
    // Read once, when the first client is made.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  public HttpCalls(URI server) {
    this(server, null);
  }

  private HttpCalls(URI server, String authorization) {
    this.server = server;
    this.authorization = authorization;
  }

  /** @param status of the answer; @param body as text */
  public record Answer(int status, HttpHeaders headers, String body) {
    Answer(int status, String body) {
      this(status, HttpHeaders.of(Map.of(), (name, value) -> true), body);
    }

    /** Empty where there is none. */
    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON: " + body, e);
      }
    }

    /** The member {@code error} of a failure. */
    public String error() {
      return json().path("error").asText();
    }
  }

  public URI server() {
    return server;
  }

  /** The same server, asked with HTTP basic authentication. */
  public HttpCalls as(String username, String password) {
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new HttpCalls(server, "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  public Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  public Answer post(String path, String contentType, String body, String... headers) {
    return send(request(path, headers).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer put(String path) {
    return send(request(path).PUT(BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
