package org.reelway.camel;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.reelway.failure.NotFound;

/** The page at {@code /}, and what it consists of; all of it lies on the class path. */
public final class DashboardPage {
  private static final String FOLDER = "/dashboard/page/";
  /** By the end of a file's name. */
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
  private static final Set<String> OWN =
      Set.of("dashboard.css", "dashboard.js", "flow.js", "now.js", "parts.js", "plots.js", "stories.js");
  /** Files of libraries, by the names that the page has for them. */
  private static final Map<String, String> OTHERS =
      Map.of("preact.js", "preact.module.js", "uplot.js", "uPlot.iife.min.js", "uplot.css", "uPlot.min.css");

  /** Answers with the page, or with one of its files. */
  public byte[] file(Exchange exchange) {
    HttpMessage message = exchange.getMessage(HttpMessage.class);
    String path = message.getHeader(Exchange.HTTP_PATH, String.class);
    String file = file(path);
    byte[] content = PageFiles.read("/dashboard/" + file);
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
    message.getResponse().putHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    return content;
  }

  /** Below {@code /dashboard} in the class path. */
  private static String file(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return "dashboard.html";
    }
    String name = path.startsWith(FOLDER) ? path.substring(FOLDER.length()) : "";
    String file = OWN.contains(name) ? name : OTHERS.get(name);
    if (file == null) {
      throw new NotFound("there is nothing at " + path);
    }
    return file;
  }
}
