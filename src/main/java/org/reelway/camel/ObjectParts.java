package org.reelway.camel;

import java.util.Locale;
import java.util.Map;
import org.reelway.settings.ObjectGroup;
import org.reelway.settings.ObjectGroup.EncryptionChoice;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.store.Acl;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.StoreTerms;

/** What the settings of a store say of its objects. */
final class ObjectParts {
  private final Settings settings;
  private final StoreGroup group;
  private final ObjectGroup objects;

  ObjectParts(Settings settings, StoreGroup group) {
    this.settings = settings;
    this.group = group;
    this.objects = group.objects;
  }

  StoreTerms terms() {
    return new StoreTerms(
        encryption(),
        settings.get(group.bucketOwner),
        settings.get(group.requesterPays),
        settings.get(group.followRegion));
  }

  private Encryption encryption() {
    EncryptionChoice choice = settings.get(objects.encryption);
    return switch (choice) {
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
  String probed() {
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
