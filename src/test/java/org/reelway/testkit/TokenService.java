package org.reelway.testkit;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A small security token service over HTTP: {@code AssumeRole} gives the test store's keys with a token of its own each
 * time ({@code token-1}, {@code token-2} …), which an {@link HttpGate} before the store tells apart.
 */
public final class TokenService implements AutoCloseable {
  private final AtomicInteger given = new AtomicInteger();
  private final HttpGate server;
  private volatile Instant end = Instant.now().plusSeconds(3600);
  private volatile String refusal;

  public TokenService() {
    server = HttpGate.before(null, head -> Optional.of(answer(head)));
  }

  private String answer(String head) {
    if (refusal != null) {
      return HttpGate.answer(403, "<ErrorResponse><Error><Type>Sender</Type><Code>" + refusal
          + "</Code><Message>User is not authorized</Message></Error></ErrorResponse>");
    }
    return HttpGate.answer(200,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
            + "<AccessKeyId>" + TestStore.ACCESS_KEY + "</AccessKeyId><SecretAccessKey>" + TestStore.SECRET_KEY
            + "</SecretAccessKey><SessionToken>token-" + given.incrementAndGet() + "</SessionToken><Expiration>" + end
            + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>");
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** The heads of all requests so far. */
  public List<String> requests() {
    return server.answered();
  }

  /** How many times it gave credentials. */
  public int given() {
    return given.get();
  }

  /** When the credentials that it gives from now on are worth nothing any more. */
  public void ending(Instant time) {
    end = time;
  }

  /** From now on it refuses with this code; null to give again. */
  public void refusing(String code) {
    refusal = code;
  }

  /** For a gate before the store: whether a request carries this token. */
  public static boolean carries(String head, String token) {
    return head.toLowerCase(Locale.ROOT).contains("\r\nx-amz-security-token: " + token + "\r\n");
  }

  /** For a gate before the store: AWS's answer to a token that is worth nothing any more. */
  public static Function<String, Optional<String>> expired(Function<String, Boolean> which) {
    return head ->
        which.apply(head)
            ? Optional.of(HttpGate.answer(400,
                head.startsWith("HEAD ") ? "" : "<Error><Code>ExpiredToken</Code><Message>The provided token has"
                    + " expired.</Message></Error>"))
            : Optional.empty();
  }

  @Override
  public void close() {
    server.close();
  }
}
