package org.reelway.transfer.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.reelway.failure.DaemonThreads;

/**
 * Bounds an exchange as a whole, to the last byte of the answer's body. When its time is over the connection is closed,
 * wherever it stands: a peer that trickles holds up nothing longer.
 */
public final class Deadline implements ExecChainHandler {
  private static final String LATE = "org.reelway.late";

  private final Duration whole;
  private final int longestBody;
  private final ScheduledThreadPoolExecutor watch;
  private final Set<ExecRuntime> underWay = ConcurrentHashMap.newKeySet();

  Deadline(Duration whole, int longestBody) {
    this.whole = whole;
    this.longestBody = longestBody;
    this.watch = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("http-watch"));
    watch.setRemoveOnCancelPolicy(true);
  }

  @Override
  public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    AtomicBoolean late = new AtomicBoolean();
    long end = System.nanoTime() + whole.toNanos();
    scope.clientContext.setAttribute(LATE, late);
    Future<?> alarm = cutAfter(whole, scope.execRuntime, late);
    underWay.add(scope.execRuntime);
    try {
      return read(chain.proceed(request, scope));
    } catch (UnknownHostException e) {
      throw e;
    } catch (IOException | IllegalStateException e) {
      // The latter where it was cut between two steps: the client misses its connection. A read may give up in the same moment.
      if (late.get() || System.nanoTime() >= end) {
        throw new IOException("it did not answer within " + whole.toMillis() + " ms", e);
      }
      throw e;
    } finally {
      underWay.remove(scope.execRuntime);
      alarm.cancel(false);
    }
  }

  private ClassicHttpResponse read(ClassicHttpResponse answer) throws IOException {
    HttpEntity body = answer.getEntity();
    if (body != null) {
      try (InputStream in = body.getContent()) {
        byte[] all = in.readNBytes(longestBody + 1);
        if (all.length > longestBody) {
          throw new IOException("it answers with more than " + longestBody + " bytes");
        }
        answer.setEntity(new ByteArrayEntity(all, ContentType.parseLenient(body.getContentType())));
      }
    }
    return answer;
  }

  /** Whether the time of the exchange is over: no connection may be made any more. */
  public static boolean isOver(HttpContext exchange) {
    return exchange.getAttribute(LATE) instanceof AtomicBoolean late && late.get();
  }

  /** Ends the connection then, whatever it does. @return to be cancelled where it is over before */
  public Future<?> cutAfter(Duration time, ExecRuntime connection) {
    return cutAfter(time, connection, new AtomicBoolean());
  }

  private Future<?> cutAfter(Duration time, ExecRuntime connection, AtomicBoolean late) {
    return watch.schedule(() -> cut(connection, late), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Without a goodbye: TLS's waits for a write under way, which a peer that does not read holds up for ever. */
  private static void cut(ExecRuntime connection, AtomicBoolean late) {
    late.set(true);
    connection.discardEndpoint();
  }

  /** Ends what is under way now. */
  void cut() {
    underWay.forEach(connection -> cut(connection, new AtomicBoolean()));
  }

  void close() {
    watch.shutdownNow();
  }
}
