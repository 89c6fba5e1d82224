package org.reelway.camel.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.reelway.settings.access.Account;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who did what: a line of the logger {@value #LOGGER} for each action, and the newest for the dashboard. */
public final class Audit {
  public static final String LOGGER = "reelway.audit";
  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final int NEWEST = 50;
  private static final int LONGEST = 300;
  private static final Pattern ODD = Pattern.compile("[^ -~]");

  private final Clock clock;
  private final Deque<Action> newest = new ArrayDeque<>();

  /**
   * @param who the account's name; "anybody" where nobody is asked
   * @param from the address that it came from
   * @param what method and path; the query is left out, which may hold anything
   * @param outcome the answer's status; 0 where the client was gone before
   */
  record Action(Instant time, String who, String role, String from, String what, int outcome) {}

  public Audit(Clock clock) {
    this.clock = clock;
  }

  /** Once it is answered. */
  public void note(RoutingContext context, Account account) {
    String from = HttpGuard.source(context.request());
    String what = context.request().method() + " " + context.normalizedPath();
    context.addEndHandler(ended -> note(
        account, from, what, ended.succeeded() && context.response().ended() ? context.response().getStatusCode() : 0));
  }

  /** @param asked in words, without secrets; of those who act in other ways than by a request of our servers */
  public void note(Account account, String from, String asked, int outcome) {
    String what = shown(asked);
    String who = account.equals(Account.ANYBODY) ? "anybody" : account.name();
    Action action = new Action(clock.instant(), who, account.role().word(), from, what, outcome);
    LOG.info("{} ({}) from {}: {} -> {}", who, action.role(), from, what, outcome == 0 ? "no answer" : outcome);
    synchronized (newest) {
      newest.addFirst(action);
      while (newest.size() > NEWEST) {
        newest.removeLast();
      }
    }
  }

  /** Who asks chooses the words: they write no line of their own, and are kept in memory. */
  private static String shown(String asked) {
    boolean isLong = asked.length() > LONGEST;
    return ODD.matcher(isLong ? asked.substring(0, LONGEST) : asked).replaceAll("?") + (isLong ? "..." : "");
  }

  /** The newest first. */
  public List<Action> newest() {
    synchronized (newest) {
      return List.copyOf(newest);
    }
  }
}
