package org.reelway.camel.watch;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.reelway.camel.http.ApiAnswer;
import org.reelway.camel.http.HttpPaths;
import org.reelway.camel.http.ViewerTurns;
import org.reelway.failure.NotFound;
import org.reelway.transfer.store.StoreFailure;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** What the route {@code watch} does beside reading the object: which one it is, and the head of the answer. */
public final class Watch {
  private static final int LONGEST_KEY = 1024;
  /** Exchange property: the request; a step may well put another message in the place of the one that has it. */
  private static final String REQUEST = "ReelwayWatchRequest";

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18}-\\d{0,18}|-\\d{1,18})");
  private static final Pattern ODD = Pattern.compile("[\\p{Cntrl}\\\\]");
  private static final String PLAYLIST = "application/vnd.apple.mpegurl";
  /** By extension; the rest are keys and such. */
  private static final Map<String, String> TYPES =
      Map.of(
          "m3u8", PLAYLIST, "ts", "video/mp2t", "m2ts", "video/mp2t", "m4s", "video/iso.segment", "mp4", "video/mp4",
          "aac", "audio/aac", "vtt", "text/vtt", "mpd", "application/dash+xml");

  private final String bucket;
  private final String folder;
  private final UnaryOperator<String> published;
  private final ViewerTurns turns;
  private final Set<PassedObject> passing = ConcurrentHashMap.newKeySet();

  /**
   * @param folder what all keys of viewers' files start with; ends with a slash
   * @param published the bucket of a key that belongs to a live playlist; null for any other
   */
  public Watch(String bucket, String folder, UnaryOperator<String> published, ViewerTurns turns) {
    this.published = published;
    this.bucket = bucket;
    this.folder = folder;
    this.turns = turns;
  }

  /**
   * What the step of {@code aws2-s3} asks for.
   *
   * @throws NotFound where the path cannot be one of a viewer's file, or the viewer is gone
   */
  public GetObjectRequest object(Exchange exchange) {
    HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
    Place place = place(exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class));
    exchange.setProperty(REQUEST, request);
    keepTurn(exchange, request);
    String range = request.getHeader(HttpHeaderNames.RANGE);
    boolean isRange = range != null && RANGE.matcher(range).matches();
    return GetObjectRequest.builder().bucket(place.bucket()).key(place.key()).range(isRange ? range : null).build();
  }

  private void keepTurn(Exchange exchange, HttpServerRequest request) {
    if (!turns.isAtWork(request)) {
      throw new NotFound("the viewer of " + request.path() + " is gone");
    }
    exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
      @Override
      public void onDone(Exchange done) {
        turns.isLeft(request);
      }
    });
  }

  private record Place(String bucket, String key) {}

  /** @param path as it was asked for, percent-encoded */
  private Place place(String path) {
    String plain = decoded(path).orElse("");
    boolean isPublished = plain.startsWith(HttpPaths.PUBLISHED);
    String name = plain.substring(Math.min(plain.length(), (isPublished ? HttpPaths.PUBLISHED : HttpPaths.WATCH).length()));
    List<String> segments = List.of(name.split("/", -1));
    boolean isPlain =
        HttpPaths.isWatched(plain) && segments.stream().noneMatch(each -> each.isEmpty() || each.equals(".") || each.equals(".."));
    String key = isPublished ? name : folder + name;
    if (isPlain && !ODD.matcher(name).find() && key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY) {
      String in = isPublished ? published.apply(key) : bucket;
      if (in != null) {
        return new Place(in, key);
      }
    }
    throw new NotFound("there is nothing at " + path);
  }

  private static Optional<String> decoded(String path) {
    try {
      return Optional.ofNullable(URI.create(path).getPath());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Makes the object the answer; for HEAD, what is known of it. */
  public void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    @SuppressWarnings("unchecked")
    ResponseInputStream<GetObjectResponse> object = message.getBody(ResponseInputStream.class);
    GetObjectResponse told = object.response();
    HttpServerRequest request = exchange.getProperty(REQUEST, HttpServerRequest.class);
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, told.contentRange() == null ? 200 : 206);
    message.setHeader(Exchange.CONTENT_TYPE, type(request.path()));
    if (request.method() == HttpMethod.HEAD) {
      object.abort();
      message.setBody(null);
      head(request, told);
    } else {
      // Not before the bytes: another step that fails has a head of its own.
      message.setBody(new PassedObject(exchange, request, object, () -> head(request, told), passing));
    }
  }

  /** Ends all that is on its way: players come again. */
  public void close() {
    passing.forEach(PassedObject::breakOff);
  }

  /** What Camel would keep for itself, or does not know: it says that a stream comes in chunks. */
  private static void head(HttpServerRequest request, GetObjectResponse told) {
    String cache = told.cacheControl() != null ? told.cacheControl() : cache(request.path());
    MultiMap headers = forEverybody(request).headers()
        .remove(HttpHeaderNames.TRANSFER_ENCODING)
        .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(told.contentLength()))
        .set(HttpHeaderNames.CACHE_CONTROL, cache)
        .set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
    Optional.ofNullable(told.contentRange()).ifPresent(range -> headers.set(HttpHeaderNames.CONTENT_RANGE, range));
    Optional.ofNullable(told.eTag()).ifPresent(tag -> headers.set(HttpHeaderNames.ETAG, tag));
  }

  /** The store has no such object, or not that range of it. */
  public void notThere(Exchange exchange) {
    HttpServerRequest request = exchange.getProperty(REQUEST, HttpServerRequest.class);
    forEverybody(request);
    StoreFailure failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, StoreFailure.class);
    ApiAnswer.failed(exchange, new NotFound("there is nothing at " + request.path()));
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, failure.status());
  }

  /** Pages of others may read it, as far as {@link HttpGuard} lets them. */
  private static HttpServerResponse forEverybody(HttpServerRequest request) {
    return request.response().putHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  }

  private static String type(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(extension, "application/octet-stream");
  }

  /** For objects that say nothing themselves, such as those of other packagers. */
  private static String cache(String path) {
    return type(path).equals(PLAYLIST) || path.endsWith(".mpd") ? "no-cache" : "public, max-age=86400";
  }
}
