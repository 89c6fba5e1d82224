package org.reelway.stream.workflow.aws;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.settings.AwsLiveSettings;
import org.reelway.settings.Settings;

/**
 * What the settings say of AWS.
 *
 * @param endpoint of all services; null for AWS's own
 * @param role that channels take on
 * @param securityGroup of inputs: who may publish
 * @param distribution that is the public live address
 * @param bucket of archives
 */
record AwsTerms(
    String region, URI endpoint, String role, String securityGroup, Optional<String> distribution, String bucket,
    Templates templates) {

  /**
   * @param home folder of the program, with the templates that are shipped
   * @throws org.reelway.failure.InputFailure a setting is missing, or a template is wrong
   */
  static AwsTerms of(Settings settings, String storesRegion, String bucket, Path home) {
    String region = settings.get(AwsLiveSettings.REGION);
    return new AwsTerms(
        region == null ? storesRegion : region, settings.get(AwsLiveSettings.ENDPOINT),
        settings.require(AwsLiveSettings.ROLE_ARN), settings.require(AwsLiveSettings.INPUT_SECURITY_GROUP),
        Optional.ofNullable(settings.get(AwsLiveSettings.CLOUDFRONT_DISTRIBUTION)), bucket,
        new Templates(
            file(settings.get(AwsLiveSettings.CHANNEL_TEMPLATE), home, "channel.json"),
            file(settings.get(AwsLiveSettings.CLOUDFRONT_TEMPLATE), home, "cloudfront-behavior.json")));
  }

  private static Path file(Path named, Path home, String shipped) {
    return named == null ? home.resolve("aws-live").resolve(shipped) : named;
  }
}
