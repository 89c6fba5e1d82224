package org.reelway.camel;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.reelway.settings.ObjectGroup;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.settings.StoreGroup.ChecksumChoice;
import org.reelway.settings.StoreGroup.PathStyle;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.store.Acl;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.Role;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.SdkRegion;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.StoreProxy;
import org.reelway.transfer.store.StoreTerms;
import org.reelway.transfer.store.Transport;
import org.reelway.transfer.store.Trust;

/**
 * A store as a group of settings has it: how it is reached, and what its objects carry. Nothing is asked of it here: a store
 * that is away stops no start.
 */
public final class ConfiguredStore {
  private final Settings settings;
  private final StoreGroup group;
  private final ObjectGroup objects;

  public ConfiguredStore(Settings settings, StoreGroup group) {
    this.settings = settings;
    this.group = group;
    this.objects = group.objects;
  }

  /** The store that receives the recordings. */
  public static ConfiguredStore primary(Settings settings) {
    return new ConfiguredStore(settings, StoreSettings.PRIMARY);
  }

  /** For a few bytes: without a limit on what is sent. */
  public S3Store connect() {
    return connect(Bandwidth.unlimited());
  }

  /** @param bandwidth that all stores share */
  public S3Store connect(Bandwidth bandwidth) {
    return new S3Store(connection(bandwidth), terms());
  }

  public String bucket() {
    return settings.require(group.bucket);
  }

  /** As the settings have it. */
  String prefix() {
    return settings.get(group.prefix);
  }

  /** What every key starts with; empty, or with a slash at its end. */
  public String keyPrefix() {
    String key = ObjectKey.of(settings.get(group.prefix), "x").value();
    return key.substring(0, key.length() - 1);
  }

  public StoreProbe probe(Store store, String bucket) {
    ChecksumChoice choice = settings.get(group.checksum);
    Optional<ChecksumKind> checksum =
        choice == ChecksumChoice.AUTO ? Optional.empty() : Optional.of(ChecksumKind.valueOf(choice.name()));
    return new StoreProbe(store, bucket, settings.get(group.prefix), checksum, attributes());
  }

  /** @param file where what the probe found is kept */
  ProbedCapabilities capabilities(Store store, Path file, Clock clock) {
    return new ProbedCapabilities(bucket -> probe(store, bucket), store.address(), probed(), file, clock);
  }

  private StoreConnection connection(Bandwidth bandwidth) {
    StoreConnection reached =
        connection(transport(bandwidth), credentials());
    return settings.get(group.roleArn) == null
        ? reached
        : connection(
            reached.transport(),
            StoreCredentials.ofRole(role(), reached.credentials(), reached));
  }

  private StoreConnection connection(
      Transport transport, StoreCredentials credentials) {
    return new StoreConnection(
        settings.get(group.endpoint),
        region(),
        pathStyle(),
        settings.get(group.connectTimeout),
        settings.get(group.idleTimeout),
        transport,
        credentials,
        group.name());
  }

  private String region() {
    return settings.isSet(group.region)
        ? settings.get(group.region)
        : SdkRegion.find(settings.get(group.profile), settings.get(group.profileFile));
  }

  private boolean pathStyle() {
    PathStyle choice = settings.get(group.pathStyle);
    return choice == PathStyle.AUTO ? settings.get(group.endpoint) != null : choice == PathStyle.TRUE;
  }

  private Transport transport(Bandwidth bandwidth) {
    Trust trust =
        settings.get(group.caFile) == null
            ? Trust.platform(group.name())
            : CaFile.of(settings.get(group.caFile), group.name());
    return new Transport(settings.get(group.minRate), trust, proxy(), bandwidth);
  }

  private StoreProxy proxy() {
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

  private StoreCredentials credentials() {
    if (settings.get(group.accessKey) != null) {
      return StoreCredentials.changing(
          () -> settings.now(group.accessKey), () -> settings.now(group.secretKey), () -> settings.now(group.sessionToken));
    }
    String profile = settings.get(group.profile);
    return profile == null && settings.get(group.profileFile) == null
        ? StoreCredentials.ofDefaultChain(group.name())
        : StoreCredentials.ofProfile(
            profile == null ? "default" : profile, settings.get(group.profileFile), group.name());
  }

  private Role role() {
    return new Role(
        settings.get(group.roleArn),
        settings.get(group.roleSessionName),
        settings.get(group.roleExternalId),
        settings.get(group.roleDuration),
        settings.get(group.stsEndpoint));
  }

  private StoreTerms terms() {
    return new StoreTerms(
        encryption(),
        settings.get(group.bucketOwner),
        settings.get(group.requesterPays),
        settings.get(group.followRegion));
  }

  private Encryption encryption() {
    return switch (settings.get(objects.encryption)) {
      case NONE -> Encryption.NONE;
      case S3 -> new Encryption.StoreKeys();
      case KMS -> kms("aws:kms");
      case DSSE -> kms("aws:kms:dsse");
      case CUSTOMER -> new Encryption.CustomerKey(settings.require(objects.customerKey));
    };
  }

  private Encryption kms(String algorithm) {
    return new Encryption.Kms(
        algorithm, settings.get(objects.kmsKey), settings.get(objects.kmsBucketKey), pairs(objects.kmsContext));
  }

  RecordingAttributes attributes() {
    return new RecordingAttributes(
        pairs(objects.contentTypes),
        pairs(objects.metadata),
        pairs(objects.tags),
        settings.get(objects.storageClass),
        settings.get(objects.cacheControl),
        settings.get(objects.contentDisposition),
        acl());
  }

  /** As the Wowza module does it, a grant wins over a canned ACL: S3 refuses both together. */
  private Acl acl() {
    if (settings.isSet(objects.aclGrantee)) {
      return new Acl.GroupGrant(
          word(settings.require(objects.aclPermission)), settings.require(objects.aclGrantee));
    }
    return settings.isSet(objects.acl) ? new Acl.Canned(word(settings.get(objects.acl))) : Acl.NONE;
  }

  /** What a probe tries; where it changes, what an earlier one found does not count. */
  private String probed() {
    String checksum = settings.get(group.checksum).name();
    String asked = terms().encryption().inWords() + attributes();
    return asked.equals(Encryption.NONE.inWords() + RecordingAttributes.NONE)
        ? checksum
        : checksum + " " + Integer.toHexString(asked.hashCode());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Map<String, String> pairs(Setting<Map<String, String>> setting) {
    Map<String, String> pairs = settings.get(setting);
    return pairs == null ? Map.of() : pairs;
  }
}
