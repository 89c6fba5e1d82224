package org.reelway.transfer.store;

import java.util.function.Function;
import org.reelway.failure.Failure;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * The client as routes have it. What fails in an {@code aws2-s3} step is a failure of the store, with a class and words that
 * say what to do. Each such endpoint would ask after its bucket when it starts: a store that is away, or shows its bucket to
 * nobody, stops no start and no step that an expression of its route leads to.
 */
final class RouteClient extends DelegatingS3Client {
  private final S3Failures failures;

  RouteClient(S3Client client, S3Failures failures) {
    super(client);
    this.failures = failures;
  }

  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest request) {
    return isEndpointStarting() ? HeadBucketResponse.builder().build() : super.headBucket(request);
  }

  /** Not the operation {@code headBucket} of a step, which is what it says. */
  private static boolean isEndpointStarting() {
    return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".AWS2S3Endpoint")));
  }

  /** @throws Failure the store's, in place of the SDK's */
  @Override
  protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
    try {
      return operation.apply(request);
    } catch (AwsServiceException refusal) {
      throw failures.refused(call(request), refusal);
    } catch (SdkException e) {
      throw failures.unanswered(call(request), e);
    }
  }

  private static S3Call call(S3Request request) {
    return new S3Call(method(request.getClass().getSimpleName()), text(request, "Bucket"), text(request, "Key"));
  }

  /** Of HTTP, for people; of an operation's name. */
  private static String method(String operation) {
    return operation.matches("(Put|Copy|Create|Upload|Complete|Restore).*") ? "PUT"
        : operation.matches("(Delete|Abort).*") ? "DELETE" : operation.startsWith("Head") ? "HEAD" : "GET";
  }

  private static String text(S3Request request, String field) {
    return request.getValueForField(field, String.class).orElse(null);
  }
}
