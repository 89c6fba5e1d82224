package org.reelway.transfer.store.http;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.transfer.store.Body;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** The AWS SDK's way to the store: {@link HttpPool} behind its interface. */
public final class SendfileHttpClient implements SdkHttpClient {
  /** A thousand listed uploads with keys of full length, encoded, stay below. */
  private static final int LARGEST_ANSWER = 16 << 20;
  private static final int LARGEST_ERROR = 64 << 10;
  private static final int SMALL_BODY = 1 << 20;
  /** Those that a connection writes itself. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("host", "content-length", "expect", "connection", "transfer-encoding");

  /** Of an address of IPv6. */
  private static final Pattern BRACKETS = Pattern.compile("^\\[|\\]$");
  private static final Pattern WHERE = Pattern.compile("<(Region|Endpoint)>([^<]+)<");

  private final HttpPool pool;

  public SendfileHttpClient(HttpSettings settings) {
    pool = new HttpPool(settings);
  }

  @Override
  public String clientName() {
    return "Reelway";
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    Handover handover = Handover.current();
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpRequest asked = request(request, handover);
        return answered(pool.exchange(asked, handover.sent()), asked);
      }

      @Override
      public void abort() {
        // The SDK asks for this where it limits a call's time. It does not here: the connection knows when to give up.
      }
    };
  }

  private static HttpRequest request(HttpExecuteRequest execute, Handover handover) throws IOException {
    SdkHttpRequest asked = execute.httpRequest();
    Peer peer =
        new Peer(asked.protocol().equals("https"), BRACKETS.matcher(asked.host()).replaceAll(""), asked.port());
    List<Header> headers = new ArrayList<>();
    asked.forEachHeader((name, values) -> {
      if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> headers.add(new Header(name, value)));
      }
    });
    String query = asked.encodedQueryParameters().map(parameters -> "?" + parameters).orElse("");
    String path = asked.encodedPath().isEmpty() ? "/" : asked.encodedPath();
    boolean object = asked.method() == SdkHttpMethod.GET && !handover.wholeAnswer();
    return new HttpRequest(
        peer, asked.method().name(), path + query, headers,
        handover.body() == null ? body(execute) : handover.body(), handover.priority(), object);
  }

  /** @return null for a method that has none */
  private static Body body(HttpExecuteRequest execute) throws IOException {
    SdkHttpMethod method = execute.httpRequest().method();
    if (execute.contentStreamProvider().isEmpty()) {
      return method == SdkHttpMethod.PUT || method == SdkHttpMethod.POST ? new Body.Bytes(new byte[0]) : null;
    }
    long length = execute.httpRequest().firstMatchingHeader("Content-Length").map(Long::parseLong).orElse(-1L);
    if (length > SMALL_BODY) {
      return new Body.Stream(execute.contentStreamProvider().get()::newStream, length);
    }
    try (InputStream content = execute.contentStreamProvider().get().newStream()) {
      byte[] bytes = content.readNBytes(SMALL_BODY + 1);
      if (bytes.length > SMALL_BODY) {
        throw new IOException("the length of the body is not known: give it as a file or as bytes");
      }
      return new Body.Bytes(bytes);
    }
  }

  private static HttpExecuteResponse answered(HttpPool.Reply reply, HttpRequest asked) throws IOException {
    HttpAnswer answer = reply.answer();
    SdkHttpFullResponse.Builder response = SdkHttpFullResponse.builder().statusCode(answer.status());
    answer.headers().forEach(header -> response.appendHeader(header.name(), header.value()));
    boolean success = answer.status() >= 200 && answer.status() < 300;
    AbortableInputStream body;
    if (success && asked.largeAnswer()) {
      body = AbortableInputStream.create(new Closing(reply), () -> close(reply));
    } else {
      byte[] text;
      try (reply) {
        text = success ? read(reply.body()) : readError(reply.body());
      }
      if (!success) {
        whereTheBucketIs(text, response);
      }
      body = AbortableInputStream.create(text(text));
    }
    return HttpExecuteResponse.builder().response(response.build()).responseBody(body).build();
  }

  private static byte[] read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(LARGEST_ANSWER);
    if (bytes.length == LARGEST_ANSWER && body.read() >= 0) {
      throw new TransportException(
          TransportException.Kind.GARBLED, "the answer is larger than " + LARGEST_ANSWER + " bytes");
    }
    return bytes;
  }

  /** An error may say it in its text alone, of which the SDK keeps code and message: it becomes the header that AWS sends. */
  private static void whereTheBucketIs(byte[] error, SdkHttpFullResponse.Builder response) {
    Matcher found = WHERE.matcher(new String(error, StandardCharsets.UTF_8));
    while (found.find()) {
      String header = found.group(1).equals("Region") ? "x-amz-bucket-region" : "Location";
      if (response.firstMatchingHeader(header).isEmpty()) {
        response.putHeader(header, found.group(2));
      }
    }
  }

  /** The status says enough where the text is cut off. */
  private static byte[] readError(InputStream body) {
    try {
      return body.readNBytes(LARGEST_ERROR);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Without the white space that a store sends to keep the connection while it works: no XML may begin with it. */
  private static InputStream text(byte[] bytes) {
    int start = 0;
    while (start < bytes.length && bytes[start] <= ' ' && bytes[start] >= 0) {
      start++;
    }
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }

  private static void close(HttpPool.Reply reply) {
    try {
      reply.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Closing extends FilterInputStream {
    private final HttpPool.Reply reply;

    Closing(HttpPool.Reply reply) {
      super(reply.body());
      this.reply = reply;
    }

    @Override
    public void close() throws IOException {
      reply.close();
    }
  }

  /** Ends calls that are under way too. */
  @Override
  public void close() {
    try {
      pool.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
