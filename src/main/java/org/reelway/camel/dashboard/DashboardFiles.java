package org.reelway.camel.dashboard;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.reelway.camel.http.HttpRefusal;
import org.reelway.camel.http.PageFiles;

/**
 * {@code GET /dashboard/page/VERSION/FILE}: scripts and styles of the page at {@code /}. No route: a new page asks for six of
 * them at once, and waits for them. They come once and are kept, as a change of any of them changes the address of all.
 */
public final class DashboardFiles implements Handler<RoutingContext> {
  private static final String FOLDER = "dashboard/page/";
  public static final String PATHS = "/" + FOLDER + "*";
  /** By the end of a file's name. */
  private static final Map<String, String> TYPES =
      Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
  private static final List<String> OWN =
      List.of("dashboard.css", "dashboard.js", "flow.js", "now.js", "parts.js", "plots.js", "stories.js");
  /** Files of libraries, by the names that the page has for them. */
  private static final Map<String, String> OTHERS =
      Map.of("preact.js", "preact.module.js", "uplot.js", "uPlot.iife.min.js", "uplot.css", "uPlot.min.css");

  private Files files;

  /** @param version changes with the content of any of them @param page with the addresses of this version */
  private record Files(Map<String, byte[]> byName, String version, String page) {
    static Files read() {
      Map<String, byte[]> all = new TreeMap<>();
      OWN.forEach(name -> all.put(name, PageFiles.read("/dashboard/" + name)));
      OTHERS.forEach((name, file) -> all.put(name, PageFiles.read("/dashboard/" + file)));
      CRC32 sum = new CRC32();
      all.values().forEach(sum::update);
      String version = Long.toHexString(sum.getValue());
      String page = new String(PageFiles.read("/dashboard/dashboard.html"), StandardCharsets.UTF_8);
      return new Files(all, version, page.replace(FOLDER, FOLDER + version + "/"));
    }
  }

  private synchronized Files files() {
    if (files == null) {
      files = Files.read();
    }
    return files;
  }

  /** The page itself, which names them. */
  String page() {
    return files().page();
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.normalizedPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    byte[] content = files().byName().get(name);
    if (content == null) {
      HttpRefusal.send(context, 404, "there is nothing at " + path);
      return;
    }
    // A page that was opened before an update asks by the former address, and gets what there is now.
    boolean isThisVersion = path.equals("/" + FOLDER + files().version() + "/" + name);
    context.response()
        .putHeader("Content-Type", TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
        .putHeader("Cache-Control", isThisVersion ? "private, max-age=31536000, immutable" : "no-cache")
        .end(Buffer.buffer(content));
  }
}
