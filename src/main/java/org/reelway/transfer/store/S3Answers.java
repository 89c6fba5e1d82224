package org.reelway.transfer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The SDK's answers as values. The SDK reads whatever document it is given and leaves out what is not there: an answer
 * that lacks what every store sends is none.
 */
final class S3Answers {
  private static final Pattern QUOTES = Pattern.compile("^\"|\"$");

  private S3Answers() {}

  static StoredObject object(HeadObjectResponse answer) throws IOException {
    return new StoredObject(
        required(answer.contentLength(), "Content-Length"),
        unquoted(answer.eTag()),
        answer.versionId(),
        checksums(answer.checksumType(), answer.checksumCRC64NVME(), answer.checksumCRC32C()),
        metadata(answer.metadata()),
        new ShownEncryption(
            answer.serverSideEncryptionAsString(), answer.ssekmsKeyId(), answer.sseCustomerAlgorithm(),
            answer.sseCustomerKeyMD5()),
        answer.storageClassAsString(),
        answer.tagCount() == null ? 0 : answer.tagCount());
  }

  static StoredObject put(PutObjectResponse answer) {
    return new StoredObject(
        -1,
        unquoted(answer.eTag()),
        answer.versionId(),
        checksums(answer.checksumType(), answer.checksumCRC64NVME(), answer.checksumCRC32C()),
        Map.of());
  }

  static StoredObject completed(CompleteMultipartUploadResponse answer) throws IOException {
    if (answer.eTag() == null && answer.key() == null && answer.bucket() == null && answer.location() == null) {
      throw new IOException("it is no CompleteMultipartUploadResult");
    }
    return new StoredObject(
        -1,
        unquoted(answer.eTag()),
        answer.versionId(),
        checksums(answer.checksumType(), answer.checksumCRC64NVME(), answer.checksumCRC32C()),
        Map.of());
  }

  /** An error in the body of a 200 brings no ETag; without one, the upload could not be completed. */
  static StoredPart uploaded(int number, long size, UploadPartResponse answer) throws IOException {
    return new StoredPart(
        number, size, unquoted(required(answer.eTag(), "ETag")),
        checksums(null, answer.checksumCRC64NVME(), answer.checksumCRC32C()));
  }

  static StoredPart part(Part part) throws IOException {
    return new StoredPart(
        required(part.partNumber(), "PartNumber"),
        required(part.size(), "Size"),
        unquoted(part.eTag()),
        checksums(null, part.checksumCRC64NVME(), part.checksumCRC32C()));
  }

  static UnfinishedUpload upload(MultipartUpload upload) throws IOException {
    return new UnfinishedUpload(
        required(upload.key(), "Key"), required(upload.uploadId(), "UploadId"),
        required(upload.initiated(), "Initiated"));
  }

  static ListedObject listed(S3Object object) throws IOException {
    return new ListedObject(
        required(object.key(), "Key"), required(object.size(), "Size"), unquoted(object.eTag()),
        required(object.lastModified(), "LastModified"), object.storageClassAsString());
  }

  /** Those of the whole: a checksum of checksums ends in "-" and the number of parts, and no base64 holds a "-". */
  private static Map<ChecksumKind, String> checksums(ChecksumType type, String crc64nvme, String crc32c) {
    Map<ChecksumKind, String> checksums = new EnumMap<>(ChecksumKind.class);
    if (type != ChecksumType.COMPOSITE) {
      put(checksums, ChecksumKind.CRC64NVME, crc64nvme);
      put(checksums, ChecksumKind.CRC32C, crc32c);
    }
    return Map.copyOf(checksums);
  }

  private static void put(Map<ChecksumKind, String> checksums, ChecksumKind kind, String value) {
    if (value != null && !value.isBlank() && value.indexOf('-') < 0) {
      checksums.put(kind, value);
    }
  }

  private static Map<String, String> metadata(Map<String, String> sent) {
    Map<String, String> metadata = new HashMap<>();
    sent.forEach((name, value) -> metadata.put(name.toLowerCase(Locale.ROOT), MetadataCode.decode(value)));
    return Map.copyOf(metadata);
  }

  static <T> T required(T value, String name) throws IOException {
    if (value == null || value.toString().isEmpty()) {
      throw new IOException("it has no " + name);
    }
    return value;
  }

  static String unquoted(String etag) {
    return etag == null ? null : QUOTES.matcher(etag.strip()).replaceAll("");
  }

  static String quoted(String etag) {
    return '"' + unquoted(etag) + '"';
  }

  /**
   * Rules that abort unfinished uploads. The prefix is in the rule (the old form), in its filter, or in the filter's And; a
   * rule that also looks at tags or sizes aborts no uploads and is left out.
   */
  static List<AbortRule> abortRules(GetBucketLifecycleConfigurationResponse answer) throws IOException {
    if (!answer.hasRules()) {
      throw new IOException("it is no LifecycleConfiguration");
    }
    List<AbortRule> rules = new ArrayList<>();
    for (LifecycleRule rule : answer.rules()) {
      Optional<String> prefix = prefix(rule);
      if (rule.abortIncompleteMultipartUpload() != null && rule.status() == ExpirationStatus.ENABLED && prefix.isPresent()) {
        Integer days = rule.abortIncompleteMultipartUpload().daysAfterInitiation();
        rules.add(new AbortRule(prefix.get(), required(days, "DaysAfterInitiation")));
      }
    }
    return List.copyOf(rules);
  }

  @SuppressWarnings("deprecation") // the old form
  private static Optional<String> prefix(LifecycleRule rule) {
    LifecycleRuleFilter filter = rule.filter();
    if (filter == null) {
      return Optional.of(orEmpty(rule.prefix()));
    }
    if (filter.and() != null) {
      boolean more =
          filter.and().hasTags() || filter.and().objectSizeGreaterThan() != null
              || filter.and().objectSizeLessThan() != null;
      return more ? Optional.empty() : Optional.of(orEmpty(filter.and().prefix()));
    }
    boolean more =
        filter.tag() != null || filter.objectSizeGreaterThan() != null || filter.objectSizeLessThan() != null;
    return more ? Optional.empty() : Optional.of(orEmpty(filter.prefix()));
  }

  private static String orEmpty(String orNothing) {
    return orNothing == null ? "" : orNothing;
  }
}
