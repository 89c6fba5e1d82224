package org.reelway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of one store: how it is reached, and the credentials for it. Each store has a group of its own with the
 * same words, such as {@code reelway.store.endpoint}.
 */
public final class StoreGroup {
  public final Setting<URI> endpoint;
  public final Setting<String> region;
  public final Setting<Boolean> followRegion;
  public final Setting<String> bucket;
  public final Setting<Boolean> checkBucket;
  public final Setting<String> bucketOwner;
  public final Setting<Boolean> requesterPays;
  public final Setting<String> prefix;
  public final Setting<String> accessKey;
  public final Setting<String> secretKey;
  public final Setting<String> sessionToken;
  public final Setting<String> profile;
  public final Setting<Path> profileFile;
  public final Setting<String> roleArn;
  public final Setting<String> roleSessionName;
  public final Setting<String> roleExternalId;
  public final Setting<Duration> roleDuration;
  public final Setting<URI> stsEndpoint;
  public final Setting<PathStyle> pathStyle;
  public final Setting<ChecksumChoice> checksum;
  public final Setting<Duration> connectTimeout;
  public final Setting<Duration> idleTimeout;
  public final Setting<Long> minRate;
  public final Setting<URI> proxy;
  public final Setting<String> proxyUsername;
  public final Setting<String> proxyPassword;
  public final Setting<List<String>> noProxy;
  public final Setting<Path> caFile;
  /** About its objects. */
  public final ObjectGroup objects;
  private final String name;

  /**
   * @param name what the keys of the group start with, such as {@code reelway.store}
   * @param bucketText what its bucket is for
   */
  StoreGroup(String name, String bucketText) {
    this.name = name;
    endpoint = Setting.optional(key("endpoint"), AddressTypes.SERVICE,
        "Address of the S3-compatible store. Where it is not set, the AWS endpoint of the region is used.");
    region = Setting.optional(key("region"), Types.REGION,
        "Region with which requests are signed. Where it is not set: AWS_REGION, the region of the profile, else "
            + "us-east-1. Most stores other than AWS take any.");
    followRegion = Setting.of(key("follow-region"), Types.BOOLEAN, "true",
        "Whether requests go to the region that the store names when the bucket is not where the settings say. "
            + "Another host is used with AWS only.");
    bucket = Setting.optional(key("bucket"), Types.BUCKET, bucketText);
    prefix = Setting.of(key("prefix"), Types.PREFIX, "",
        "What every key starts with, such as archive/studio-1; the slash after it is added. No key ever lies "
            + "outside it, whatever a recording is called.");
    accessKey = Setting.optional(key("access-key"), Types.STORE_KEY,
        "Access key id of a static pair of credentials. Without pair and profile, the AWS default chain is asked "
            + "(environment, profile, web identity, container, instance).");
    secretKey = Setting.optional(key("secret-key"), Types.STORE_KEY,
        "Secret access key of the pair. Better given as environment variable than in a file.");
    sessionToken = Setting.optional(key("session-token"), Types.STORE_KEY,
        "Session token that belongs to a temporary pair. It is not renewed: uploads wait when it has expired.");
    profile = Setting.optional(key("profile"), Types.PROFILE,
        "Name of the profile that holds the credentials, instead of a static pair.");
    profileFile = Setting.optional(key("profile-file"), Folders.PATH,
        "File that holds the profile, in the format of ~/.aws/credentials. Where it is not set, the files of the AWS "
            + "tools are read.");
    pathStyle = Setting.of(key("path-style"), Types.choice(PathStyle.class), "auto",
        "Whether the bucket stands in the path of a request (true) or in its host name (false). auto uses the path "
            + "when an endpoint is set.");
    checksum = Setting.of(key("checksum"), Types.choice(ChecksumChoice.class), "auto",
        "Checksum that the store verifies on arrival. auto finds out what the store takes and uses the cheapest "
            + "(crc32c, crc64nvme, md5); none leaves sizes and ETags as the only evidence.");
    checkBucket = Setting.of(key("check-bucket"), Types.BOOLEAN, "true",
        "Whether the bucket is asked for at start, and by health until a first recording was tried. A bucket that is "
            + "missing or denied is said, and never stops the start.");
    bucketOwner = Setting.optional(key("bucket-owner"), Types.ACCOUNT,
        "Account that must own the bucket: the store refuses every request when it is another's.");
    requesterPays = Setting.of(key("requester-pays"), Types.BOOLEAN, "false",
        "Whether requests say that their sender pays, which buckets of that kind ask for.");
    connectTimeout = Setting.of(key("connect-timeout"), Types.duration("100ms", "10m"), "10s",
        "How long a connection to the store may take to open before the try counts as failed.");
    idleTimeout = Setting.of(key("idle-timeout"), Types.duration("100ms", "1h"), "60s",
        "How long an open connection may go without a byte in either direction before the try counts as failed. A "
            + "transfer that is slow but moves is never cut.");
    minRate = Setting.of(key("min-rate"), Types.rateOrNone("1B/s", "1GiB/s"), "1KiB/s",
        "Bytes a second that one connection must move, over the idle timeout, so that a peer that trickles a byte now "
            + "and then is found. Waits for our own bandwidth limit do not count.");
    proxy = Setting.optional(key("proxy"), AddressTypes.PROXY,
        "HTTP proxy on the way to the store (CONNECT for an https store). The variables HTTPS_PROXY and http_proxy are "
            + "not read.");
    proxyUsername = Setting.optional(key("proxy-username"), Types.USERNAME,
        "User name for the proxy (HTTP basic).");
    proxyPassword = Setting.optional(key("proxy-password"), Types.PASSWORD, "Password for the proxy.");
    noProxy = Setting.of(key("no-proxy"), AddressTypes.HOSTS, "",
        "Hosts that are reached without the proxy, such as a store in the same network.");
    caFile = Setting.optional(key("ca-file"), Folders.PATH,
        "PEM file with certificates of authorities that are trusted beside those of the JVM. It is read again when it "
            + "changes. Host names are always checked; nothing turns that off.");
    roleArn = Setting.optional(key("role-arn"), Types.text("arn:\\S{1,2000}", "arn:..., without spaces"),
        "Role to assume with the credentials above; its own, short-lived ones are then used and renewed in time.");
    roleSessionName = Setting.of(key("role-session-name"),
        Types.text("[\\w+=,.@-]{2,64}", "2 to 64 letters, digits and +=,.@-_"), "reelway",
        "Name under which the provider logs what is done with the role.");
    roleExternalId = Setting.optional(key("role-external-id"),
        Types.text("[\\w+=,.@:/-]{2,1224}", "2 to 1224 letters, digits and +=,.@:/-_"),
        "External id, where the role's owner asks for one.");
    roleDuration = Setting.of(key("role-duration"), Types.duration("15m", "12h"), "1h",
        "How long the role's credentials are valid; the role may allow less than the longest.");
    stsEndpoint = Setting.optional(key("sts-endpoint"), AddressTypes.SERVICE,
        "Address of the security token service that gives the role's credentials. Where it is not set, the AWS endpoint "
            + "of the region is used.");
    objects = new ObjectGroup(name, endpoint);
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
    return List.of(endpoint, region, followRegion, bucket, checkBucket, bucketOwner, requesterPays, prefix, accessKey,
        secretKey, sessionToken, profile, profileFile, roleArn, roleSessionName, roleExternalId, roleDuration,
        stsEndpoint, pathStyle, checksum, connectTimeout, idleTimeout, minRate, proxy, proxyUsername, proxyPassword,
        noProxy, caFile);
  }

