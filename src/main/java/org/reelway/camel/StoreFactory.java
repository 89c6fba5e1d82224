package org.reelway.camel;

import java.util.Optional;
import org.reelway.config.ChecksumChoice;
import org.reelway.config.PathStyle;
import org.reelway.config.Settings;
import org.reelway.config.StoreGroup;
import org.reelway.config.StoreSettings;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Credentials;
import org.reelway.transfer.store.CredentialsSource;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.SdkCredentials;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;

/** The store that the settings name. Nothing is asked of it here: a store that is away stops no start. */
public final class StoreFactory {
  private StoreFactory() {}

  /** The store that receives the recordings. */
  public static Store connect(Settings settings) {
    return connect(settings, StoreSettings.PRIMARY);
  }

  public static Store connect(Settings settings, StoreGroup group) {
    return new S3Store(
        new StoreConnection(
            settings.get(group.endpoint),
            settings.get(group.region),
            pathStyle(settings, group),
            settings.get(group.connectTimeout),
            settings.get(group.idleTimeout),
            credentials(settings, group),
            null,
            group.name()));
  }

  private static boolean pathStyle(Settings settings, StoreGroup group) {
    PathStyle choice = settings.get(group.pathStyle);
    return choice == PathStyle.AUTO ? settings.get(group.endpoint) != null : choice == PathStyle.TRUE;
  }

  private static CredentialsSource credentials(Settings settings, StoreGroup group) {
    String accessKey = settings.get(group.accessKey);
    if (accessKey != null) {
      Credentials pair =
          new Credentials(accessKey, settings.get(group.secretKey), settings.get(group.sessionToken));
      return () -> pair;
    }
    String profile = settings.get(group.profile);
    return profile == null && settings.get(group.profileFile) == null
        ? SdkCredentials.ofDefaultChain(group.name())
        : SdkCredentials.ofProfile(
            profile == null ? "default" : profile, settings.get(group.profileFile), group.name());
  }

  /** Empty to find the cheapest that is checked. */
  static Optional<ChecksumKind> checksum(ChecksumChoice choice) {
    return choice == ChecksumChoice.AUTO ? Optional.empty() : Optional.of(ChecksumKind.valueOf(choice.name()));
  }
}
