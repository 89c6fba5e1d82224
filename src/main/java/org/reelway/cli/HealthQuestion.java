package org.reelway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.reelway.config.ManagementSettings;
import org.reelway.config.Settings;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/** One request to the management server that the settings describe. */
final class HealthQuestion {
  /** Longer than the sidecar waits for a connection to a store that is away. */
  private static final int PATIENCE_MILLIS = 12_000;

  private final Settings settings;

  HealthQuestion(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param kind empty, {@code /live} or {@code /ready}
   * @throws OurFailure no sidecar answers there
   */
  HealthAnswer ask(String kind) {
    URI address = address(kind);
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(java.net.Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      String username = settings.get(ManagementSettings.USERNAME);
      if (username != null) {
        connection.setRequestProperty("Authorization", basic(username, settings.get(ManagementSettings.PASSWORD)));
      }
      return answer(address, connection);
    } catch (IOException e) {
      throw new OurFailure("no answer from " + address + ": " + e.getMessage() + "; does the sidecar run?", e);
    }
  }

  private URI address(String kind) {
    int port = settings.get(ManagementSettings.PORT);
    if (port == 0) {
      throw new InputFailure(
          ManagementSettings.PORT.key() + " is 0, any free port, so nobody can know which; set a fixed one");
    }
    return URI.create("http://" + host(settings.get(ManagementSettings.HOST)) + ":" + port + "/observe/health" + kind);
  }

  /** A server on every address is asked on loopback. */
  private static String host(String bound) {
    String name = bound.replaceAll("^\\[|\\]$", "");
    if (name.equals("0.0.0.0")) {
      return "127.0.0.1";
    }
    return name.equals("::") ? "[::1]" : name.contains(":") ? "[" + name + "]" : name;
  }

  private static String basic(String username, String password) {
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static HealthAnswer answer(URI address, HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    // 503 is the answer of a sidecar that is not well, with the same body.
    try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
      if (status != 200 && status != 503) {
        throw new OurFailure(address + " answers " + status + "; is it Reelway's, with the same username and password?");
      }
      return HealthAnswer.parse(text);
    } catch (IllegalArgumentException e) {
      throw new OurFailure("the answer of " + address + " " + e.getMessage() + "; is it Reelway's?", e);
    } finally {
      connection.disconnect();
    }
  }
}
