package org.reelway.transfer.store;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.store.http.HttpAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where each bucket was found to be. A store that is asked in the wrong region says the right one in {@code
 * x-amz-bucket-region} or in the error's {@code Region}
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html); most answer 301 or 400.
 */
final class S3Regions {
  private static final Logger LOG = LoggerFactory.getLogger(S3Regions.class);
  private static final Set<String> ELSEWHERE =
      Set.of(
          "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraint",
          "IllegalLocationConstraintException");

  private final StoreAddress address;
  private final String given;
  private final boolean follow;
  private final Map<String, String> found = new ConcurrentHashMap<>();
  private final Map<String, Sigv4> signers = new ConcurrentHashMap<>();

  S3Regions(StoreAddress address, String given, boolean follow) {
    this.address = address;
    this.given = given;
    this.follow = follow;
  }

  String of(String bucket) {
    return found.getOrDefault(bucket, given);
  }

  Sigv4 signer(String bucket) {
    return signers.computeIfAbsent(of(bucket), Sigv4::new);
  }

  /**
   * @param usedRegion the one that the refused call was sent to
   * @return whether the call has a better chance now
   */
  boolean learn(S3Call call, String usedRegion, HttpAnswer answer, byte[] body) {
    boolean withoutText = call.method.equals("HEAD") && (answer.status() == 301 || answer.status() == 400);
    if (!follow || !withoutText && !ELSEWHERE.contains(S3Failures.code(answer, body))) {
      return false;
    }
    String region = S3Failures.region(answer, body);
    // What comes from outside becomes part of a host name.
    if (region == null || !region.matches("[a-z0-9-]{1,64}") || region.equals(usedRegion)) {
      return false;
    }
    if (!region.equals(found.put(call.bucket, region))) {
      LOG.info(
          "bucket {} is in region {}, not in {}: requests go there; set {}={} to spare the detour",
          call.bucket, region, given, address.setting("region"), region);
    }
    return true;
  }
}
