package org.reelway.stream.server.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerAway;

/** Asks a media server's API. Redirects are not followed, and nobody is waited for long. */
final class ServerApiCalls {
  private static final int PATIENCE_MILLIS = 5000;
  private static final int LONGEST_ANSWER_MILLIS = 15_000;
  /** Thousands of streams. */
  private static final int LARGEST_ANSWER = 16 * 1024 * 1024;

  private final URI base;
  private final String userInfo;

  ServerApiCalls(ServerApi server) {
    this.base = server.uri();
    this.userInfo = server.userInfo();
  }

  /**
   * What a server answered, whatever its status.
   *
   * @param status of HTTP
   * @param uri that was asked, without its query
   */
  record Reply(int status, String text, String uri) {
    /** @throws DestinationFailure that names status and URI, and what to do */
    DestinationFailure refused() {
      return new DestinationFailure(
          uri + " answers with status " + status + "; allow this machine to ask, with the user and password that it wants,"
              + " and name the API's base in reelway.servers.api");
    }
  }

  /**
   * @param path behind the base, with its query, which no message shows
   * @throws ServerAway where nothing listens there
   * @throws DestinationFailure where it answers otherwise than it should
   */
  String get(String path) {
    Reply reply = call(path, null);
    if (reply.status() != HttpURLConnection.HTTP_OK) {
      throw reply.refused();
    }
    return reply.text();
  }

  /**
   * As {@link #get}, whatever the status.
   *
   * @param json body of a POST; null for a GET
   */
  Reply call(String path, String json) {
    String root = base.toString();
    URI uri = URI.create((root.endsWith("/") && !path.isEmpty() ? root.substring(0, root.length() - 1) : root) + path);
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Accept", "application/json, application/xml, text/xml");
      if (!userInfo.isEmpty()) {
        String basic = Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
        connection.setRequestProperty("Authorization", "Basic " + basic);
      }
      if (json != null) {
        post(connection, json);
      }
      return answer(shown(uri), connection);
    } catch (ConnectException | NoRouteToHostException e) {
      throw new ServerAway("nothing listens at " + shown(uri) + " (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new DestinationFailure(shown(uri) + " cannot be asked: " + withoutQuery(e.toString()), e);
    }
  }

  private static void post(HttpURLConnection connection, String json) throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Without its query, which may hold what is secret. */
  private static String shown(URI uri) {
    return withoutQuery(uri.toString());
  }

  private static String withoutQuery(String words) {
    return words.replaceAll("\\?\\S*", "");
  }

  private static Reply answer(String uri, HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      connection.disconnect();
      return new Reply(status, "", uri);
    }
    try (InputStream in = connection.getInputStream()) {
      return new Reply(status, text(uri, connection, in), uri);
    }
  }

  private static String text(String uri, HttpURLConnection connection, InputStream in) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_ANSWER_MILLIS);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      all.write(buffer, 0, count);
      boolean slow = System.nanoTime() > deadline;
      if (slow || all.size() > LARGEST_ANSWER) {
        connection.disconnect();
        throw new DestinationFailure(
            uri + " answers " + (slow ? "too slowly" : "with more than " + LARGEST_ANSWER + " bytes"));
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }
}
