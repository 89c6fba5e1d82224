package org.reelway.transfer.store;

import org.reelway.failure.Failure;
import org.reelway.transfer.store.http.Handover;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * What fails in an {@code aws2-s3} step of a route is a failure of the store, with a class and words that say what to do,
 * as it is in a transfer. Transfers see the SDK's own failures, for they learn from them.
 */
final class FailuresOfRoutes implements ExecutionInterceptor {
  private final S3Failures failures;

  FailuresOfRoutes(S3Failures failures) {
    this.failures = failures;
  }

  @Override
  public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable failure = context.exception();
    if (Handover.isUnderWay() || !(failure instanceof SdkException sdk)) {
      return failure;
    }
    // The SDK wants an exception of the same class: what it means is its cause.
    return sdk.toBuilder().cause(told(call(context), sdk)).build();
  }

  private Failure told(S3Call call, SdkException sdk) {
    try {
      return sdk instanceof AwsServiceException refusal ? failures.refused(call, refusal) : failures.unanswered(call, sdk);
    } catch (Failure told) {
      return told;
    }
  }

  private static S3Call call(Context.FailedExecution context) {
    SdkRequest request = context.request();
    String method = context.httpRequest().map(http -> http.method().name()).orElse("REQUEST");
    return new S3Call(method, text(request, "Bucket"), text(request, "Key"));
  }

  private static String text(SdkRequest request, String field) {
    return request.getValueForField(field, String.class).orElse(null);
  }
}
