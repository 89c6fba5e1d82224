package org.reelway.camel.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.reelway.camel.http.HttpGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page at {@code /}. It comes with what it shows first, so that nobody waits for a second answer. */
public final class DashboardPage {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardPage.class);
  private static final String FIRST = "%FIRST%";

  private final DashboardFiles files;
  private final Supplier<Object> now;
  private final Supplier<Object> recordings;
  private final ObjectMapper json;

  /** @param now what is happening @param recordings the newest, one more than the page shows of them */
  public DashboardPage(DashboardFiles files, Supplier<Object> now, Supplier<Object> recordings, ObjectMapper json) {
    this.files = files;
    this.now = now;
    this.recordings = recordings;
    this.json = json;
  }

  /** @param role of the account that asks; null where anybody may do anything */
  private record First(String role, Object now, Object recordings) {}

  /** Answers with the page. */
  public String page(Exchange exchange) throws JsonProcessingException {
    HttpMessage message = exchange.getMessage(HttpMessage.class);
    First first = new First(message.getResponse().headers().get(HttpGuard.ROLE), now.get(), newest());
    // Names of files are in it: none of them ends the element that it stands in.
    String told = json.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(first).replace("<", "\\u003c");
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
    return files.page().replace(FIRST, told);
  }

  /** Null where they cannot be told: the page asks then, and says why. */
  private Object newest() {
    try {
      return recordings.get();
    } catch (RuntimeException e) {
      LOG.debug("the page comes without recordings: {}", e.toString());
      return null;
    }
  }
}
