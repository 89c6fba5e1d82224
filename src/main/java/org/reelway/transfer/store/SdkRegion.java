package org.reelway.transfer.store;

import java.nio.file.Path;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/**
 * The region where nobody set one: as the AWS tools find it, but for the instance's metadata, which outside of AWS costs
 * a wait at each start. What a store says of its bucket is followed anyway.
 */
public final class SdkRegion {
  private static final String DEFAULT = "us-east-1";

  private SdkRegion() {}

  /**
   * {@code AWS_REGION}, else that of the profile, else {@code us-east-1}.
   *
   * @param profile null for the default one
   * @param file null for {@code ~/.aws/config} and {@code ~/.aws/credentials}
   */
  public static String find(String profile, Path file) {
    try {
      return new AwsRegionProviderChain(
              new SystemSettingsRegionProvider(),
              new AwsProfileRegionProvider(
                  file == null
                      ? ProfileFile::defaultProfileFile
                      : () -> ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build(),
                  profile))
          .getRegion()
          .id();
    } catch (SdkException nobodySays) {
      return DEFAULT;
    }
  }
}
