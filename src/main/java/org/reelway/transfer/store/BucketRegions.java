package org.reelway.transfer.store;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointParams;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/**
 * Where each bucket was found to be. A store that is asked in the wrong region says the right one in {@code
 * x-amz-bucket-region} or in the error's {@code Region}
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html); most answer 301 or 400. The SDK's own following
 * asks the store once more for each bucket, and leaves the endpoint of a setting as it is.
 */
final class BucketRegions implements S3EndpointProvider {
  private static final Logger LOG = LoggerFactory.getLogger(BucketRegions.class);
  private static final Set<String> ELSEWHERE =
      Set.of(
          "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraint",
          "IllegalLocationConstraintException");
  /** {@code s3.amazonaws.com}, {@code s3.REGION…}, {@code s3-fips.REGION…}, {@code s3.dualstack.REGION…}. */
  private static final Pattern AMAZON =
      Pattern.compile("https://(s3(?:-fips)?(?:\\.dualstack)?)(?:\\.[a-z0-9-]+)?(\\.amazonaws\\.com(?:\\.cn)?)/?");

  private final S3EndpointProvider standard = S3EndpointProvider.defaultProvider();
  private final StoreConnection connection;
  private final boolean follow;
  private final Map<String, String> found = new ConcurrentHashMap<>();

  BucketRegions(StoreConnection connection, boolean follow) {
    this.connection = connection;
    this.follow = follow;
  }

  @Override
  public CompletableFuture<Endpoint> resolveEndpoint(S3EndpointParams asked) {
    String region = asked.bucket() == null ? null : found.get(asked.bucket());
    return standard.resolveEndpoint(
        region == null
            ? asked
            : asked.toBuilder().region(Region.of(region)).endpoint(in(region, asked.endpoint())).build());
  }

  /** Only AWS has a host for each region. */
  static String in(String region, String endpoint) {
    Matcher amazon = AMAZON.matcher(endpoint == null ? "" : endpoint);
    return amazon.matches() ? "https://" + amazon.group(1) + "." + region + amazon.group(2) : endpoint;
  }

  String of(String bucket) {
    return found.getOrDefault(bucket, connection.region());
  }

  /**
   * @param usedRegion the one that the refused call was sent to
   * @return whether the call has a better chance now
   */
  boolean learn(S3Call call, String usedRegion, AwsServiceException refusal) {
    boolean withoutText = call.method().equals("HEAD") && (refusal.statusCode() == 301 || refusal.statusCode() == 400);
    if (!follow || !withoutText && !ELSEWHERE.contains(S3Failures.code(call, refusal))) {
      return false;
    }
    String region = S3Failures.region(refusal);
    // What comes from outside becomes part of a host name.
    if (region == null || !region.matches("[a-z0-9-]{1,64}") || region.equals(usedRegion)) {
      return false;
    }
    if (!region.equals(found.put(call.bucket(), region))) {
      LOG.info(
          "bucket {} is in region {}, not in {}: requests go there; set {}.region={} to spare the detour",
          call.bucket(), region, connection.region(), connection.settings(), region);
    }
    return true;
  }
}
