package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

import org.reelway.transfer.store.http.Header;
import org.reelway.transfer.store.http.HttpAnswer;
import org.reelway.transfer.store.http.HttpPool;
import org.reelway.transfer.store.http.HttpRequest;
import org.reelway.transfer.store.http.Peer;
import org.reelway.transfer.store.http.TransportException;

/** Signs a call, sends it, and turns every answer that is no success into a {@link StoreFailure}. */
final class S3Caller implements AutoCloseable {
  /** A thousand listed uploads with keys of full length, encoded, stay below. */
  private static final int LARGEST_ANSWER = 16 << 20;
  private static final int LARGEST_ERROR = 64 << 10;
  private static final String EMPTY_SHA256 = Sigv4.sha256(new byte[0]);
  /** Stores refuse from 15 minutes on. */
  private static final Duration NOTABLE_SKEW = Duration.ofMinutes(5);

  private final StoreAddress address;
  private final CredentialsSource credentials;
  private final S3Regions regions;
  private final List<Header> common;
  private final HttpPool pool;
  /** Null for none. */
  private final StoreProxy proxy;
  private final Clock clock;
  /** How far the store's clock is ahead of ours, learnt when it refuses our time. */
  private volatile Duration skew = Duration.ZERO;

  /** An answer, whole. */
  record Answer(HttpAnswer http, byte[] body) {
    String header(String name) {
      return http.header(name);
    }
  }

  /** What the store answered to a call that it refused. */
  private record Refusal(HttpAnswer http, byte[] body) {}

  private record Outcome<T>(T value, Refusal refusal) {}

  /**
   * @param common headers of every call
   * @param proxy null for none
   */
  S3Caller(
      StoreAddress address,
      CredentialsSource credentials,
      S3Regions regions,
      List<Header> common,
      HttpPool pool,
      StoreProxy proxy,
      Clock clock) {
    this.address = address;
    this.proxy = proxy;
    this.credentials = credentials;
    this.regions = regions;
    this.common = List.copyOf(common);
    this.pool = pool;
    this.clock = clock;
  }

  Answer call(S3Call call) {
    return call(call, (answer, body) -> new Answer(answer, read(body, LARGEST_ANSWER)));
  }

  @FunctionalInterface
  interface BodySink<T> {
    T read(HttpAnswer answer, InputStream body) throws IOException;
  }

  /** @param sink reads the body of a success */
  <T> T call(S3Call call, BodySink<T> sink) {
    Credentials signedWith = credentials.get();
    Instant signedAt = clock.instant().plus(skew);
    String region = regions.of(call.bucket);
    Outcome<T> outcome = attempt(call, signedWith, signedAt, sink);
    if (outcome.refusal != null && regions.learn(call, region, outcome.refusal.http, outcome.refusal.body)) {
      outcome = attempt(call, signedWith, signedAt, sink);
    }
    if (outcome.refusal != null && learnSkew(call, outcome.refusal, signedAt)) {
      outcome = attempt(call, signedWith, clock.instant().plus(skew), sink);
    }
    if (outcome.refusal != null && mayBeRenewed(call, outcome.refusal) && credentials.renew(signedWith)) {
      outcome = attempt(call, credentials.get(), clock.instant().plus(skew), sink);
    }
    if (outcome.refusal != null) {
      throw S3Failures.refused(call, address, outcome.refusal.http, outcome.refusal.body, proxyOnTheWay(call));
    }
    return outcome.value;
  }

  /** One attempt, whose every answer is told, signed at a time that is wrong by so much. */
  Answer once(S3Call call, Duration clockOff) {
    Outcome<Answer> outcome =
        attempt(
            call,
            credentials.get(),
            clock.instant().plus(skew).plus(clockOff),
            (answer, body) -> new Answer(answer, read(body, LARGEST_ANSWER)));
    return outcome.refusal == null ? outcome.value : new Answer(outcome.refusal.http, outcome.refusal.body);
  }

  /** The proxy that may have answered in place of the store; null where none could: a tunnel is closed to it. */
  private StoreProxy proxyOnTheWay(S3Call call) {
    Peer peer = address.peer(call.bucket);
    return proxy != null && !peer.tls() && proxy.isFor(peer.host()) ? proxy : null;
  }

  /** The answer to a HEAD cannot say why. */
  private static boolean mayBeRenewed(S3Call call, Refusal refusal) {
    boolean cannotSay = call.method.equals("HEAD") && (refusal.http.status() == 403 || refusal.http.status() == 400);
    return cannotSay || StoreFailure.isAboutCredentials(S3Failures.code(refusal.http, refusal.body));
  }

  private <T> Outcome<T> attempt(S3Call call, Credentials signedWith, Instant signedAt, BodySink<T> sink) {
    HttpRequest request = request(call, signedWith, signedAt);
    try (HttpPool.Reply reply = pool.exchange(request, call.sent())) {
      HttpAnswer answer = reply.answer();
      if (answer.status() >= 200 && answer.status() < 300) {
        return new Outcome<>(sink.read(answer, reply.body()), null);
      }
      return new Outcome<>(null, new Refusal(answer, errorBody(reply.body())));
    } catch (TransportException e) {
      throw S3Failures.unanswered(call, address, e);
    } catch (IOException e) {
      throw S3Failures.unreadable(call, address, e);
    }
  }

  private HttpRequest request(S3Call call, Credentials signedWith, Instant signedAt) {
    Peer peer = address.peer(call.bucket, regions.of(call.bucket));
    String path = address.path(call.bucket, call.key);
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("User-Agent", "Reelway"));
    headers.addAll(common);
    headers.addAll(call.headers());
    List<Header> signed =
        regions.signer(call.bucket).sign(
            signedWith, signedAt, call.method, peer.authority(), path, call.canonicalQuery(), headers,
            payload(call.body()));
    String query = call.sentQuery();
    return new HttpRequest(peer, call.method, query.isEmpty() ? path : path + "?" + query, signed, call.body(),
        call.isLargeAnswer());
  }

  private static String payload(Body body) {
    if (body == null) {
      return EMPTY_SHA256;
    }
    return body instanceof Body.Bytes small ? Sigv4.sha256(small.bytes()) : Sigv4.UNSIGNED;
  }

  /** Whether the call was refused for its time only, and the store's own time is known now. */
  private boolean learnSkew(S3Call call, Refusal refusal, Instant signedAt) {
    boolean saysSo = "RequestTimeTooSkewed".equals(S3Failures.code(refusal.http, refusal.body));
    boolean cannotSay = call.method.equals("HEAD") && refusal.http.status() == 403;
    String date = refusal.http.header("Date");
    if (date == null || !saysSo && !cannotSay) {
      return false;
    }
    try {
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      if (Duration.between(signedAt, theirs).abs().compareTo(NOTABLE_SKEW) < 0) {
        return false;
      }
      skew = Duration.between(clock.instant(), theirs);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static byte[] read(InputStream body, int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit);
    if (bytes.length == limit && body.read() >= 0) {
      throw new IOException("it is larger than " + limit + " bytes");
    }
    return bytes;
  }

  /** The status says enough where the text is cut off. */
  private static byte[] errorBody(InputStream body) {
    try {
      return body.readNBytes(LARGEST_ERROR);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  @Override
  public void close() {
    credentials.close();
    try {
      pool.close();
    } catch (IOException e) {
      throw new org.reelway.failure.OurFailure("connections to " + address.shown() + " cannot be closed", e);
    }
  }
}