  /** What must hold between them, and between those about the objects. */
  List<CrossRule> rules() {
    return Stream.concat(credentialRules().stream(), objects.rules().stream()).toList();
  }

  private List<CrossRule> credentialRules() {
    return List.of(
        CrossRule.goesWith(accessKey, secretKey),
        CrossRule.goesWith(secretKey, accessKey),
        tokenGoesWithPair(),
        notBesidePair(profile),
        notBesidePair(profileFile),
        CrossRule.goesWith(proxyUsername, proxyPassword),
        CrossRule.goesWith(proxyPassword, proxyUsername),
        needs(proxyUsername, proxy),
        needs(noProxy, proxy),
        needs(roleExternalId, roleArn),
        needs(stsEndpoint, roleArn));
  }

  private CrossRule tokenGoesWithPair() {
    return new CrossRule(
        List.of(accessKey, secretKey, sessionToken),
        sessionToken,
        settings -> CrossRule.problemIf(
            settings.isSet(sessionToken) && !settings.isSet(accessKey) && !settings.isSet(secretKey),
            "is set without the pair it belongs to; set " + accessKey + " and " + secretKey + ", or remove it"));
  }

  private static CrossRule needs(Setting<?> one, Setting<?> other) {
    return new CrossRule(
        List.of(one, other),
        one,
        settings -> CrossRule.problemIf(
            settings.isSet(one) && !settings.isSet(other),
            "is set, but does nothing without " + other + "; set that too, or remove it"));
  }

  private CrossRule notBesidePair(Setting<?> other) {
    return new CrossRule(
        List.of(accessKey, secretKey, other),
        other,
        settings -> CrossRule.problemIf(
            settings.isSet(other) && (settings.isSet(accessKey) || settings.isSet(secretKey)),
            "is set beside a static pair of credentials; remove it, or " + accessKey + " and " + secretKey));
  }

  /** Whether the bucket stands in the path of a request, or in its host name. */
  public enum PathStyle {
    /** In the path when an endpoint is set. */
    AUTO,
    TRUE,
    FALSE
  }

  /** The checksum that the store is asked to verify. */
  public enum ChecksumChoice {
    /** The cheapest that the store was found to check. */
    AUTO,
    CRC64NVME,
    CRC32C,
    MD5,
    NONE
  }
}
