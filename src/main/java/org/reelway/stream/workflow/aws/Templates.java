package org.reelway.stream.workflow.aws;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.medialive.model.CreateChannelRequest;

/** The two templates that users edit; read and tried once, at the start. */
final class Templates {
  private static final List<String> IN_BEHAVIOR = List.of("Origin", "CacheBehavior");
  private static final int TARGETS = 2;

  private final JsonTemplate channel;
  private final JsonTemplate origin;
  private final JsonTemplate behavior;

  /** @throws org.reelway.failure.InputFailure one of them is no request of the API; it says where */
  Templates(Path channelFile, Path behaviorFile) {
    this.channel = JsonTemplate.read(channelFile, "reelway.workflow.aws.channel-template");
    JsonTemplate both = JsonTemplate.read(behaviorFile, "reelway.workflow.aws.cloudfront-template");
    this.origin = both.member("Origin", IN_BEHAVIOR);
    this.behavior = both.member("CacheBehavior", IN_BEHAVIOR);
    channel(new ChannelValues("id", "name", "role", "input", List.of(), "s3://bucket/prefix/", 1));
    origin("id", "host.example");
    behavior("id", "/path/*");
  }

  /**
   * What a channel's template has places for.
   *
   * @param role that the channel takes on
   * @param archive root of its objects, with the slash at the end
   * @param segmentLength seconds
   */
  record ChannelValues(
      String id, String name, String role, String input, List<PackageTarget> targets, String archive, long segmentLength) {
    private Map<String, String> all() {
      Map<String, String> values = new HashMap<>(Map.of(
          "id", id, "name", name, "role", role, "input", input, "archive_1", archive + "_1", "archive_2", archive + "_2",
          "segment_length", Long.toString(segmentLength)));
      for (int i = 0; i < TARGETS; i++) {
        PackageTarget target = i < targets.size() ? targets.get(i) : new PackageTarget("", "", "");
        values.put("package_url_" + (i + 1), target.url());
        values.put("package_user_" + (i + 1), target.user());
        values.put("package_password_" + (i + 1), target.passwordParameter());
      }
      return values;
    }
  }

  /**
   * One of the two places of MediaPackage that a channel sends to.
   *
   * @param passwordParameter name of the parameter in SSM that holds the password
   */
  record PackageTarget(String url, String user, String passwordParameter) {}

  CreateChannelRequest.Builder channel(ChannelValues values) {
    return channel.into(CreateChannelRequest.builder(), values.all());
  }

  /** @param id that its behavior names it by */
  Origin origin(String id, String host) {
    return origin.into(Origin.builder(), Map.of("origin", id, "host", host)).build();
  }

  CacheBehavior behavior(String origin, String path) {
    return behavior.into(CacheBehavior.builder(), Map.of("origin", origin, "path", path)).build();
  }
}
