package org.reelway.stream.workflow.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.reelway.transfer.http.HttpCaller;
import org.reelway.transfer.store.Trust;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/** The SDK's calls by the program's one HTTP client, and within its bounds of time and size. */
final class AwsHttp implements SdkHttpClient {
  /** A page of a hundred channels takes some 300 KB. */
  private static final HttpCaller.Limits LIMITS =
      new HttpCaller.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30), 8 << 20, 16);
  /** The client writes them itself. */
  private static final Set<String> OWN = Set.of("host", "content-length", "expect");

  private final HttpCaller http;

  AwsHttp(Trust trust) {
    this.http = new HttpCaller(trust, LIMITS);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return http.client().execute(translated(request), AwsHttp::answer);
      }

      @Override
      public void abort() {
        // The exchange has a deadline of its own.
      }
    };
  }

  private static ClassicHttpRequest translated(HttpExecuteRequest request) throws IOException {
    ClassicRequestBuilder to =
        ClassicRequestBuilder.create(request.httpRequest().method().name()).setUri(request.httpRequest().getUri());
    request.httpRequest().forEachHeader((name, values) -> {
      if (!OWN.contains(name.toLowerCase(java.util.Locale.ROOT))) {
        values.forEach(value -> to.addHeader(name, value));
      }
    });
    if (request.contentStreamProvider().isPresent()) {
      try (InputStream body = request.contentStreamProvider().get().newStream()) {
        to.setEntity(new ByteArrayEntity(body.readAllBytes(), null));
      }
    }
    return to.build();
  }

  private static HttpExecuteResponse answer(ClassicHttpResponse answer) throws IOException {
    SdkHttpFullResponse.Builder head =
        SdkHttpFullResponse.builder().statusCode(answer.getCode()).statusText(answer.getReasonPhrase());
    for (Header header : answer.getHeaders()) {
      head.appendHeader(header.getName(), header.getValue());
    }
    HttpExecuteResponse.Builder whole = HttpExecuteResponse.builder().response(head.build());
    if (answer.getEntity() != null) {
      byte[] body = answer.getEntity().getContent().readAllBytes();
      whole.responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)));
    }
    return whole.build();
  }

  @Override
  public String clientName() {
    return "reelway";
  }

  @Override
  public void close() {
    http.close();
  }
}
