package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.http.Header;
import org.reelway.transfer.store.http.HttpAnswer;
import org.reelway.transfer.store.http.HttpPool;
import org.reelway.transfer.store.http.HttpRequest;
import org.reelway.transfer.store.http.HttpSettings;
import org.reelway.transfer.store.http.Peer;

/**
 * {@code AssumeRole} of AWS's security token service, which MinIO, Ceph and others speak as well.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">the call</a>
 */
final class StsCall implements AutoCloseable {
  private static final int LARGEST_ANSWER = 64 << 10;

  private final Role role;
  private final CredentialsSource source;
  private final Peer peer;
  private final String path;
  private final Sigv4 signer;
  private final HttpPool pool;
  private final Clock clock;
  private final String settings;

  /** @param end when the credentials are worth nothing any more */
  record Answer(Credentials credentials, Instant end) {}

  StsCall(Role role, CredentialsSource source, StoreConnection connection, Clock clock) {
    this.role = role;
    this.source = source;
    this.clock = clock;
    this.settings = connection.settings();
    URI uri = role.endpoint() == null ? amazon(connection.region()) : role.endpoint();
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null) {
      throw new InputFailure(settings + ".sts-endpoint is \"" + uri + "\"; it must be like https://sts.example.com");
    }
    this.peer =
        new Peer(tls, uri.getHost().replaceAll("^\\[|\\]$", ""), uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80);
    this.path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    this.signer = new Sigv4(connection.region(), "sts");
    this.pool =
        new HttpPool(
            new HttpSettings(
                connection.connectTimeout(), connection.idleTimeout(), Duration.ofSeconds(1),
                connection.transport()));
  }

  private static URI amazon(String region) {
    return URI.create("https://sts." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : ""));
  }

  /** @throws IOException where there is no answer; what the service refused is a {@link DestinationFailure} */
  Answer assumeRole() throws IOException {
    Credentials vouching = source.get();
    Reply reply = ask(vouching);
    if (reply.status != 200 && StoreFailure.isAboutCredentials(code(reply)) && source.renew(vouching)) {
      reply = ask(source.get());
    }
    if (reply.status != 200) {
      throw refused(reply);
    }
    return read(reply);
  }

  private record Reply(int status, byte[] body) {}

  private Reply ask(Credentials vouching) throws IOException {
    byte[] form = form().getBytes(StandardCharsets.US_ASCII);
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("User-Agent", "Reelway"));
    headers.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
    List<Header> signed =
        signer.sign(
            vouching, clock.instant(), "POST", peer.authority(), path, "", headers, Sigv4.sha256(form));
    HttpRequest request = new HttpRequest(peer, "POST", path, signed, new Body.Bytes(form), false);
    try (HttpPool.Reply reply = pool.exchange(request, Sent.NOBODY)) {
      return reply(reply.answer(), reply.body());
    } catch (IOException e) {
      throw new DestinationFailure(
          "the role " + role.arn() + " cannot be assumed: " + peer + ": " + e.getMessage() + "; check " + settings
              + ".sts-endpoint",
          e);
    }
  }

  private static Reply reply(HttpAnswer answer, InputStream body) throws IOException {
    return new Reply(answer.status(), body.readNBytes(LARGEST_ANSWER));
  }

  private String form() {
    return "Action=AssumeRole&Version=2011-06-15"
        + "&RoleArn=" + PercentCode.encode(role.arn(), "")
        + "&RoleSessionName=" + PercentCode.encode(role.sessionName(), "")
        + "&DurationSeconds=" + role.duration().toSeconds()
        + (role.externalId() == null ? "" : "&ExternalId=" + PercentCode.encode(role.externalId(), ""));
  }

  private static Answer read(Reply reply) throws IOException {
    XmlElement found = S3Xml.parse(reply.body).find("Credentials");
    if (found == null) {
      throw new IOException("the answer of the security token service has no Credentials");
    }
    String end = S3Answers.required(found.child("Expiration"), "Expiration");
    try {
      return new Answer(
          new Credentials(
              S3Answers.required(found.child("AccessKeyId"), "AccessKeyId"),
              S3Answers.required(found.child("SecretAccessKey"), "SecretAccessKey"),
              S3Answers.required(found.child("SessionToken"), "SessionToken")),
          Instant.parse(end));
    } catch (DateTimeParseException e) {
      throw new IOException("Expiration is no time: " + end, e);
    }
  }

  private static XmlElement error(Reply reply) {
    try {
      return S3Xml.parse(reply.body).find("Error");
    } catch (IOException e) {
      return null;
    }
  }

  private static String code(Reply reply) {
    XmlElement error = error(reply);
    return error == null || error.child("Code") == null ? "HTTP" + reply.status : error.child("Code");
  }

  private DestinationFailure refused(Reply reply) {
    XmlElement error = error(reply);
    String text = error == null ? null : error.child("Message");
    return new DestinationFailure(
        "the role " + role.arn() + " cannot be assumed: " + peer + ": " + reply.status + " "
            + S3Failures.clean(code(reply)) + (text == null ? "" : " (" + S3Failures.clean(text) + ")")
            + "; allow these credentials sts:AssumeRole on it, and correct " + settings + ".role-arn and " + settings
            + ".role-external-id",
        null);
  }

  @Override
  public void close() {
    source.close();
    try {
      pool.close();
    } catch (IOException e) {
      throw new org.reelway.failure.OurFailure("connections to " + peer + " cannot be closed", e);
    }
  }
}
