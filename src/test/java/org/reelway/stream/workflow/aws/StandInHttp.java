package org.reelway.stream.workflow.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The two ways to the stand-in: over HTTP, or straight as the SDK's client, with a crash after or before a call. */
final class StandInHttp {
  private StandInHttp() {}

  /** The process ends here, so to speak. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What may happen around a call. */
  @FunctionalInterface
  interface Around {
    /**
     * @param call such as {@code POST /prod/channels}
     * @return what is answered in place of the stand-in's word
     */
    Optional<AwsStandIn.Answer> before(String call);

    default void after() {}
  }

  static HttpServer serve(AwsStandIn aws) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(aws, exchange));
    server.start();
    return server;
  }

  static URI at(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(AwsStandIn aws, HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    headers.put(AwsStandIn.QUERY, String.valueOf(exchange.getRequestURI().getQuery()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    AwsStandIn.Answer answer =
        headers.getOrDefault("authorization", "").startsWith("AWS4-HMAC-SHA256 Credential=")
            ? aws.call(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers, body)
            : AwsStandIn.refusal(new AwsStandIn.Refused(403, "MissingAuthenticationToken", "unsigned"), false);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = AwsStandIn.bytes(answer);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  static SdkHttpClient straight(AwsStandIn aws, Around around) {
    return new SdkHttpClient() {
      @Override
      public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
          @Override
          public HttpExecuteResponse call() throws IOException {
            String call = request.httpRequest().method() + " " + request.httpRequest().getUri().getPath()
                + request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse("");
            Optional<AwsStandIn.Answer> other = around.before(call);
            AwsStandIn.Answer answer = other.isPresent() ? other.get() : ask(aws, request);
            around.after();
            SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(answer.status()).statusText("");
            answer.headers().forEach(head::appendHeader);
            return HttpExecuteResponse.builder().response(head.build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(AwsStandIn.bytes(answer)))).build();
          }

          @Override
          public void abort() {}
        };
      }

      @Override
      public void close() {}
    };
  }

  private static AwsStandIn.Answer ask(AwsStandIn aws, HttpExecuteRequest request) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    request.httpRequest().forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    headers.put(AwsStandIn.QUERY, String.valueOf(request.httpRequest().getUri().getQuery()));
    String body = "";
    if (request.contentStreamProvider().isPresent()) {
      try (InputStream in = request.contentStreamProvider().get().newStream()) {
        body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    return aws.call(request.httpRequest().method().name(), request.httpRequest().getUri().getPath(), headers, body);
  }
}
