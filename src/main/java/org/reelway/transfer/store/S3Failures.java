package org.reelway.transfer.store;

import java.util.Optional;
import org.reelway.failure.Failure;
import org.reelway.transfer.store.http.TransportException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;

/** What went wrong with a call, in words that say what to do. Only the store's code and message are taken over. */
final class S3Failures {
  private static final int LONGEST_TEXT = 300;

  private final StoreAddress address;
  /** Null for none. */
  private final StoreProxy proxy;

  /** @param proxy on the way to the store; null for none */
  S3Failures(StoreAddress address, StoreProxy proxy) {
    this.address = address;
    this.proxy = proxy;
  }

  StoreFailure refused(S3Call call, AwsServiceException refusal) {
    String code = code(call, refusal);
    String text = details(refusal).map(AwsErrorDetails::errorMessage).orElse(null);
    String message =
        where(call) + ": " + refusal.statusCode() + " " + clean(code)
            + (text == null || text.isBlank() ? "" : " (" + clean(text) + ")")
            + (refusal.requestId() == null ? "" : ", request id " + clean(refusal.requestId()))
            + advice(call, code, refusal)
            + (mayBeTheProxys(call, refusal)
                ? "; it may come from the proxy " + proxy.shown() + " rather than from the store"
                : "");
    return new StoreFailure(refusal.statusCode(), code, message, null);
  }

  /** A tunnel is closed to the proxy; and what has S3's code is the store's. */
  private boolean mayBeTheProxys(S3Call call, AwsServiceException refusal) {
    return proxy != null
        && refusal.statusCode() >= 500
        && storesCode(refusal) == null
        && !address.peer(call.bucket()).tls()
        && proxy.isFor(address.peer(call.bucket()).host());
  }

  /** @throws Failure where the call failed here, for a reason that was told already */
  StoreFailure unanswered(S3Call call, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure told) {
        throw told;
      }
      if (cause instanceof TransportException transport) {
        return unanswered(call, transport);
      }
      if (cause instanceof AbortedException || cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return unanswered(
            call,
            new TransportException(TransportException.Kind.INTERRUPTED, "the thread was interrupted", failure));
      }
    }
    return unreadable(call, failure);
  }

  private StoreFailure unanswered(S3Call call, TransportException failure) {
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
    return new StoreFailure(0, code, where(call) + ": " + failure.getMessage() + advice, failure);
  }

  /** A success whose text makes no sense: whether the call took effect is unknown. */
  StoreFailure unreadable(S3Call call, Exception failure) {
    return new StoreFailure(
        0,
        "UnreadableAnswer",
        where(call) + ": the answer cannot be read: " + reason(failure)
            + "; check that " + address.setting("endpoint") + " is an S3 endpoint",
        failure);
  }

  private static Optional<AwsErrorDetails> details(AwsServiceException refusal) {
    return Optional.ofNullable(refusal.awsErrorDetails());
  }

  private static Optional<String> header(AwsServiceException refusal, String name) {
    return details(refusal).map(AwsErrorDetails::sdkHttpResponse).flatMap(answer -> answer.firstMatchingHeader(name));
  }

  /** The bucket's region, where the refusal names it; null where not. */
  static String region(AwsServiceException refusal) {
    return header(refusal, "x-amz-bucket-region").orElse(null);
  }

  private static String storesCode(AwsServiceException refusal) {
    String code = details(refusal).map(AwsErrorDetails::errorCode).orElse(null);
    return code == null || code.isBlank() ? null : code;
  }

  static String code(S3Call call, AwsServiceException refusal) {
    if (call.isBucketHead() && refusal.statusCode() == 404) {
      return "NoSuchBucket";
    }
    String code = storesCode(refusal);
    if (code != null) {
      return code;
    }
    return switch (refusal.statusCode()) {
      case 301 -> "PermanentRedirect";
      case 307 -> "TemporaryRedirect";
      case 403 -> "AccessDenied";
      case 404 -> "NotFound";
      case 412 -> "PreconditionFailed";
      case 413 -> "EntityTooLarge";
      case 429, 503 -> "SlowDown";
      default -> "HTTP" + refusal.statusCode();
    };
  }

  private String advice(S3Call call, String code, AwsServiceException refusal) {
    return switch (code) {
      case "AccessDenied" ->
          (call.method().equals("HEAD") ? "; correct the keys if they are wrong, or allow" : "; allow")
              + " these credentials to " + action(call) + " in bucket " + call.bucket() + S3Advice.rights(call, address);
      case "NoSuchBucket" -> "; create bucket " + call.bucket() + " or correct " + address.setting("bucket");
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
          "; the bucket is elsewhere" + elsewhere(refusal)
              + ": correct " + address.setting("region") + " and " + address.setting("endpoint");
      case "EntityTooLarge" ->
          "; set reelway.transfer.multipart-threshold and reelway.transfer.part-size below what the store, or a proxy"
              + " before it, takes in one request";
      case "KeyTooLongError" -> "; a key has at most 1024 bytes: shorten " + address.setting("prefix") + " or the name";
      case "QuotaExceeded", "StorageFull", "XMinioStorageFull" -> "; make room in the store";
      default -> S3Advice.ofAttributes(call, address, code, refusal.statusCode());
    };
  }

  private static String elsewhere(AwsServiceException refusal) {
    String region = region(refusal);
    String endpoint = header(refusal, "Location").map(location -> location.replaceAll("\\?.*", "")).orElse(null);
    return (region == null ? "" : ", region " + clean(region))
        + (endpoint == null ? "" : ", endpoint " + clean(endpoint));
  }

  private static String action(S3Call call) {
    return switch (call.method()) {
      case "PUT", "POST" -> "write (s3:PutObject)";
      case "DELETE" -> "delete or abort (s3:DeleteObject, s3:AbortMultipartUpload)";
      default -> "read and list (s3:GetObject, s3:ListBucket, s3:ListMultipartUploadParts)";
    };
  }

  private String where(S3Call call) {
    return call.method() + " " + address.shown(call.bucket(), call.key());
  }

  static String clean(String text) {
    String line = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "…" : line;
  }

  /** What the failure or what it came from says. */
  static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return clean(last.getMessage() == null ? last.toString() : last.getMessage());
  }
}
