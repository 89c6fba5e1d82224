package org.reelway.settings;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of one store about its objects: how they are kept there, and what they carry beside their bytes. */
public final class ObjectGroup {
  private static final Set<EncryptionChoice> WITH_KMS = Set.of(EncryptionChoice.KMS, EncryptionChoice.DSSE);

  public final Setting<String> storageClass;
  public final Setting<EncryptionChoice> encryption;
  public final Setting<String> kmsKey;
  public final Setting<Boolean> kmsBucketKey;
  public final Setting<Map<String, String>> kmsContext;
  public final Setting<String> customerKey;
  public final Setting<Map<String, String>> contentTypes;
  public final Setting<String> cacheControl;
  public final Setting<String> contentDisposition;
  public final Setting<Map<String, String>> metadata;
  public final Setting<Map<String, String>> tags;
  public final Setting<CannedAcl> acl;
  public final Setting<String> aclGrantee;
  public final Setting<AclPermission> aclPermission;
  public final Setting<Long> maxObjectSize;
  private final String name;
  private final Setting<URI> endpoint;

  /**
   * @param name what the keys of the store start with, such as {@code reelway.store}
   * @param endpoint of the store
   */
  ObjectGroup(String name, Setting<URI> endpoint) {
    this.name = name;
    this.endpoint = endpoint;
    storageClass = Setting.optional(key("storage-class"), Types.STORAGE_CLASS,
        "Storage class of every object, such as STANDARD_IA, in the store's own word. Where it is not set, the store's "
            + "default. `reelway check` tries it.");
    encryption = Setting.of(key("encryption"), Types.choice(EncryptionChoice.class), "none",
        "How the store is told to encrypt: s3 with its own keys, kms or dsse with a key of its key service, customer "
            + "with yours (SSE-C); none leaves it to the bucket. A store that does not do as told gets no recordings.");
    kmsKey = Setting.optional(key("kms-key"), Types.KMS_KEY,
        "Key id, ARN or alias for kms and dsse. Where it is not set, the store's default key.");
    kmsBucketKey = Setting.optional(key("kms-bucket-key"), Types.BOOLEAN,
        "Whether a bucket key stands between the objects and the key service, which saves calls to it. Where it is not "
            + "set, the bucket decides.");
    kmsContext = Setting.optional(key("kms-context"), PairTypes.CONTEXT,
        "Encryption context for kms and dsse: names and values that are needed again to decrypt. Not secret.");
    customerKey = Setting.optional(key("customer-key"), Types.CUSTOMER_KEY,
        "Key for encryption=customer: 32 random bytes in base64. The store forgets it after each request: who loses it "
            + "loses the recordings.");
    contentTypes = Setting.optional(key("content-types"), PairTypes.CONTENT_TYPES,
        "Content types by extension, where the usual ones do not fit. An unknown extension gets "
            + "application/octet-stream.");
    cacheControl = Setting.optional(key("cache-control"), Types.HEADER,
        "Cache-Control of every object, such as max-age=86400.");
    contentDisposition = Setting.optional(key("content-disposition"), Types.HEADER,
        "Content-Disposition of every object; attachment makes browsers save it rather than play it.");
    metadata = Setting.optional(key("metadata"), PairTypes.METADATA,
        "Metadata of every object. Values are templates as in reelway.transfer.key; what is too long for S3's 2 KB is "
            + "cut.");
    tags = Setting.optional(key("tags"), PairTypes.TAGS,
        "Tags of every object, for lifecycle rules and bills. Values are templates as in reelway.transfer.key; in them, "
            + "what no tag may hold becomes _.");
    acl = Setting.optional(key("acl"), Types.choice(CannedAcl.class),
        "Canned ACL of every object. None is sent by default: most buckets of today take none, and their policy says "
            + "who may read.");
    aclGrantee = Setting.optional(key("acl-grantee"), Types.GRANTEE,
        "URI of a group that gets acl-permission on every object, instead of the canned ACL.");
    aclPermission = Setting.optional(key("acl-permission"), Types.choice(AclPermission.class),
        "What the group of acl-grantee may do.");
    maxObjectSize = Setting.of(key("max-object-size"), Types.size("1GiB", "50000GiB"), "5TiB",
        "Largest object that the store takes. A larger recording is set aside before a byte is sent. AWS S3 takes 10,000 "
            + "parts of 5GiB (50000GiB), many other stores 5TiB.");
  }

