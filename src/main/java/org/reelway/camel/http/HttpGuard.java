package org.reelway.camel.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.settings.access.Account;
import org.reelway.settings.access.Logins;
import org.reelway.settings.access.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything that an HTTP server of ours answers. Refuses all until it is opened. Where there are accounts, asks
 * who it is (HTTP basic, RFC 7617, or a bearer token, RFC 6750), and whether his role may do that. On loopback without any,
 * refuses what a web page in a browser on this machine could send: requests from another origin, and names that are not this
 * machine's (DNS rebinding).
 */
public final class HttpGuard implements AuthenticationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HttpGuard.class);

  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /** Only scripts can send it, and those of other origins only where they were allowed to, which none is here. */
  private static final String ACTION = "X-Reelway-Action";

  private static final Pattern JSON = Pattern.compile("(application|text)/json", Pattern.CASE_INSENSITIVE);

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  /** Of each answer: what the page shows as possible. */
  public static final String ROLE = "X-Reelway-Role";

  private final Logins logins;
  private final Audit audit;
  private final Seldom toldWrongLogins = new Seldom();
  private final WrongLogins wrongLogins = new WrongLogins();
  private final ViewerTurns viewers;
  private final HeldRequests held;
  private HealthHandler health;
  private volatile boolean errorsAreReplaced;
  private volatile String closed = "Reelway is starting, and its routes do not stand yet; ask again in a second";

  public HttpGuard(Logins logins, Audit audit, ViewerTurns viewers, HeldRequests held) {
    this.logins = logins;
    this.audit = audit;
    this.viewers = viewers;
    this.held = held;
  }

  /** Has questions for health answered, of those who may ask; before the first request can come. */
  void answerHealthBy(HealthHandler handler) {
    health = handler;
  }

  /** From now on requests are let through. */
  public void open() {
    closed = null;
  }

  /** @param reason told to whoever asks from now on; it may be asked again later */
  public void close(String reason) {
    closed = reason;
  }

  /** Camel keeps its server's outer router to itself; requests come through both. */
  private void replaceErrors(RoutingContext context) {
    if (!errorsAreReplaced) {
      Stream.iterate((RoutingContextInternal) context, Objects::nonNull, RoutingContextInternal::parent)
          .forEach(inner -> HttpRefusal.replaceErrorsOf(inner.currentRouter()));
      errorsAreReplaced = true;
    }
  }

  @Override
  public void handle(RoutingContext context) {
    if (held.keeps(context)) {
      return;
    }
    replaceErrors(context);
    String reason = closed;
    HttpServerRequest request = context.request();
    List<String> hosts = request.headers().getAll("Host");
    AnswerHeaders.put(context.response());
    if (reason != null) {
      HttpRefusal.away(context, reason);
    } else if (hosts.size() > 1 || hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0) {
      HttpRefusal.send(context, 400, "the request has " + hosts.size() + " Host headers; HTTP/1.1 wants exactly one");
    } else if (RequestBody.isTooLong(request)) {
      HttpRefusal.send(context, 413, RequestBody.TOO_LONG);
    } else if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      // Nothing here needs one, and a connection that is no longer HTTP has no limits.
      HttpRefusal.send(context, 501, "WebSockets are not spoken here");
    } else if (isForeignPage(request) && !isForViewers(context) && !isHandedOn(context)) {
      HttpRefusal.send(context, 403, "requests of web pages from elsewhere are not taken");
    } else if (mayBeAForm(request)) {
      HttpRefusal.send(
          context, 403, "a web page changes nothing here by a plain form: send JSON, or the header " + ACTION + " with any value");
    } else if (!logins.areAsked()) {
      ofAnybody(context);
    } else if (!mustWait(context)) {
      logins.account(request.getHeader("Authorization")).ifPresentOrElse(
          account -> ofAccount(context, account), () -> wrongLogin(context));
    }
  }

  private void ofAnybody(RoutingContext context) {
    if (isOwnName(context.request())) {
      allowed(context, Account.ANYBODY);
    } else {
      HttpRefusal.send(
          context, 403,
          "the Host header is not this machine's loopback name; set a username and a password to allow others");
    }
  }

  private void ofAccount(RoutingContext context, Account account) {
    HttpServerRequest request = context.request();
    wrongLogins.right(source(request));
    context.setUser(User.create(
        new JsonObject().put("username", account.name()), new JsonObject().put("role", account.role().word())));
    context.response().putHeader(ROLE, account.role().word());
    if (RolePaths.allow(account.role(), request.method(), context.normalizedPath())) {
      allowed(context, account);
    } else {
      audit.note(context, account);
      HttpRefusal.send(
          context, 403, "the account \"" + account.name() + "\" has the role " + account.role().word() + ", which may not "
              + RolePaths.denied(account.role()) + "; ask with an account of the role operate");
    }
  }

  private void allowed(RoutingContext context, Account account) {
    HttpServerRequest request = context.request();
    if (RolePaths.isAction(request.method(), context.normalizedPath())) {
      audit.note(context, account);
    }
    if (health != null && HealthHandler.isAsked(request)) {
      health.handle(context);
    } else if (HttpPaths.isWatched(context.normalizedPath())) {
      viewers.take(context, () -> RequestBody.read(context));
    } else {
      RequestBody.read(context);
    }
  }

  private void wrongLogin(RoutingContext context) {
    HttpServerRequest request = context.request();
    String given = request.getHeader("Authorization");
    if (given == null) {
      refuseLogin(context, "username and password, or a bearer token, are needed");
      return;
    }
    int times = toldWrongLogins.due("login");
    if (times > 0) {
      LOG.warn("wrong logins: {} since this was last said, the newest from {}", times, source(request));
    }
    long delay = wrongLogins.wrong(source(request), Logins.name(given));
    context.vertx().setTimer(delay, waited -> refuseLogin(context, "the username, password or token is wrong"));
  }

  public static String source(HttpServerRequest request) {
    return request.remoteAddress().hostAddress();
  }

  /** Before its login is looked at. */
  private boolean mustWait(RoutingContext context) {
    HttpServerRequest request = context.request();
    String given = request.getHeader("Authorization");
    long wait = given == null ? 0 : wrongLogins.wait(source(request), Logins.name(given));
    if (wait > 0) {
      context.response().putHeader("Retry-After", String.valueOf(TimeUnit.MILLISECONDS.toSeconds(wait + 999)));
      HttpRefusal.send(
          context, 429, "too many wrong logins came from " + source(request) + ", or for that name; try again later");
    }
    return wait > 0;
  }

  /** Whoever asks, once he is known. */
  public static Account account(RoutingContext context) {
    return account(context.user());
  }

  /** @param user as it comes with a request; null where nobody is asked */
  public static Account account(User user) {
    return user == null
        ? Account.ANYBODY
        : new Account(user.principal().getString("username"), Role.valueOf(user.attributes().getString("role").toUpperCase(Locale.ROOT)));
  }

  public static void refuseLogin(RoutingContext context, String error) {
    if (!context.response().closed()) {
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"reelway\", charset=\"UTF-8\"");
      HttpRefusal.send(context, 401, error);
    }
  }

  /**
   * What changes nothing and is made to be shown: a CDN hands on from which page its viewers came, and pages link to the
   * player. Credentials are asked for all the same, and where there are none, other pages get nothing.
   */
  private boolean isForViewers(RoutingContext context) {
    String path = context.normalizedPath();
    HttpMethod method = context.request().method();
    boolean changesNothing = method == HttpMethod.GET || method == HttpMethod.HEAD;
    return logins.areAsked() && changesNothing
        && (path.startsWith(HttpPaths.WATCH) || path.equals(HttpPaths.PLAYER) || path.startsWith(HttpPaths.PLAYER + "/"));
  }

  /**
   * A Hawtio elsewhere hands the requests of its page on as they came, with a login for here. A page from elsewhere itself sends
   * no JSON before its browser has asked whether it may.
   */
  private boolean isHandedOn(RoutingContext context) {
    HttpServerRequest request = context.request();
    return logins.areAsked() && request.getHeader("Authorization") != null && context.normalizedPath().matches(HttpPaths.JOLOKIA + "/?")
        && !"cross-site".equals(request.getHeader("Sec-Fetch-Site"));
  }

  private static boolean isForeignPage(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    String host = request.getHeader("Host");
    boolean ownOrigin =
        origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    return !ownOrigin || "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
  }

  /**
   * A page's request that changes something, without anything that would have its browser ask first: pages from elsewhere can
   * send such, should an origin ever be taken for ours that is not.
   */
  private static boolean mayBeAForm(HttpServerRequest request) {
    boolean isOfPage = request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null;
    boolean changes = !Set.of("GET", "HEAD", "OPTIONS").contains(request.method().name());
    String type = request.getHeader("Content-Type");
    // text/json is what Jolokia's client says.
    boolean isJson = type != null && JSON.matcher(type).lookingAt();
    return isOfPage && changes && !isJson && request.getHeader(ACTION) == null;
  }

  private static boolean isOwnName(HttpServerRequest request) {
    String host = request.getHeader("Host");
    if (host == null) {
      return true;
    }
    int port = host.lastIndexOf(':');
    boolean hasPort = port > 0 && !host.endsWith("]");
    String name = hasPort ? host.substring(0, port) : host;
    return OWN_NAMES.contains(name) || LOOPBACK.matcher(name).matches();
  }
}
