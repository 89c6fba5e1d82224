package org.reelway.transfer.store;

import java.nio.file.Path;
import org.reelway.failure.DestinationFailure;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;

/** Credentials of a profile, or of the AWS SDK's default chain; found, kept and renewed by the SDK. */
public final class SdkCredentials implements CredentialsSource {
  private final String profile;
  private final Path file;
  private final String settings;
  private AwsCredentialsProvider provider;

  private SdkCredentials(String profile, Path file, String settings) {
    this.profile = profile;
    this.file = file;
    this.settings = settings;
  }

  /**
   * @param file null for {@code ~/.aws/credentials} and {@code ~/.aws/config}
   * @param settings what the names of the store's settings start with
   */
  public static SdkCredentials ofProfile(String profile, Path file, String settings) {
    return new SdkCredentials(profile, file, settings);
  }

  /** System properties, environment, web identity, profile, container, instance, in the SDK's order. */
  public static SdkCredentials ofDefaultChain(String settings) {
    return new SdkCredentials(null, null, settings);
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

  private String lookedAt() {
    if (profile == null) {
      return "the AWS default chain (system properties aws.accessKeyId, environment AWS_ACCESS_KEY_ID, web identity"
          + " token, ~/.aws profile, container and instance metadata)";
    }
    return "profile \"" + profile + "\" in " + (file == null ? "~/.aws/credentials and ~/.aws/config" : file);
  }

  private synchronized AwsCredentialsProvider provider() {
    if (provider == null) {
      provider = profile == null ? DefaultCredentialsProvider.builder().build() : profileProvider();
    }
    return provider;
  }

  private AwsCredentialsProvider profileProvider() {
    ProfileCredentialsProvider.Builder builder = ProfileCredentialsProvider.builder().profileName(profile);
    if (file != null) {
      builder.profileFile(ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build());
    }
    return builder.build();
  }
}
