package org.reelway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.reelway.settings.WorkflowSettings.Driver;

/** {@code reelway.workflow.aws.*}: streams by MediaLive, MediaPackage and CloudFront. */
public final class AwsLiveSettings {
  public static final Setting<String> REGION = Setting.optional(
      "reelway.workflow.aws.region", Types.REGION,
      "Region in which MediaLive, MediaPackage and the parameter store are used. Where it is not set, the store's. "
          + "Credentials are those of the store (reelway.store.*).");
  public static final Setting<String> ROLE_ARN = Setting.optional(
      "reelway.workflow.aws.role-arn", Types.text("arn:\\S{1,2000}", "arn:..., without spaces"),
      "Role that MediaLive channels take on: it reads the passwords of MediaPackage and writes the archive. Needed by the "
          + "driver aws.");
  public static final Setting<String> INPUT_SECURITY_GROUP = Setting.optional(
      "reelway.workflow.aws.input-security-group", Types.text("[0-9A-Za-z-]{1,64}", "the id of a group, such as 1234567"),
      "MediaLive input security group: the addresses that may publish. Needed by the driver aws.");
  public static final Setting<String> CLOUDFRONT_DISTRIBUTION = Setting.optional(
      "reelway.workflow.aws.cloudfront-distribution", Types.text("[0-9A-Z]{3,32}", "an id such as E1ABCDEFGHIJKL"),
      "CloudFront distribution that is the public live address. Where it is not set, streams have none.");
  public static final Setting<Path> CHANNEL_TEMPLATE = Setting.optional(
      "reelway.workflow.aws.channel-template", Folders.PATH,
      "What MediaLive channels are like: the request of CreateChannel as JSON, with placeholders. Read when a stream first needs "
          + "it. Where it is not set, aws-live/channel.json of the program's folder counts.");
  public static final Setting<Path> CLOUDFRONT_TEMPLATE = Setting.optional(
      "reelway.workflow.aws.cloudfront-template", Folders.PATH,
      "Origin and cache behavior of a stream that is live. Read when a stream first needs it. Where it is not set, "
          + "aws-live/cloudfront-behavior.json of the program's folder counts.");
  public static final Setting<URI> ENDPOINT = Setting.optional(
      "reelway.workflow.aws.endpoint", AddressTypes.SERVICE,
      "Address that speaks for all four services, for tests and AWS-compatible services. Where it is not set, AWS's own.");

  static final Setting.Group GROUP = new Setting.Group(
      "Live workflow by AWS", "What the driver aws of the live workflow uses (docs/workflow.md).",
      List.of(REGION, ROLE_ARN, INPUT_SECURITY_GROUP, CLOUDFRONT_DISTRIBUTION, CHANNEL_TEMPLATE, CLOUDFRONT_TEMPLATE, ENDPOINT));

  private AwsLiveSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(isNeeded(ROLE_ARN), isNeeded(INPUT_SECURITY_GROUP));
  }

  private static CrossRule isNeeded(Setting<String> setting) {
    return new CrossRule(
        List.of(WorkflowSettings.DRIVER, setting), setting,
        settings -> CrossRule.problemIf(
            settings.get(WorkflowSettings.DRIVER) == Driver.AWS && !settings.isSet(setting),
            "is not set, and " + WorkflowSettings.DRIVER + "=aws needs it; docs/workflow.md says how to make it"));
  }
}
