package org.reelway.callback;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.reelway.transfer.http.Deadline;

/**
 * Takes of a receiver's answer what is needed: the status, and the beginning of its body, however much there is. Redirects
 * are followed on the same host only, and as POST.
 */
final class CallbackAnswers implements ExecChainHandler {
  private static final int MOST_REDIRECTS = 3;
  private static final int LONGEST_BODY = 16 * 1024;
  /** The status has said it all; a body is read for people, and so that the receiver can finish writing it. */
  private static final Duration LONGEST_READING = Duration.ofSeconds(1);

  private final Deadline deadline;

  CallbackAnswers(Deadline deadline) {
    this.deadline = deadline;
  }

  @Override
  public ClassicHttpResponse execute(ClassicHttpRequest first, ExecChain.Scope given, ExecChain chain)
      throws IOException, HttpException {
    // The chain adds to what it is given.
    ClassicHttpRequest request = ClassicRequestBuilder.copy(first).build();
    ExecChain.Scope scope = given;
    for (int redirects = 0; ; redirects++) {
      ClassicHttpResponse answer = chain.proceed(request, scope);
      if (!Redirect.is(answer.getCode())) {
        return bounded(answer, scope.execRuntime);
      }
      Header location = answer.getFirstHeader("Location");
      URI next = Redirect.follow(uri(request), answer.getCode(), location == null ? null : location.getValue());
      if (redirects == MOST_REDIRECTS) {
        throw new IOException("it redirects more than " + MOST_REDIRECTS + " times");
      }
      scope.execRuntime.discardEndpoint();
      if (Deadline.isOver(scope.clientContext)) {
        throw new IOException("the time is over");
      }
      request = ClassicRequestBuilder.copy(first).setUri(next).build();
      HttpHost target = HttpHost.create(next);
      HttpRoute route = Redirect.isSecure(next) ? new HttpRoute(target, null, true) : new HttpRoute(target);
      scope =
          new ExecChain.Scope(scope.exchangeId, route, scope.originalRequest, scope.execRuntime, scope.clientContext);
    }
  }

  private static URI uri(ClassicHttpRequest request) throws IOException {
    try {
      return request.getUri();
    } catch (URISyntaxException e) {
      throw new IOException("what is posted to is no URL", e);
    }
  }

  /** Whatever goes wrong here: the status is known. */
  private ClassicHttpResponse bounded(ClassicHttpResponse answer, ExecRuntime connection) {
    HttpEntity body = answer.getEntity();
    byte[] beginning = body == null ? new byte[0] : beginning(body, connection);
    connection.discardEndpoint();
    // As they are named here, the part that is left could not be read.
    answer.removeHeaders("Content-Encoding");
    answer.removeHeaders("Content-Type");
    answer.setEntity(new ByteArrayEntity(beginning, null));
    return answer;
  }

  private byte[] beginning(HttpEntity body, ExecRuntime connection) {
    ByteArrayOutputStream some = new ByteArrayOutputStream();
    Future<?> alarm = deadline.cutAfter(LONGEST_READING, connection);
    try {
      InputStream in = body.getContent();
      byte[] piece = new byte[4096];
      int count;
      while (some.size() < LONGEST_BODY && (count = in.read(piece)) >= 0) {
        some.write(piece, 0, count);
      }
    } catch (IOException broken) {
      // What came until then is enough.
    } finally {
      alarm.cancel(false);
    }
    return some.toByteArray();
  }
}
