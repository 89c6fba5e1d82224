package org.reelway.transfer.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.store.http.Header;

/**
 * AWS Signature Version 4 in the {@code Authorization} header, for the service s3 or another: the path is signed as it is sent,
 * encoded once and not normalised.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">the format</a>
 */
final class Sigv4 {
  /** A body whose bytes are not part of the signature; its own checksum header protects it. */
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  /** What a proxy on the way may change or drop. */
  private static final Set<String> NOT_SIGNED = Set.of("user-agent", "expect", "connection", "content-length");

  private final String region;
  private final String service;
  /** The key of the last day and secret: deriving it takes four rounds. */
  private volatile DayKey dayKey;

  private record DayKey(String day, String secret, byte[] key) {
    @Override
    public String toString() {
      return "DayKey[" + day + "]";
    }
  }

  Sigv4(String region) {
    this(region, "s3");
  }

  Sigv4(String region, String service) {
    this.region = region;
    this.service = service;
  }

  /**
   * @param host as the {@code Host} header has it
   * @param path percent-encoded, as it is sent
   * @param query without the path's question mark, encoded and sorted by name; may be empty
   * @param headers those of the request; {@code Host} is added for signing
   * @param payload the SHA-256 of the body in lower-case hex, or {@link #UNSIGNED}
   * @return the headers with date, payload hash, token and {@code Authorization}
   */
  List<Header> sign(
      Credentials credentials,
      Instant now,
      String method,
      String host,
      String path,
      String query,
      List<Header> headers,
      String payload) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    List<Header> signed = new ArrayList<>(headers);
    signed.add(new Header("x-amz-date", time));
    signed.add(new Header("x-amz-content-sha256", payload));
    if (credentials.sessionToken() != null) {
      signed.add(new Header("x-amz-security-token", credentials.sessionToken()));
    }
    TreeMap<String, String> canonical = canonicalHeaders(host, signed);
    String names = String.join(";", canonical.keySet());
    String request =
        method + '\n' + path + '\n' + query + '\n'
            + canonical.entrySet().stream()
                .map(entry -> entry.getKey() + ':' + entry.getValue() + '\n')
                .collect(Collectors.joining())
            + '\n' + names + '\n' + payload;
    String scope = day + '/' + region + '/' + service + "/aws4_request";
    String toSign = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + sha256(utf8(request));
    String signature = HexFormat.of().formatHex(hmac(key(credentials, day), toSign));
    signed.add(
        new Header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=" + credentials.accessKey() + '/' + scope
                + ", SignedHeaders=" + names + ", Signature=" + signature));
    return signed;
  }

  private static TreeMap<String, String> canonicalHeaders(String host, List<Header> headers) {
    TreeMap<String, String> canonical = new TreeMap<>();
    canonical.put("host", host);
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!NOT_SIGNED.contains(name)) {
        canonical.merge(name, header.value().strip().replaceAll(" +", " "), (one, other) -> one + "," + other);
      }
    }
    return canonical;
  }

  private byte[] key(Credentials credentials, String day) {
    DayKey known = dayKey;
    if (known == null || !known.day.equals(day) || !known.secret.equals(credentials.secretKey())) {
      byte[] key = hmac(utf8("AWS4" + credentials.secretKey()), day);
      key = hmac(hmac(hmac(key, region), service), "aws4_request");
      known = new DayKey(day, credentials.secretKey(), key);
      dayKey = known;
    }
    return known.key;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new OurFailure("this Java has no SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new OurFailure("this Java has no HmacSHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
