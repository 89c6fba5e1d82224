package org.reelway.camel.jmx;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.MimeMapping;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.reelway.camel.http.HttpGuard;
import org.reelway.camel.http.HttpRefusal;
import org.reelway.camel.http.PageFiles;
import org.reelway.failure.InputFailure;

/**
 * Hawtio's page: files of its web application, and what they ask a server beside Jolokia. Its own server would bring a second
 * Jolokia, a second login and a proxy to other ports of this machine.
 */
public final class HawtioPage implements Handler<RoutingContext> {
  public static final String PATH = "/hawtio";
  private static final String INDEX = "/index.html";
  /** Before the page's own scripts. */
  private static final String SOURCE_VIEW = "<script src=\"" + PATH + "/source-view.js\"></script>";
  private static final Pattern FILE = Pattern.compile("/((static|img)/.*|[^/]+\\.(js|json|ico))");
  /** The page asks where it stands: whether there are plugins, other logins, sessions that end, and other machines. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/plugin", "[]", "/keycloak/enabled", "false", "/auth/config", "{}", "/auth/config/session-timeout", "{}", "/proxy/enabled",
          "false");

  private static final String RULES =
      "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
          + "style-src 'self' 'unsafe-inline'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

  /** @throws InputFailure it is not on the class path */
  public HawtioPage() {
    if (HawtioPage.class.getResource(PATH + INDEX) == null) {
      throw new InputFailure(
          "reelway.hawtio.enabled is true, but Hawtio's page is not on the class path: start Reelway by its launcher ./reelway, which"
              + " adds the folder hawtio-lib beside the jar where one plain line sets it, or add that folder's jar (docs/hawtio.md)");
    }
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.normalizedPath().substring(PATH.length());
    HttpServerResponse response = context.response();
    response.putHeader("Content-Security-Policy", RULES);
    if (path.isEmpty()) {
      response.setStatusCode(302).putHeader("Location", PATH + "/").end();
    } else if (path.equals("/user")) {
      response.putHeader("Content-Type", "application/json").end(Json.encode(HttpGuard.account(context).name()));
    } else if (path.equals("/auth/logout")) {
      // A browser forgets a login that is refused.
      HttpGuard.refuseLogin(context, "you are logged out");
    } else if (ANSWERS.containsKey(path)) {
      response.putHeader("Content-Type", "application/json").end(ANSWERS.get(path));
    } else {
      file(response, FILE.matcher(path).matches() ? path : INDEX);
    }
  }

  private static void file(HttpServerResponse response, String path) {
    if (HawtioPage.class.getResource(PATH + path) == null) {
      HttpRefusal.send(response, 404, "there is nothing at " + PATH + path);
      return;
    }
    boolean neverChanges = path.startsWith("/static/");
    response.putHeader("Cache-Control", neverChanges ? "private, max-age=31536000, immutable" : "no-cache")
        .putHeader("Content-Type", MimeMapping.getMimeTypeForFilename(path))
        .end(content(path));
  }

  private static Buffer content(String path) {
    byte[] file = PageFiles.read(PATH + path);
    return path.equals(INDEX)
        ? Buffer.buffer(new String(file, StandardCharsets.UTF_8).replace("<head>", "<head>" + SOURCE_VIEW))
        : Buffer.buffer(file);
  }
}
