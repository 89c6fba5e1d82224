package org.reelway.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.HttpsURLConnection;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.ManagementSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.access.Logins;

/** The sidecar that runs with the same settings, asked over HTTP: what commands use that need a running one. */
final class RunningSidecar {
  /** Longer than the sidecar waits for a connection to a store that is away. */
  private static final int PATIENCE_MILLIS = 12_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Settings settings;

  RunningSidecar(Settings settings) {
    this.settings = settings;
  }

  private static final Server API =
      new Server(HttpSettings.HOST, HttpSettings.PORT, HttpSettings.TLS_CERTIFICATE, HttpSettings.USERNAME, Logins::http);
  private static final Server MANAGEMENT =
      new Server(
          ManagementSettings.HOST, ManagementSettings.PORT, ManagementSettings.TLS_CERTIFICATE, ManagementSettings.USERNAME,
          Logins::management);

  private record Server(
      Setting<String> host, Setting<Integer> port, Setting<Path> certificate, Setting<String> username,
      Function<Settings, Logins> logins) {}

  /** @param body as the server sent it, empty where there was none */
  record Answer(URI address, int status, String body) {
    /** @throws OurFailure the body is no JSON: something else listens there */
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new OurFailure("the answer of " + address + " is no JSON; is it Reelway's?", e);
      }
    }

    OurFailure isNotOurs() {
      return new OurFailure(
          address + " answers " + status + "; is it Reelway's, with the same username and password?");
    }
  }

  /**
   * One request to the server for hooks and the API.
   *
   * @param path with the leading slash
   * @throws InputFailure the server refuses what was asked for; its own words
   * @throws OurFailure nobody answers, or not Reelway, or it cannot do that now
   */
  JsonNode api(String method, String path) {
    return api(method, path, null);
  }

  /** As {@link #api}, a POST of JSON. */
  JsonNode post(String path, String json) {
    return api("POST", path, json);
  }

  private JsonNode api(String method, String path, String json) {
    Answer answer = ask(API, method, path, json);
    if (answer.status() < 300) {
      return answer.json();
    }
    String error = answer.body().startsWith("{") ? answer.json().path("error").asText() : "";
    if (error.isEmpty()) {
      throw answer.isNotOurs();
    }
    if (answer.status() >= 500) {
      throw new OurFailure(answer.address() + " answers " + answer.status() + ": " + error);
    }
    throw new InputFailure(error);
  }

  /** One GET of the API, whatever its status. */
  Answer look(String path) {
    return ask(API, "GET", path, null);
  }

  /** One GET of the management server, whatever its status. */
  Answer management(String path) {
    return ask(MANAGEMENT, "GET", path, null);
  }

  private Answer ask(Server server, String method, String path, String json) {
    Path certificate = settings.get(server.certificate());
    String scheme = certificate == null ? "http://" : "https://";
    URI address = URI.create(scheme + host(settings.get(server.host())) + ":" + known(server.port()) + path);
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      if (certificate != null) {
        OwnCertificate.trust((HttpsURLConnection) connection, server.certificate(), certificate);
      }
      connection.setRequestMethod(method);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      login(server).ifPresent(login -> connection.setRequestProperty("Authorization", login));
      if (json != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
      }
      return answer(address, connection);
    } catch (IOException e) {
      throw new OurFailure("no answer from " + address + ": " + e.getMessage() + "; does the sidecar run?", e);
    }
  }

  private int known(Setting<Integer> port) {
    if (settings.get(port) == 0) {
      throw new InputFailure(port.key() + " is 0, any free port, so nobody can know which; set a fixed one");
    }
    return settings.get(port);
  }

  /** A server on every address is asked on loopback. */
  private static String host(String bound) {
    String name = bound.replaceAll("^\\[|\\]$", "");
    if (name.equals("0.0.0.0")) {
      return "127.0.0.1";
    }
    return name.equals("::") ? "[::1]" : name.contains(":") ? "[" + name + "]" : name;
  }

  /** @throws InputFailure where the server asks for one, and the settings have none that can be sent */
  private Optional<String> login(Server server) {
    Logins logins = server.logins().apply(settings);
    Optional<String> own = logins.own();
    if (logins.areAsked() && own.isEmpty()) {
      throw new InputFailure(
          "the sidecar asks for a login, and no account of the role operate in " + HttpSettings.ACCESS_FILE
              + " has its secret as such there; set " + server.username() + " and its password, for commands too");
    }
    return own;
  }

  private static Answer answer(URI address, HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(address, status, text);
    } finally {
      connection.disconnect();
    }
  }
}
