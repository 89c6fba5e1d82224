package org.reelway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code reelway.store.*}: the S3-compatible store and the credentials for it. */
public final class StoreSettings {
  public static final Setting<URI> ENDPOINT = Setting.optional(
      "reelway.store.endpoint", new UriType(),
      "Address of the S3-compatible store. Where it is not set, the AWS endpoint of the region is used.");
  public static final Setting<String> REGION = Setting.of(
      "reelway.store.region", StringType.REGION, "us-east-1",
      "Region with which requests are signed. Most stores other than AWS take any.");
  public static final Setting<String> BUCKET = Setting.optional(
      "reelway.store.bucket", StringType.BUCKET,
      "Bucket that receives the recordings; it must exist. Needed by everything that talks to the store.");
  public static final Setting<String> PREFIX = Setting.of(
      "reelway.store.prefix", StringType.PREFIX, "",
      "What every key starts with, such as archive/studio-1; the slash after it is added. No key ever lies "
          + "outside it, whatever a recording is called.");
  public static final Setting<String> ACCESS_KEY = Setting.optional(
      "reelway.store.access-key", SecretType.STORE_KEY,
      "Access key id of a static pair of credentials. Without pair and profile, the AWS default chain is asked "
          + "(environment, profile, web identity, container, instance).");
  public static final Setting<String> SECRET_KEY = Setting.optional(
      "reelway.store.secret-key", SecretType.STORE_KEY,
      "Secret access key of the pair. Better given as environment variable than in a file.");
  public static final Setting<String> SESSION_TOKEN = Setting.optional(
      "reelway.store.session-token", SecretType.STORE_KEY,
      "Session token that belongs to a temporary pair. It is not renewed: uploads wait when it has expired.");
  public static final Setting<String> PROFILE = Setting.optional(
      "reelway.store.profile", StringType.PROFILE,
      "Name of the profile that holds the credentials, instead of a static pair.");
  public static final Setting<Path> PROFILE_FILE = Setting.optional(
      "reelway.store.profile-file", new PathType(),
      "File that holds the profile, in the format of ~/.aws/credentials. Where it is not set, the files of the AWS "
          + "tools are read.");
  public static final Setting<PathStyle> PATH_STYLE = Setting.of(
      "reelway.store.path-style", ChoiceType.of(PathStyle.class), "auto",
      "Whether the bucket stands in the path of a request (true) or in its host name (false). auto uses the path when "
          + "an endpoint is set.");
  public static final Setting<ChecksumChoice> CHECKSUM = Setting.of(
      "reelway.store.checksum", ChoiceType.of(ChecksumChoice.class), "auto",
      "Checksum that the store verifies on arrival. auto finds out what the store takes and uses the cheapest (crc32c, crc64nvme, md5); none leaves "
          + "sizes and ETags as the only evidence.");
  public static final Setting<Duration> CONNECT_TIMEOUT = Setting.of(
      "reelway.store.connect-timeout", DurationType.between("100ms", "10m"), "10s",
      "How long a connection to the store may take to open before the try counts as failed.");
  public static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
      "reelway.store.idle-timeout", DurationType.between("100ms", "1h"), "60s",
      "How long an open connection may go without a byte in either direction before the try counts as failed. A "
          + "transfer that is slow but moves is never cut.");

  static final SettingGroup GROUP = new SettingGroup(
      "Store", "The S3-compatible store that receives the recordings, and the credentials for it.",
      List.of(ENDPOINT, REGION, BUCKET, PREFIX, ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, PROFILE, PROFILE_FILE,
          PATH_STYLE, CHECKSUM, CONNECT_TIMEOUT, IDLE_TIMEOUT));

  private StoreSettings() {}
}
