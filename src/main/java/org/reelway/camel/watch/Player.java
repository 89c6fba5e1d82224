package org.reelway.camel.watch;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.reelway.camel.api.StreamRecord;
import org.reelway.camel.api.WorkflowApi;
import org.reelway.camel.http.HttpPaths;
import org.reelway.camel.http.PageFiles;
import org.reelway.failure.NotFound;

/** The page that plays a stream, and what it consists of; all of it lies on the class path. */
public final class Player {
  /** By path: the file below {@code /player} in the class path, and its type. */
  private static final Map<String, String[]> FILES =
      Map.of(
          HttpPaths.PLAYER, new String[] {"player.html", "text/html; charset=utf-8"},
          HttpPaths.PLAYER + "/player.js", new String[] {"player.js", "text/javascript; charset=utf-8"},
          HttpPaths.PLAYER + "/player.css", new String[] {"player.css", "text/css; charset=utf-8"},
          HttpPaths.PLAYER + "/hls.js", new String[] {"hls.light.min.js", "text/javascript; charset=utf-8"});

  private static final String VIEWER_URL = "%VIEWER_URL%";
  private static final String STREAM = "ReelwayPlayerStream";

  /** Null where Reelway itself serves viewers. */
  private final URI viewerUrl;
  private final WorkflowApi streams;

  public Player(URI viewerUrl, WorkflowApi streams) {
    this.viewerUrl = viewerUrl;
    this.streams = streams;
  }

  /** Answers with the page, or with one of its files. */
  public byte[] file(Exchange exchange) {
    HttpMessage message = exchange.getMessage(HttpMessage.class);
    String path = message.getHeader(Exchange.HTTP_PATH, String.class);
    String[] file = FILES.get(path);
    if (file == null) {
      throw new NotFound("there is nothing at " + path);
    }
    byte[] content = PageFiles.read("/player/" + file[0]);
    exchange.setProperty(STREAM, message.getHeader("stream"));
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, file[1]);
    message.getResponse().putHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    return file[0].endsWith(".html") ? withAddress(content) : content;
  }

  /** Nothing but what Reelway serves itself, and the addresses of the stream's viewers; no script in the page. */
  public String contentSecurity(Exchange exchange) {
    Set<String> viewers = new TreeSet<>();
    origin(viewerUrl).ifPresent(viewers::add);
    if (exchange.getProperty(STREAM) instanceof String id) {
      addresses(id).map(URI::create).flatMap(address -> origin(address).stream()).forEach(viewers::add);
    }
    String others = viewers.stream().map(origin -> " " + origin).collect(Collectors.joining());
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'" + others
        + "; media-src 'self' blob:" + others + "; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
  }

  private Stream<String> addresses(String id) {
    try {
      StreamRecord stream = streams.one(id, null);
      return Stream.of(stream.viewerEndpoint(), stream.viewerEndpointCloudfront()).filter(Objects::nonNull);
    } catch (NotFound e) {
      // The page says so.
      return Stream.empty();
    }
  }

  private static Optional<String> origin(URI address) {
    boolean isHttp = address != null && address.getHost() != null && address.getScheme().matches("https?");
    return isHttp
        ? Optional.of(address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort()))
        : Optional.empty();
  }

  private byte[] withAddress(byte[] page) {
    // A URI has no characters that end an attribute in double quotes.
    String address = viewerUrl == null ? "" : viewerUrl.toString().replace("&", "&amp;");
    return new String(page, StandardCharsets.UTF_8).replace(VIEWER_URL, address).getBytes(StandardCharsets.UTF_8);
  }
}
