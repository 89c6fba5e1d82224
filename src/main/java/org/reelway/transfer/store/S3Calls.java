package org.reelway.transfer.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.http.Handover;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.core.exception.SdkException;

/** Calls of the SDK's client, each with what goes past it to the transport, and what is made of a refusal. */
final class S3Calls {
  private static final Duration NOTABLE_SKEW = Duration.ofMinutes(5);

  private final StoreClient client;
  private final S3Failures failures;
  private final Priority priority;

  S3Calls(StoreClient client, Priority priority) {
    this.client = client;
    this.failures = new S3Failures(client.address(), client.proxy());
    this.priority = priority;
  }

  S3Failures failures() {
    return failures;
  }

  /** What an answer is read as; one that cannot be leaves open whether the call took effect. */
  @FunctionalInterface
  interface Reading<A, T> {
    T of(A answer) throws IOException;
  }

  <A, T> T ask(S3Call call, Supplier<A> asking, Reading<A, T> reading) {
    return send(call, null, Sent.NOBODY, asking, reading);
  }

  /** @param body that the transport has to send in place of the SDK's; null for none */
  <A, T> T send(S3Call call, Body body, Sent sent, Supplier<A> asking, Reading<A, T> reading) {
    Handover handover = new Handover(body, sent, priority, true);
    A answer = call(call, handover, asking);
    try {
      return reading.of(answer);
    } catch (IOException e) {
      throw failures.unreadable(call, e);
    }
  }

  /** An answer that is read by the caller. */
  <A> A object(S3Call call, Supplier<A> asking) {
    return call(call, new Handover(null, Sent.NOBODY, priority, false), asking);
  }

  /** Each thing that a refusal can teach is learnt once, and the call then repeated at once. */
  private <A> A call(S3Call call, Handover handover, Supplier<A> asking) {
    client.address().path(call.bucket(), call.key());
    AwsCredentials signedWith = client.credentials().resolveCredentials();
    String region = client.regions().of(call.bucket());
    int ahead = SdkGlobalTime.getGlobalTimeOffset();
    Iterator<Predicate<AwsServiceException>> lessons =
        List.<Predicate<AwsServiceException>>of(
                refusal -> client.regions().learn(call, region, refusal),
                refusal -> tellsAnotherTime(ahead, refusal),
                refusal -> mayBeRenewed(call, refusal) && client.credentials().renew(signedWith))
            .iterator();
    while (true) {
      try {
        return handover.during(asking);
      } catch (AwsServiceException refusal) {
        boolean learnt = false;
        while (!learnt && lessons.hasNext()) {
          learnt = lessons.next().test(refusal);
        }
        if (!learnt) {
          throw failures.refused(call, refusal);
        }
      } catch (SdkException e) {
        throw failures.unanswered(call, e);
      }
    }
  }

  /** @param before seconds that the store's time was thought to be ahead; the SDK has taken over what the refusal says */
  private static boolean tellsAnotherTime(int before, AwsServiceException refusal) {
    return refusal.isClockSkewException()
        && Math.abs(SdkGlobalTime.getGlobalTimeOffset() - before) > NOTABLE_SKEW.toSeconds();
  }

  /** The answer to a HEAD cannot say why. */
  private static boolean mayBeRenewed(S3Call call, AwsServiceException refusal) {
    boolean cannotSay = call.method().equals("HEAD") && (refusal.statusCode() == 403 || refusal.statusCode() == 400);
    return cannotSay || StoreFailure.isAboutCredentials(S3Failures.code(call, refusal));
  }
}
