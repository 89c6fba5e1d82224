package org.reelway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of one store: how it is reached, and the credentials for it. Each store has a group of its own with the
 * same words, such as {@code reelway.store.endpoint}.
 */
public final class StoreGroup {
  public final Setting<URI> endpoint;
  public final Setting<String> region;
  public final Setting<String> bucket;
  public final Setting<String> prefix;
  public final Setting<String> accessKey;
  public final Setting<String> secretKey;
  public final Setting<String> sessionToken;
  public final Setting<String> profile;
  public final Setting<Path> profileFile;
  public final Setting<PathStyle> pathStyle;
  public final Setting<ChecksumChoice> checksum;
  public final Setting<Duration> connectTimeout;
  public final Setting<Duration> idleTimeout;
  private final String name;

  /**
   * @param name what the keys of the group start with, such as {@code reelway.store}
   * @param bucketText what its bucket is for
   */
  StoreGroup(String name, String bucketText) {
    this.name = name;
    endpoint = Setting.optional(key("endpoint"), new UriType(),
        "Address of the S3-compatible store. Where it is not set, the AWS endpoint of the region is used.");
    region = Setting.of(key("region"), StringType.REGION, "us-east-1",
        "Region with which requests are signed. Most stores other than AWS take any.");
    bucket = Setting.optional(key("bucket"), StringType.BUCKET, bucketText);
    prefix = Setting.of(key("prefix"), StringType.PREFIX, "",
        "What every key starts with, such as archive/studio-1; the slash after it is added. No key ever lies "
            + "outside it, whatever a recording is called.");
    accessKey = Setting.optional(key("access-key"), SecretType.STORE_KEY,
        "Access key id of a static pair of credentials. Without pair and profile, the AWS default chain is asked "
            + "(environment, profile, web identity, container, instance).");
    secretKey = Setting.optional(key("secret-key"), SecretType.STORE_KEY,
        "Secret access key of the pair. Better given as environment variable than in a file.");
    sessionToken = Setting.optional(key("session-token"), SecretType.STORE_KEY,
        "Session token that belongs to a temporary pair. It is not renewed: uploads wait when it has expired.");
    profile = Setting.optional(key("profile"), StringType.PROFILE,
        "Name of the profile that holds the credentials, instead of a static pair.");
    profileFile = Setting.optional(key("profile-file"), new PathType(),
        "File that holds the profile, in the format of ~/.aws/credentials. Where it is not set, the files of the AWS "
            + "tools are read.");
    pathStyle = Setting.of(key("path-style"), ChoiceType.of(PathStyle.class), "auto",
        "Whether the bucket stands in the path of a request (true) or in its host name (false). auto uses the path "
            + "when an endpoint is set.");
    checksum = Setting.of(key("checksum"), ChoiceType.of(ChecksumChoice.class), "auto",
        "Checksum that the store verifies on arrival. auto finds out what the store takes and uses the cheapest "
            + "(crc32c, crc64nvme, md5); none leaves sizes and ETags as the only evidence.");
    connectTimeout = Setting.of(key("connect-timeout"), DurationType.between("100ms", "10m"), "10s",
        "How long a connection to the store may take to open before the try counts as failed.");
    idleTimeout = Setting.of(key("idle-timeout"), DurationType.between("100ms", "1h"), "60s",
        "How long an open connection may go without a byte in either direction before the try counts as failed. A "
            + "transfer that is slow but moves is never cut.");
  }

  private String key(String word) {
    return name + "." + word;
  }

  /** What the keys of the group start with, such as {@code reelway.store}: messages name the settings of their store. */
  public String name() {
    return name;
  }

  /** In the order of the docs. */
  List<Setting<?>> settings() {
    return List.of(endpoint, region, bucket, prefix, accessKey, secretKey, sessionToken, profile, profileFile,
        pathStyle, checksum, connectTimeout, idleTimeout);
  }

  /** What must hold between them. */
  List<CrossRule> rules() {
    return List.of(
        CrossRules.goesWith(accessKey, secretKey),
        CrossRules.goesWith(secretKey, accessKey),
        tokenGoesWithPair(),
        notBesidePair(profile),
        notBesidePair(profileFile));
  }

  private CrossRule tokenGoesWithPair() {
    return new CrossRule(
        List.of(accessKey, secretKey, sessionToken),
        sessionToken,
        settings -> CrossRules.problemIf(
            settings.isSet(sessionToken) && !settings.isSet(accessKey) && !settings.isSet(secretKey),
            "is set without the pair it belongs to; set " + accessKey + " and " + secretKey + ", or remove it"));
  }

  private CrossRule notBesidePair(Setting<?> other) {
    return new CrossRule(
        List.of(accessKey, secretKey, other),
        other,
        settings -> CrossRules.problemIf(
            settings.isSet(other) && (settings.isSet(accessKey) || settings.isSet(secretKey)),
            "is set beside a static pair of credentials; remove it, or " + accessKey + " and " + secretKey));
  }
}
