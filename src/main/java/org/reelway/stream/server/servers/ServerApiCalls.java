package org.reelway.stream.server.servers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerAway;
import org.reelway.transfer.http.HttpCaller;

/** Asks a media server's API. Redirects are not followed, and nobody is waited for long. */
final class ServerApiCalls {
  /** Without a charset: some servers compare the whole of it. */
  private static final ContentType JSON = ContentType.create("application/json");

  /** An answer may tell of thousands of streams. */
  private static final HttpCaller.Limits LIMITS =
      new HttpCaller.Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(15), 16 << 20, 64);
  private static final HttpCaller HTTP = new HttpCaller(ServerApiCalls::trust, LIMITS);

  private final URI base;
  private final String userInfo;

  ServerApiCalls(ServerApi server) {
    this.base = server.uri();
    this.userInfo = server.userInfo();
  }

  /** The JVM's. */
  private static SSLContext trust() throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
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
    if (reply.status() != HttpStatus.SC_OK) {
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
    ClassicRequestBuilder request =
        json == null ? ClassicRequestBuilder.get(uri)
            : ClassicRequestBuilder.post(uri).setEntity(new ByteArrayEntity(json.getBytes(StandardCharsets.UTF_8), JSON));
    request.addHeader("Accept", "application/json, application/xml, text/xml");
    if (!userInfo.isEmpty()) {
      String basic = Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
      request.addHeader("Authorization", "Basic " + basic);
    }
    try {
      return HTTP.client().execute(request.build(), answer -> reply(shown(uri), answer));
    } catch (ConnectException | NoRouteToHostException e) {
      throw new ServerAway("nothing listens at " + shown(uri) + " (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new DestinationFailure(shown(uri) + " cannot be asked: " + withoutQuery(e.toString()), e);
    }
  }

  private static Reply reply(String uri, ClassicHttpResponse answer) throws IOException {
    HttpEntity body = answer.getEntity();
    boolean wanted = answer.getCode() == HttpStatus.SC_OK && body != null;
    byte[] text = wanted ? body.getContent().readAllBytes() : new byte[0];
    return new Reply(answer.getCode(), new String(text, StandardCharsets.UTF_8), uri);
  }

  /** Without its query, which may hold what is secret. */
  private static String shown(URI uri) {
    return withoutQuery(uri.toString());
  }

  private static String withoutQuery(String words) {
    return words.replaceAll("\\?\\S*", "");
  }
}
