package org.reelway.camel;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.reelway.failure.NotFound;

/** The page at {@code /}, and what it consists of; all of it lies on the class path. */
public final class DashboardPage {
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  /** By path: the file below {@code /dashboard} in the class path, and its type. */
  private static final Map<String, String[]> FILES =
      Map.of(
          "/", new String[] {"dashboard.html", "text/html; charset=utf-8"},
          "/dashboard/page/dashboard.css", new String[] {"dashboard.css", STYLE},
          "/dashboard/page/dashboard.js", new String[] {"dashboard.js", SCRIPT},
          "/dashboard/page/parts.js", new String[] {"parts.js", SCRIPT},
          "/dashboard/page/plots.js", new String[] {"plots.js", SCRIPT},
          "/dashboard/page/preact.js", new String[] {"preact.module.js", SCRIPT},
          "/dashboard/page/uplot.js", new String[] {"uPlot.iife.min.js", SCRIPT},
          "/dashboard/page/uplot.css", new String[] {"uPlot.min.css", STYLE});

  /** Answers with the page, or with one of its files. */
  public byte[] file(Exchange exchange) {
    HttpMessage message = exchange.getMessage(HttpMessage.class);
    String path = message.getHeader(Exchange.HTTP_PATH, String.class);
    String[] file = FILES.get(path.isEmpty() ? "/" : path);
    if (file == null) {
      throw new NotFound("there is nothing at " + path);
    }
    byte[] content = PageFiles.read("/dashboard/" + file[0]);
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, file[1]);
    message.getResponse().putHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    return content;
  }
}
