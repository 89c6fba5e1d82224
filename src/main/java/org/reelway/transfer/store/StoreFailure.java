package org.reelway.transfer.store;

import java.util.Set;
import org.reelway.failure.DestinationFailure;

/** A call that the store answered with an error, or did not answer. */
public final class StoreFailure extends DestinationFailure {
  /** Codes that come with other statuses, also with 200; the last four say that other bytes came than were sent. */
  private static final Set<String> PASSING =
      Set.of(
          "SlowDown",
          "InternalError",
          "ServiceUnavailable",
          "RequestTimeout",
          "RequestTimeTooSkewed",
          "IncompleteBody",
          "BadDigest",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch");

  private static final Set<String> OF_THE_OBJECT =
      Set.of("EntityTooLarge", "EntityTooSmall", "KeyTooLongError", "MetadataTooLarge", "InvalidTag", "QuotaExceeded");

  private final int status;
  private final String code;

  /**
   * @param status the HTTP status; 0 where there was no answer; 200 where the error was in the body of a 200
   * @param code S3's error code, for instance {@code NoSuchUpload}; for no answer {@code Timeout}, {@code
   *     ConnectionFailed}, {@code ProxyFailed}, {@code ConnectionReset}, {@code UnknownHost}, {@code UnreadableAnswer} (something came that
   *     is no S3) or {@code Interrupted} (the thread, whose flag stays set, or the store was closed)
   */
  public StoreFailure(int status, String code, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public boolean isCode(String expected) {
    return expected.equals(code);
  }

  /** The upload id is not known (any more): it was completed, aborted or expired. */
  public boolean isNoSuchUpload() {
    return isCode("NoSuchUpload");
  }

  /** What was asked for is not there, whatever the store calls it; the bucket is. */
  public boolean isNotFound() {
    return isNoSuchUpload() || status == 404 && !isCode("NoSuchBucket");
  }

  /** A conditional put or complete found the condition false. */
  public boolean isPreconditionFailed() {
    return status == 412 || isCode("PreconditionFailed");
  }

  /** The request may have taken effect although no answer came: look before it is repeated or given up. */
  public boolean isAnswerLost() {
    return status == 0 && !isCode("ConnectionFailed") && !isCode("ProxyFailed") && !isCode("UnknownHost");
  }

  /** A conditional write met another one of the same key; S3 then wants the upload to be begun anew. */
  public boolean isConditionalConflict() {
    return isCode("ConditionalRequestConflict");
  }

  /** The credentials are at fault, not what was asked for: newer ones may do. */
  public boolean isAboutCredentials() {
    return isAboutCredentials(code);
  }

  static boolean isAboutCredentials(String code) {
    return switch (code) {
      case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidClientTokenId", "TokenRefreshRequired",
              "InvalidAccessKeyId", "UnrecognizedClientException", "SignatureDoesNotMatch" -> true;
      default -> false;
    };
  }

  /**
   * The store does not take what was sent, or how: the same request will not do. Not where it is about the credentials or
   * the object's size or name.
   */
  public boolean isRefusal() {
    boolean clear = (status == 400 || status == 501) && (!isTransient() || isWrongDigest());
    return clear && !isAboutCredentials() && !OF_THE_OBJECT.contains(code);
  }

  /** Other bytes came than were sent, or the store computes another digest of them than we do. */
  public boolean isWrongDigest() {
    return isCode("BadDigest") || code.startsWith("XAmzContent");
  }

  /** The same request may well succeed a moment later: the network, the store's load, or a byte altered on its way. */
  public boolean isTransient() {
    return status == 0
        || status == 408
        || status == 409
        || status == 429
        || status >= 500 && status != 501
        || PASSING.contains(code);
  }
}
