package org.reelway.stream.workflow.aws;

import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.medialive.model.UnprocessableEntityException;

/** What fails in a call, with a class, the call's name and what to do, in place of the SDK's exceptions. */
final class AwsFailures implements ExecutionInterceptor {
  private static final int LONGEST = 600;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int SERVER_ERROR = 500;
  private static final Set<Integer> UNKNOWN_LOGIN = Set.of(401, FORBIDDEN);
  /** Services that speak JSON 1.1 answer 400 to all. */
  private static final String DENIED = "(AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|InvalidClientTokenId).*";

  private static final String QUOTA =
      "(?is).*(limit ?exceeded|TooMany(Origins|CacheBehaviors)|(quota|limit)s? (is |was |has been )?(exceeded|reached)"
          + "|(exceed|reached)\\w*[^.]{0,60}(quota|maximum number)).*";

  private final String region;

  AwsFailures(String region) {
    this.region = region;
  }

  /** It is thrown here: what is returned has to be of the class that was given. */
  @Override
  public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable failure = context.exception();
    if (failure instanceof Error error) {
      throw error;
    }
    String call = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME) + " "
        + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    throw Failure.in(failure).orElseGet(() -> failure instanceof AwsServiceException refusal ? refused(call, refusal)
        : new DestinationFailure(
            call + " cannot be asked in " + region + ": " + said(Failure.rootOf(failure))
                + "; check reelway.workflow.aws.region, and this machine's way to AWS", failure));
  }

  private Failure refused(String call, AwsServiceException refusal) {
    int status = status(refusal);
    // A value that is no good may be repeated in the answer, and here it is a password.
    String words = call.endsWith(" PutParameter") ? "" : " (" + words(refusal) + ")";
    String told = call + " answers " + refusal.statusCode() + " " + code(refusal) + words;
    if (refusal.isThrottlingException() || code(refusal).equals("TooManyUpdates")) {
      return new AwsRefusal(status, told + "; it is asked again, later each time", refusal);
    }
    if (isQuota(refusal)) {
      return new AwsRefusal(
          0, told + "; ask for a higher quota (AWS Service Quotas), or delete streams that are not needed", refusal);
    }
    if (UNKNOWN_LOGIN.contains(status) || code(refusal).matches(DENIED)) {
      return new AwsRefusal(
          0, told + "; allow the credentials of reelway.store.* " + permission(call)
              + " (docs/workflow.md has the whole policy)", refusal);
    }
    if (status == NOT_FOUND || status == CONFLICT || status == PRECONDITION_FAILED) {
      return new AwsRefusal(status, told, refusal);
    }
    return status >= SERVER_ERROR
        ? new AwsRefusal(status, told + "; it is asked again, later each time", refusal)
        : new InputFailure(
            told + "; correct what it names: the templates of reelway.workflow.aws.*-template, or the setting", refusal);
  }

  /** The codes count: services of others answer 400 to all. */
  private static int status(AwsServiceException refusal) {
    return switch (code(refusal)) {
      case "NotFoundException", "NoSuchDistribution" -> NOT_FOUND;
      case "ConflictException" -> CONFLICT;
      case "PreconditionFailed", "InvalidIfMatchVersion" -> PRECONDITION_FAILED;
      default -> refusal.statusCode();
    };
  }

  /** Of IAM, such as {@code medialive:CreateChannel}; a channel's role is handed on beside. */
  private static String permission(String call) {
    String action = call.toLowerCase(java.util.Locale.ROOT).split(" ")[0] + ":" + call.split(" ")[1];
    return action.matches("medialive:(Create|Update)Channel") ? action + " and iam:PassRole for reelway.workflow.aws.role-arn"
        : action;
  }

  private static boolean isQuota(AwsServiceException refusal) {
    boolean isTemplate = refusal instanceof UnprocessableEntityException invalid && !invalid.validationErrors().isEmpty();
    return !isTemplate && refusal.statusCode() < SERVER_ERROR && (code(refusal) + " " + words(refusal)).matches(QUOTA);
  }

  private static String code(AwsServiceException refusal) {
    return refusal.awsErrorDetails() == null ? "" : said(refusal.awsErrorDetails().errorCode());
  }

  private static String words(AwsServiceException refusal) {
    String message = refusal.awsErrorDetails() == null ? refusal.getMessage() : refusal.awsErrorDetails().errorMessage();
    String found = refusal instanceof UnprocessableEntityException invalid
        ? invalid.validationErrors().stream().map(one -> one.elementPath() + ": " + one.errorMessage())
            .collect(Collectors.joining("; ", " ", ""))
        : "";
    return said(message + found);
  }

  private static String said(String text) {
    String line = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").replaceAll(Secrets.SHAPE, "***").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
