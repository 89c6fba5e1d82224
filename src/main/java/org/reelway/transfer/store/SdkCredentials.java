package org.reelway.transfer.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.reelway.failure.DestinationFailure;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials of a profile, or of the AWS SDK's default chain. The SDK finds them and renews before their end what has
 * one; a file that was replaced is noticed here, and what a store refuses is looked up anew.
 */
public final class SdkCredentials implements CredentialsSource {
  private static final long LOOK_AT_FILES_EVERY = Duration.ofSeconds(1).toNanos();
  /** What is refused again and again must not ask metadata services again and again. */
  private static final long ANEW_AT_MOST_EVERY = Duration.ofSeconds(10).toNanos();

  private final String profile;
  private final Path file;
  private final String settings;
  private final LongSupplier nanos;
  private AwsCredentialsProvider provider;
  private List<String> files = List.of();
  private long filesSeenAt;
  private Long anewAt;

  SdkCredentials(String profile, Path file, String settings, LongSupplier nanos) {
    this.profile = profile;
    this.file = file;
    this.settings = settings;
    this.nanos = nanos;
  }

  /**
   * @param file null for {@code ~/.aws/credentials} and {@code ~/.aws/config}
   * @param settings what the names of the store's settings start with
   */
  public static SdkCredentials ofProfile(String profile, Path file, String settings) {
    return new SdkCredentials(profile, file, settings, System::nanoTime);
  }

  /** System properties, environment, web identity, profile, container, instance, in the SDK's order. */
  public static SdkCredentials ofDefaultChain(String settings) {
    return new SdkCredentials(null, null, settings, System::nanoTime);
  }

  @Override
  public Credentials get() {
    try {
      AwsCredentials found = provider().resolveCredentials();
      String token = found instanceof AwsSessionCredentials session ? session.sessionToken() : null;
      return new Credentials(found.accessKeyId(), found.secretAccessKey(), token);
    } catch (SdkException | IllegalArgumentException | IllegalStateException e) {
      throw new DestinationFailure(
          "no credentials for the store: looked at "
              + lookedAt()
              + "; set " + settings + ".access-key and " + settings + ".secret-key, or " + settings
              + ".profile, or give the machine a role that the AWS default chain finds",
          e);
    }
  }

  @Override
  public boolean renew(Credentials refused) {
    // Another thread may have been here before.
    return !get().equals(refused) || forget() && !get().equals(refused);
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

  @Override
  public synchronized void close() {
    drop();
  }

  private void drop() {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
    provider = null;
  }

  private String lookedAt() {
    if (profile == null) {
      return "the AWS default chain (system properties aws.accessKeyId, environment AWS_ACCESS_KEY_ID, web identity"
          + " token, ~/.aws profile, container and instance metadata)";
    }
    return "profile \"" + profile + "\" in " + (file == null ? "~/.aws/credentials and ~/.aws/config" : file);
  }

  private synchronized AwsCredentialsProvider provider() {
    dropIfFilesChanged();
    if (provider == null) {
      provider = profile == null ? DefaultCredentialsProvider.builder().build() : profileProvider();
    }
    return provider;
  }

  private void dropIfFilesChanged() {
    long now = nanos.getAsLong();
    if (provider != null && now - filesSeenAt < LOOK_AT_FILES_EVERY) {
      return;
    }
    filesSeenAt = now;
    List<String> found = new ArrayList<>();
    for (Path each : file == null ? standardFiles() : List.of(file)) {
      found.add(version(each));
    }
    if (!found.equals(files)) {
      files = found;
      drop();
    }
  }

  private static List<Path> standardFiles() {
    return List.of(ProfileFileLocation.credentialsFilePath(), ProfileFileLocation.configurationFilePath());
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

  private AwsCredentialsProvider profileProvider() {
    ProfileCredentialsProvider.Builder builder = ProfileCredentialsProvider.builder().profileName(profile);
    ProfileFile profiles =
        file == null
            ? ProfileFile.defaultProfileFile()
            : ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
    return builder.profileFile(profiles).build();
  }
}
