package org.reelway.transfer.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.transfer.store.http.SendfileHttpClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials as one of the SDK's providers finds them and renews them before their end. A file that was replaced is noticed
 * here, what a store refuses is looked up anew at once, and where there are none it is said which settings to set.
 */
public final class StoreCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final long LOOK_AT_FILES_EVERY = Duration.ofSeconds(1).toNanos();
  /** What is refused again and again must not ask metadata services again and again. */
  private static final long ANEW_AT_MOST_EVERY = Duration.ofSeconds(10).toNanos();

  private final Supplier<AwsCredentialsProvider> making;
  private final Function<RuntimeException, DestinationFailure> none;
  private final List<Path> files;
  private final SdkAutoCloseable behind;
  private final LongSupplier nanos;
  private AwsCredentialsProvider provider;
  private Long anewAt;
  private List<String> versions = List.of();
  private long filesSeenAt;

  /**
   * @param making a provider that knows nothing yet
   * @param none says why there are no credentials
   * @param files that they come from; where one is replaced they are read anew
   * @param behind closed with this
   */
  StoreCredentials(
      Supplier<AwsCredentialsProvider> making,
      Function<RuntimeException, DestinationFailure> none,
      List<Path> files,
      SdkAutoCloseable behind,
      LongSupplier nanos) {
    this.making = making;
    this.none = none;
    this.files = files;
    this.behind = behind;
    this.nanos = nanos;
  }

  private static StoreCredentials of(
      Supplier<AwsCredentialsProvider> making, List<Path> files, String settings, String lookedAt) {
    return new StoreCredentials(
        making,
        e -> new DestinationFailure(
            "no credentials for the store: looked at " + lookedAt + "; set " + settings + ".access-key and " + settings
                + ".secret-key, or " + settings + ".profile, or give the machine a role that the AWS default chain finds",
            e),
        files,
        () -> { },
        System::nanoTime);
  }

  /** A pair of an access key id and its secret. */
  public static StoreCredentials fixed(String accessKey, String secretKey) {
    return fixed(accessKey, secretKey, null);
  }

  /** @param sessionToken null for long-term keys */
  public static StoreCredentials fixed(String accessKey, String secretKey, String sessionToken) {
    AwsCredentialsProvider keys = StaticCredentialsProvider.create(keys(accessKey, secretKey, sessionToken));
    return of(() -> keys, List.of(), "reelway.store", "its keys");
  }

  /** Keys that may change, as they are at each request. @param sessionToken gives null for long-term keys */
  public static StoreCredentials changing(
      Supplier<String> accessKey, Supplier<String> secretKey, Supplier<String> sessionToken) {
    AwsCredentialsProvider keys = () -> keys(accessKey.get(), secretKey.get(), sessionToken.get());
    return of(() -> keys, List.of(), "reelway.store", "its keys");
  }

  private static AwsCredentials keys(String accessKey, String secretKey, String sessionToken) {
    return sessionToken == null
        ? AwsBasicCredentials.create(accessKey, secretKey)
        : AwsSessionCredentials.create(accessKey, secretKey, sessionToken);
  }

  /** System properties, environment, web identity, profile, container, instance, in the SDK's order. */
  public static StoreCredentials ofDefaultChain(String settings) {
    return of(
        () -> DefaultCredentialsProvider.builder().build(),
        standardFiles(),
        settings,
        "the AWS default chain (system properties aws.accessKeyId, environment AWS_ACCESS_KEY_ID, web identity"
            + " token, ~/.aws profile, container and instance metadata)");
  }

  /**
   * @param file null for {@code ~/.aws/credentials} and {@code ~/.aws/config}
   * @param settings what the names of the store's settings start with
   */
  public static StoreCredentials ofProfile(String profile, Path file, String settings) {
    return of(
        () -> ProfileCredentialsProvider.builder()
            .profileName(profile)
            .profileFile(
                file == null
                    ? ProfileFile.defaultProfileFile()
                    : ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build())
            .build(),
        file == null ? standardFiles() : List.of(file),
        settings,
        "profile \"" + profile + "\" in " + (file == null ? "~/.aws/credentials and ~/.aws/config" : file));
  }

  private static List<Path> standardFiles() {
    return List.of(ProfileFileLocation.credentialsFilePath(), ProfileFileLocation.configurationFilePath());
  }

  /**
   * Of a role.
   *
   * @param source the credentials that may assume it
   * @param connection the way to the service: time-outs, proxy, trust
   */
  public static StoreCredentials ofRole(Role role, StoreCredentials source, StoreConnection connection) {
    SendfileHttpClient http = new SendfileHttpClient(StoreClient.httpSettings(connection));
    StsClient sts =
        StsClient.builder()
            .httpClient(http)
            .region(Region.of(connection.region()))
            .endpointOverride(role.endpoint())
            .credentialsProvider(source)
            .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    Supplier<AwsCredentialsProvider> assuming =
        () -> StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(assume -> assume
                .roleArn(role.arn())
                .roleSessionName(role.sessionName())
                .externalId(role.externalId())
                .durationSeconds((int) role.duration().toSeconds()))
            .build();
    return new StoreCredentials(
        () -> new RenewingSource(assuming.get(), source),
        e -> refused(role, connection, e),
        List.of(),
        () -> {
          sts.close();
          http.close();
          source.close();
        },
        System::nanoTime);
  }

  /** A role's credentials, for which those that vouch are looked up anew where the service refuses them. */
  private record RenewingSource(AwsCredentialsProvider role, StoreCredentials source)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      AwsCredentials vouching = source.resolveCredentials();
      try {
        return role.resolveCredentials();
      } catch (StsException e) {
        if (StoreFailure.isAboutCredentials(e.awsErrorDetails().errorCode()) && source.renew(vouching)) {
          return role.resolveCredentials();
        }
        throw e;
      }
    }

    @Override
    public void close() {
      ((SdkAutoCloseable) role).close();
    }
  }

  private static DestinationFailure refused(Role role, StoreConnection connection, RuntimeException e) {
    URI endpoint = role.endpoint();
    String where = endpoint == null ? "AWS STS in " + connection.region() : endpoint.toString();
    String start = "the role " + role.arn() + " cannot be assumed: " + where + ": ";
    if (e instanceof StsException refusal) {
      return new DestinationFailure(
          start + refusal.statusCode() + " " + S3Failures.clean(refusal.awsErrorDetails().errorCode()) + " ("
              + S3Failures.clean(refusal.awsErrorDetails().errorMessage()) + "); allow these credentials sts:AssumeRole on"
              + " it, and correct " + connection.settings() + ".role-arn and " + connection.settings()
              + ".role-external-id",
          e);
    }
    return new DestinationFailure(
        start + S3Failures.reason(e) + "; check " + connection.settings() + ".sts-endpoint", e);
  }

  /** @throws DestinationFailure where there are none, with what was looked at and what to set */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider().resolveCredentials();
    } catch (Failure told) {
      throw told;
    } catch (RuntimeException e) {
      throw none.apply(e);
    }
  }

  /**
   * A store called these expired or unknown: what is kept of them is forgotten, and looked up again at once.
   *
   * @return whether there are others now, with which a request may be tried once more
   */
  boolean renew(AwsCredentials refused) {
    // Another thread may have been here before.
    return !resolveCredentials().equals(refused) || forget() && !resolveCredentials().equals(refused);
  }

  private synchronized boolean forget() {
    long now = nanos.getAsLong();
    if (anewAt != null && now - anewAt < ANEW_AT_MOST_EVERY) {
      return false;
    }
    anewAt = now;
    drop();
    return true;
  }

  private synchronized AwsCredentialsProvider provider() {
    dropIfFilesChanged();
    if (provider == null) {
      provider = making.get();
    }
    return provider;
  }

  private void dropIfFilesChanged() {
    long now = nanos.getAsLong();
    if (files.isEmpty() || provider != null && now - filesSeenAt < LOOK_AT_FILES_EVERY) {
      return;
    }
    filesSeenAt = now;
    List<String> found = files.stream().map(StoreCredentials::version).toList();
    if (!found.equals(versions)) {
      versions = found;
      drop();
    }
  }

  /** What tells that a file is another than before. */
  private static String version(Path path) {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime().toInstant();
    } catch (IOException e) {
      return "none";
    }
  }

  private void drop() {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
    provider = null;
  }

  @Override
  public synchronized void close() {
    drop();
    behind.close();
  }

  /** Never shows a secret. */
  @Override
  public String toString() {
    return "StoreCredentials";
  }
}
