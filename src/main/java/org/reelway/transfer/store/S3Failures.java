package org.reelway.transfer.store;

import java.io.IOException;
import org.reelway.transfer.store.http.HttpAnswer;
import org.reelway.transfer.store.http.TransportException;

/** What went wrong with a call, in words that say what to do. Only the store's code and message are taken over. */
final class S3Failures {
  private static final int LONGEST_TEXT = 300;

  private S3Failures() {}

  /** @param proxy that may have answered itself; null for none */
  static StoreFailure refused(S3Call call, StoreAddress address, HttpAnswer answer, byte[] body, StoreProxy proxy) {
    XmlElement error = errorElement(body);
    StoreFailure failure = failure(call, address, answer, error);
    if (proxy == null || error != null || answer.status() < 500) {
      return failure;
    }
    return new StoreFailure(
        failure.status(), failure.code(),
        failure.getMessage() + "; it may come from the proxy " + proxy.shown() + " rather than from the store", null);
  }

  /** An error in the body of a success. */
  static StoreFailure failure(S3Call call, StoreAddress address, HttpAnswer answer, XmlElement error) {
    String code = call.isBucketHead() && answer.status() == 404 ? "NoSuchBucket" : code(answer, error);
    String text = error == null ? null : error.child("Message");
    String requestId = answer.header("x-amz-request-id");
    if (requestId == null && error != null) {
      requestId = error.child("RequestId");
    }
    String message =
        where(call, address) + ": " + answer.status() + " " + clean(code)
            + (text == null || text.isBlank() ? "" : " (" + clean(text) + ")")
            + (requestId == null ? "" : ", request id " + clean(requestId))
            + advice(call, address, code, answer, error);
    return new StoreFailure(answer.status(), code, message, null);
  }

  static StoreFailure unanswered(S3Call call, StoreAddress address, TransportException failure) {
    String code =
        switch (failure.kind()) {
          case UNKNOWN_HOST -> "UnknownHost";
          case CONNECT, TLS -> "ConnectionFailed";
          case PROXY -> "ProxyFailed";
          case IDLE, SLOW -> "Timeout";
          case RESET -> "ConnectionReset";
          case GARBLED -> "UnreadableAnswer";
          case INTERRUPTED -> "Interrupted";
        };
    String advice =
        switch (failure.kind()) {
          case UNKNOWN_HOST -> "; check " + address.setting("endpoint") + " and the name service";
          case CONNECT -> "; check that the store runs, and " + address.setting("endpoint");
          case GARBLED -> "; check " + address.setting("endpoint") + ": http or https, host and port";
          case PROXY ->
              "; check " + address.setting("proxy") + ", " + address.setting("proxy-username") + " and "
                  + address.setting("proxy-password") + ", or name the store's host in " + address.setting("no-proxy");
          case SLOW -> "; the lowest rate is " + address.setting("min-rate");
          case TLS, IDLE, RESET, INTERRUPTED -> "";
        };
    return new StoreFailure(0, code, where(call, address) + ": " + failure.getMessage() + advice, failure);
  }

  /** A success whose text makes no sense: whether the call took effect is unknown. */
  static StoreFailure unreadable(S3Call call, StoreAddress address, IOException failure) {
    return new StoreFailure(
        0,
        "UnreadableAnswer",
        where(call, address) + ": the answer cannot be read: " + clean(failure.getMessage())
            + "; check that " + address.setting("endpoint") + " is an S3 endpoint",
        failure);
  }

  /** The bucket's region, where the refusal names it; null where not. */
  static String region(HttpAnswer answer, byte[] body) {
    return region(answer, errorElement(body));
  }

  private static String region(HttpAnswer answer, XmlElement error) {
    String region = answer.header("x-amz-bucket-region");
    return region == null && error != null ? error.child("Region") : region;
  }

  static String code(HttpAnswer answer, byte[] body) {
    return code(answer, errorElement(body));
  }

  private static String code(HttpAnswer answer, XmlElement error) {
    String code = error == null ? null : error.child("Code");
    if (code != null && !code.isBlank()) {
      return code;
    }
    return switch (answer.status()) {
      case 301 -> "PermanentRedirect";
      case 307 -> "TemporaryRedirect";
      case 403 -> "AccessDenied";
      case 404 -> "NotFound";
      case 412 -> "PreconditionFailed";
      case 413 -> "EntityTooLarge";
      case 429, 503 -> "SlowDown";
      default -> "HTTP" + answer.status();
    };
  }

  private static XmlElement errorElement(byte[] body) {
    try {
      XmlElement root = S3Xml.parse(body);
      return root.name().equals("Error") ? root : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static String advice(
      S3Call call, StoreAddress address, String code, HttpAnswer answer, XmlElement error) {
    return switch (code) {
      case "AccessDenied" ->
          (call.method.equals("HEAD") ? "; correct the keys if they are wrong, or allow" : "; allow")
              + " these credentials to " + action(call) + " in bucket " + call.bucket + S3Advice.rights(call, address);
      case "NoSuchBucket" -> "; create bucket " + call.bucket + " or correct " + address.setting("bucket");
      case "InvalidAccessKeyId" ->
          "; the store does not know this access key: correct " + address.setting("access-key") + " (or the profile)";
      case "SignatureDoesNotMatch" ->
          "; correct " + address.setting("secret-key") + ", or " + address.setting("region") + " if the store checks it";
      case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired" ->
          "; the session token is no longer valid, and no newer one was found: renew the profile's credentials or "
              + address.setting("session-token");
      case "RequestTimeTooSkewed" -> "; set the clock of this machine";
      case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraint",
          "IllegalLocationConstraintException" ->
          "; the bucket is elsewhere" + elsewhere(answer, error)
              + ": correct " + address.setting("region") + " and " + address.setting("endpoint");
      case "EntityTooLarge" ->
          "; set reelway.transfer.multipart-threshold and reelway.transfer.part-size below what the store, or a proxy"
              + " before it, takes in one request";
      case "KeyTooLongError" -> "; a key has at most 1024 bytes: shorten " + address.setting("prefix") + " or the name";
      case "QuotaExceeded", "StorageFull", "XMinioStorageFull" -> "; make room in the store";
      default -> S3Advice.ofAttributes(call, address, code, answer.status());
    };
  }

  private static String elsewhere(HttpAnswer answer, XmlElement error) {
    String region = region(answer, error);
    String endpoint = error == null ? null : error.child("Endpoint");
    if (endpoint == null) {
      String location = answer.header("Location");
      endpoint = location == null ? null : location.replaceAll("\\?.*", "");
    }
    return (region == null ? "" : ", region " + clean(region))
        + (endpoint == null ? "" : ", endpoint " + clean(endpoint));
  }

  private static String action(S3Call call) {
    return switch (call.method) {
      case "PUT", "POST" -> "write (s3:PutObject)";
      case "DELETE" -> "delete or abort (s3:DeleteObject, s3:AbortMultipartUpload)";
      default -> "read and list (s3:GetObject, s3:ListBucket, s3:ListMultipartUploadParts)";
    };
  }

  private static String where(S3Call call, StoreAddress address) {
    return call.method + " " + address.shown(call.bucket, call.key);
  }

  static String clean(String text) {
    String line = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line;
  }
}
