package org.reelway.camel;

import java.util.Optional;
import org.reelway.config.ChecksumChoice;
import org.reelway.config.PathStyle;
import org.reelway.config.Settings;
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

  public static Store connect(Settings settings) {
    return new S3Store(
        new StoreConnection(
            settings.get(StoreSettings.ENDPOINT),
            settings.get(StoreSettings.REGION),
            pathStyle(settings),
            settings.get(StoreSettings.CONNECT_TIMEOUT),
            settings.get(StoreSettings.IDLE_TIMEOUT),
            credentials(settings),
            null));
  }

  private static boolean pathStyle(Settings settings) {
    PathStyle choice = settings.get(StoreSettings.PATH_STYLE);
    return choice == PathStyle.AUTO ? settings.get(StoreSettings.ENDPOINT) != null : choice == PathStyle.TRUE;
  }

  private static CredentialsSource credentials(Settings settings) {
    String accessKey = settings.get(StoreSettings.ACCESS_KEY);
    if (accessKey != null) {
      Credentials pair =
          new Credentials(
              accessKey, settings.get(StoreSettings.SECRET_KEY), settings.get(StoreSettings.SESSION_TOKEN));
      return () -> pair;
    }
    String profile = settings.get(StoreSettings.PROFILE);
    return profile == null && settings.get(StoreSettings.PROFILE_FILE) == null
        ? SdkCredentials.ofDefaultChain()
        : SdkCredentials.ofProfile(
            profile == null ? "default" : profile, settings.get(StoreSettings.PROFILE_FILE));
  }

  /** Empty to find the cheapest that is checked. */
  static Optional<ChecksumKind> checksum(ChecksumChoice choice) {
    return choice == ChecksumChoice.AUTO ? Optional.empty() : Optional.of(ChecksumKind.valueOf(choice.name()));
  }
}
