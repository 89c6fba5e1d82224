package org.reelway.camel;

import java.net.URI;
import java.util.Optional;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.settings.StoreGroup.ChecksumChoice;
import org.reelway.settings.StoreGroup.PathStyle;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Role;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.SdkRegion;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.StoreProxy;
import org.reelway.transfer.store.Transport;
import org.reelway.transfer.store.Trust;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The store that the settings name. Nothing is asked of it here: a store that is away stops no start. */
public final class StoreFactory {
  private StoreFactory() {}

  /** The store that receives the recordings, for a few bytes: without a limit on what is sent. */
  public static S3Store connect(Settings settings) {
    return connect(settings, StoreSettings.PRIMARY, Bandwidth.unlimited());
  }

  /** @param bandwidth that all stores share */
  public static S3Store connect(Settings settings, StoreGroup group, Bandwidth bandwidth) {
    return new S3Store(connection(settings, group, bandwidth), new ObjectParts(settings, group).terms());
  }

  /** For a trial build of routes: their {@code aws2-s3} endpoints want a client that nobody calls. */
  static S3Client unconnected() {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .build();
  }

  private static StoreConnection connection(Settings settings, StoreGroup group, Bandwidth bandwidth) {
    StoreConnection reached =
        connection(settings, group, transport(settings, group, bandwidth), credentials(settings, group));
    return settings.get(group.roleArn) == null
        ? reached
        : connection(
            settings, group, reached.transport(),
            StoreCredentials.ofRole(role(settings, group), reached.credentials(), reached));
  }

  private static StoreConnection connection(
      Settings settings, StoreGroup group, Transport transport, StoreCredentials credentials) {
    return new StoreConnection(
        settings.get(group.endpoint),
        region(settings, group),
        pathStyle(settings, group),
        settings.get(group.connectTimeout),
        settings.get(group.idleTimeout),
        transport,
        credentials,
        group.name());
  }

  private static String region(Settings settings, StoreGroup group) {
    return settings.isSet(group.region)
        ? settings.get(group.region)
        : SdkRegion.find(settings.get(group.profile), settings.get(group.profileFile));
  }

  private static boolean pathStyle(Settings settings, StoreGroup group) {
    PathStyle choice = settings.get(group.pathStyle);
    return choice == PathStyle.AUTO ? settings.get(group.endpoint) != null : choice == PathStyle.TRUE;
  }

  private static Transport transport(Settings settings, StoreGroup group, Bandwidth bandwidth) {
    Trust trust =
        settings.get(group.caFile) == null
            ? Trust.platform(group.name())
            : CaFile.of(settings.get(group.caFile), group.name());
    return new Transport(settings.get(group.minRate), trust, proxy(settings, group), bandwidth);
  }

  private static StoreProxy proxy(Settings settings, StoreGroup group) {
    URI proxy = settings.get(group.proxy);
    return proxy == null
        ? null
        : new StoreProxy(
            proxy.getHost().replaceAll("^\\[|\\]$", ""),
            proxy.getPort(),
            settings.get(group.proxyUsername),
            settings.get(group.proxyPassword),
            settings.get(group.noProxy));
  }

  private static StoreCredentials credentials(Settings settings, StoreGroup group) {
    String accessKey = settings.get(group.accessKey);
    if (accessKey != null) {
      return StoreCredentials.fixed(accessKey, settings.get(group.secretKey), settings.get(group.sessionToken));
    }
    String profile = settings.get(group.profile);
    return profile == null && settings.get(group.profileFile) == null
        ? StoreCredentials.ofDefaultChain(group.name())
        : StoreCredentials.ofProfile(
            profile == null ? "default" : profile, settings.get(group.profileFile), group.name());
  }

  private static Role role(Settings settings, StoreGroup group) {
    return new Role(
        settings.get(group.roleArn),
        settings.get(group.roleSessionName),
        settings.get(group.roleExternalId),
        settings.get(group.roleDuration),
        settings.get(group.stsEndpoint));
  }

  /** Empty to find the cheapest that is checked. */
  static Optional<ChecksumKind> checksum(ChecksumChoice choice) {
    return choice == ChecksumChoice.AUTO ? Optional.empty() : Optional.of(ChecksumKind.valueOf(choice.name()));
  }
}