  private String key(String word) {
    return name + "." + word;
  }

  /** In the order of the docs. */
  List<Setting<?>> settings() {
    return List.of(storageClass, encryption, kmsKey, kmsBucketKey, kmsContext, customerKey, contentTypes, cacheControl,
        contentDisposition, metadata, tags, acl, aclGrantee, aclPermission, maxObjectSize);
  }

  /** What must hold between them. */
  List<CrossRule> rules() {
    return List.of(
        needsEncryption(kmsKey, WITH_KMS),
        needsEncryption(kmsContext, WITH_KMS),
        needsEncryption(kmsBucketKey, Set.of(EncryptionChoice.KMS)),
        needsEncryption(customerKey, Set.of(EncryptionChoice.CUSTOMER)),
        customerNeedsItsKey(),
        keyStaysOnTheMachine(),
        CrossRule.goesWith(aclGrantee, aclPermission),
        CrossRule.goesWith(aclPermission, aclGrantee));
  }

  private CrossRule needsEncryption(Setting<?> one, Set<EncryptionChoice> choices) {
    String words = choices.contains(EncryptionChoice.DSSE)
        ? "kms or dsse"
        : choices.iterator().next().name().toLowerCase(java.util.Locale.ROOT);
    return new CrossRule(
        List.of(one, encryption),
        one,
        settings -> CrossRule.problemIf(
            settings.isSet(one) && !choices.contains(settings.get(encryption)),
            "is set, but " + encryption + " is " + settings.shown(encryption) + "; set that to " + words
                + ", or remove this"));
  }

  private CrossRule customerNeedsItsKey() {
    return new CrossRule(
        List.of(encryption, customerKey),
        customerKey,
        settings -> CrossRule.problemIf(
            settings.get(encryption) == EncryptionChoice.CUSTOMER && !settings.isSet(customerKey),
            "is needed with " + encryption + "=customer; " + customerKey.howToSet()));
  }

  /** The key is a header of every request; AWS refuses it over http too. */
  private CrossRule keyStaysOnTheMachine() {
    return new CrossRule(
        List.of(encryption, endpoint),
        encryption,
        settings -> Optional.ofNullable(settings.get(endpoint))
            .filter(uri -> settings.get(encryption) == EncryptionChoice.CUSTOMER && isOpen(uri))
            .map(uri -> "is customer, and the key would travel in clear to " + uri + "; use an https " + endpoint));
  }

  private static boolean isOpen(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) && !CrossRule.isLoopback(uri.getHost());
  }

  /** How the store is asked to encrypt each object. */
  public enum EncryptionChoice {
    /** Nothing is asked: the bucket's own default. */
    NONE,
    /** With keys of the store's own (SSE-S3). */
    S3,
    /** With a key of the key management service (SSE-KMS). */
    KMS,
    /** With two layers of it (DSSE-KMS). */
    DSSE,
    /** With a key that goes with every request and is kept by nobody else (SSE-C). */
    CUSTOMER
  }

  /** The sets of rights that S3 has words for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html. */
  public enum CannedAcl {
    PRIVATE,
    PUBLIC_READ,
    PUBLIC_READ_WRITE,
    AWS_EXEC_READ,
    AUTHENTICATED_READ,
    BUCKET_OWNER_READ,
    BUCKET_OWNER_FULL_CONTROL
  }

  /** What an object's ACL can grant. */
  public enum AclPermission {
    READ,
    READ_ACP,
    WRITE_ACP,
    FULL_CONTROL
  }
}
