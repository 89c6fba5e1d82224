package org.reelway.camel.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.reelway.camel.http.HttpGuard;
import org.reelway.camel.http.PageFiles;
import org.reelway.failure.NotFound;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page at {@code /}, and what it consists of; all of it lies on the class path. The page comes with what it shows first, so
 * that nobody waits for a second answer; its files come once and are kept, as a change of any of them changes their address.
 */
public final class DashboardPage {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardPage.class);
  private static final String FOLDER = "/dashboard/page/";
  /** By the end of a file's name. */
  private static final Map<String, String> TYPES =
      Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8");
  private static final List<String> OWN =
      List.of("dashboard.css", "dashboard.js", "flow.js", "now.js", "parts.js", "plots.js", "stories.js");
  /** Files of libraries, by the names that the page has for them. */
  private static final Map<String, String> OTHERS =
      Map.of("preact.js", "preact.module.js", "uplot.js", "uPlot.iife.min.js", "uplot.css", "uPlot.min.css");
  private static final String FIRST = "%FIRST%";

  private final Supplier<Object> now;
  private final Supplier<Object> recordings;
  private final ObjectMapper json;
  private Files files;

  /** @param now what is happening @param recordings the newest, one more than the page shows of them */
  public DashboardPage(Supplier<Object> now, Supplier<Object> recordings, ObjectMapper json) {
    this.now = now;
    this.recordings = recordings;
    this.json = json;
  }

  /** @param role of the account that asks; null where anybody may do anything */
  private record First(String role, Object now, Object recordings) {}

  /** @param version changes with the content of any of them */
  private record Files(String page, Map<String, byte[]> byName, String version) {
    static Files read() {
      Map<String, byte[]> all = new TreeMap<>();
      OWN.forEach(name -> all.put(name, PageFiles.read("/dashboard/" + name)));
      OTHERS.forEach((name, file) -> all.put(name, PageFiles.read("/dashboard/" + file)));
      CRC32 sum = new CRC32();
      all.values().forEach(sum::update);
      String version = Long.toHexString(sum.getValue());
      String page = new String(PageFiles.read("/dashboard/dashboard.html"), StandardCharsets.UTF_8);
      return new Files(page.replace(FOLDER.substring(1), FOLDER.substring(1) + version + "/"), new HashMap<>(all), version);
    }
  }

  private synchronized Files files() {
    if (files == null) {
      files = Files.read();
    }
    return files;
  }

  /** Answers with the page, or with one of its files. */
  public byte[] file(Exchange exchange) throws JsonProcessingException {
    HttpMessage message = exchange.getMessage(HttpMessage.class);
    String path = message.getHeader(Exchange.HTTP_PATH, String.class);
    message.removeHeaders("*");
    return path.isEmpty() || path.equals("/") ? page(message) : part(message, path);
  }

  private byte[] page(HttpMessage message) throws JsonProcessingException {
    First first = new First(message.getResponse().headers().get(HttpGuard.ROLE), now.get(), newest());
    // Names of files are in it: none of them ends the element that it stands in.
    String told = json.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(first).replace("<", "\\u003c");
    message.setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
    return files().page().replace(FIRST, told).getBytes(StandardCharsets.UTF_8);
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

  private byte[] part(HttpMessage message, String path) {
    int end = path.lastIndexOf('/');
    String name = path.substring(end + 1);
    byte[] content = path.startsWith(FOLDER) ? files().byName().get(name) : null;
    if (content == null) {
      throw new NotFound("there is nothing at " + path);
    }
    message.setHeader(Exchange.CONTENT_TYPE, TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    boolean isThisVersion = path.equals(FOLDER + files().version() + "/" + name);
    // A page that was opened before an update asks by the former address, and gets what there is now.
    HttpServerResponse response = message.getResponse();
    response.putHeader(
        HttpHeaderNames.CACHE_CONTROL, isThisVersion ? "private, max-age=31536000, immutable" : "no-cache");
    return content;
  }
}
