package org.reelway.transfer.store;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.transfer.store.http.Header;
import org.reelway.transfer.store.http.HttpAnswer;

/** The store's answers as values. */
final class S3Answers {
  /** As S3 documents it, and as moto calls it. */
  private static final Set<String> COMPLETED =
      Set.of("CompleteMultipartUploadResult", "CompleteMultipartUploadResponse");

  private static final String META = "x-amz-meta-";

  private S3Answers() {}

  static StoredObject object(HttpAnswer answer, boolean withSize) throws IOException {
    return new StoredObject(
        withSize ? number(answer.header("Content-Length")) : -1,
        unquoted(answer.header("ETag")),
        answer.header("x-amz-version-id"),
        checksums(answer),
        metadata(answer),
        encryption(answer),
        answer.header("x-amz-storage-class"),
        count(answer.header("x-amz-tagging-count")));
  }

  static StoredObject completed(HttpAnswer answer, XmlElement result) throws IOException {
    if (!COMPLETED.contains(result.name())) {
      throw new IOException("it is a " + result.name() + ", not a CompleteMultipartUploadResult");
    }
    return new StoredObject(
        -1, unquoted(result.child("ETag")), answer.header("x-amz-version-id"), checksums(result), Map.of());
  }

  static StoredPart uploaded(int number, long size, HttpAnswer answer) throws IOException {
    // An error in the body of a 200 brings no ETag; without one, the upload could not be completed.
    return new StoredPart(number, size, required(unquoted(answer.header("ETag")), "ETag"), checksums(answer));
  }

  static StoredPart part(XmlElement part) throws IOException {
    return new StoredPart(
        Math.toIntExact(number(part.child("PartNumber"))),
        number(part.child("Size")),
        unquoted(part.child("ETag")),
        checksums(part));
  }

  static UnfinishedUpload upload(XmlElement upload, boolean encoded) throws IOException {
    String key = text(upload.child("Key"), encoded);
    String id = upload.child("UploadId");
    return new UnfinishedUpload(required(key, "Key"), required(id, "UploadId"), time(upload, "Initiated"));
  }

  static ListedObject listed(XmlElement object, boolean encoded) throws IOException {
    return new ListedObject(
        required(text(object.child("Key"), encoded), "Key"),
        number(object.child("Size")),
        unquoted(object.child("ETag")),
        time(object, "LastModified"),
        object.child("StorageClass"));
  }

  private static Instant time(XmlElement element, String name) throws IOException {
    String text = required(element.child(name), name);
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IOException(name + " is no time: " + text, e);
    }
  }

  /** A key or marker of a listing that was asked for with {@code encoding-type=url}. */
  static String text(String value, boolean encoded) throws IOException {
    try {
      return value == null || !encoded ? value : URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("a key in it is not encoded as it says", e);
    }
  }

  private static Map<ChecksumKind, String> checksums(HttpAnswer answer) {
    Map<ChecksumKind, String> checksums = new EnumMap<>(ChecksumKind.class);
    if (!"COMPOSITE".equalsIgnoreCase(answer.header("x-amz-checksum-type"))) {
      put(checksums, ChecksumKind.CRC64NVME, answer.header("x-amz-checksum-crc64nvme"));
      put(checksums, ChecksumKind.CRC32C, answer.header("x-amz-checksum-crc32c"));
    }
    return Map.copyOf(checksums);
  }

  private static Map<ChecksumKind, String> checksums(XmlElement element) {
    Map<ChecksumKind, String> checksums = new EnumMap<>(ChecksumKind.class);
    if (!"COMPOSITE".equalsIgnoreCase(element.child("ChecksumType"))) {
      put(checksums, ChecksumKind.CRC64NVME, element.child("ChecksumCRC64NVME"));
      put(checksums, ChecksumKind.CRC32C, element.child("ChecksumCRC32C"));
    }
    return Map.copyOf(checksums);
  }

  /** A checksum of checksums ends in "-" and the number of parts; no base64 holds a "-". */
  private static void put(Map<ChecksumKind, String> checksums, ChecksumKind kind, String value) {
    if (value != null && !value.isBlank() && value.indexOf('-') < 0) {
      checksums.put(kind, value);
    }
  }

  private static ShownEncryption encryption(HttpAnswer answer) {
    String prefix = "x-amz-server-side-encryption";
    return new ShownEncryption(
        answer.header(prefix),
        answer.header(prefix + "-aws-kms-key-id"),
        answer.header(prefix + "-customer-algorithm"),
        answer.header(prefix + "-customer-key-MD5"));
  }

  private static int count(String value) {
    return value != null && value.matches("\\d{1,4}") ? Integer.parseInt(value) : 0;
  }

  private static Map<String, String> metadata(HttpAnswer answer) {
    Map<String, String> metadata = new HashMap<>();
    for (Header header : answer.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(META)) {
        metadata.put(name.substring(META.length()), MetadataCode.decode(header.value()));
      }
    }
    return Map.copyOf(metadata);
  }

  static String required(String value, String name) throws IOException {
    if (value == null || value.isEmpty()) {
      throw new IOException("it has no " + name);
    }
    return value;
  }

  private static long number(String value) throws IOException {
    if (value == null || !value.strip().matches("\\d{1,18}")) {
      throw new IOException("it has \"" + value + "\" where a number should be");
    }
    return Long.parseLong(value.strip());
  }

  static String unquoted(String etag) {
    return etag == null ? null : etag.strip().replaceAll("^\"|\"$", "");
  }

  static String quoted(String etag) {
    return '"' + unquoted(etag) + '"';
  }

  /**
   * Rules of a LifecycleConfiguration that abort unfinished uploads. The prefix is in the rule (the old form), in its
   * filter, or in the filter's And; a rule that also looks at tags or sizes aborts no uploads and is left out.
   */
  static List<AbortRule> abortRules(XmlElement root) throws IOException {
    if (!root.name().equals("LifecycleConfiguration")) {
      throw new IOException("it is a " + root.name() + ", not a LifecycleConfiguration");
    }
    List<AbortRule> rules = new ArrayList<>();
    for (XmlElement rule : root.children("Rule")) {
      for (XmlElement abort : rule.children("AbortIncompleteMultipartUpload")) {
        Optional<String> prefix = rulePrefix(rule);
        if ("Enabled".equals(rule.child("Status")) && prefix.isPresent()) {
          rules.add(new AbortRule(prefix.get(), days(abort.child("DaysAfterInitiation"))));
        }
      }
    }
    return List.copyOf(rules);
  }

  private static Optional<String> rulePrefix(XmlElement rule) {
    List<XmlElement> filters = rule.children("Filter");
    if (filters.isEmpty()) {
      return Optional.of(orEmpty(rule.child("Prefix")));
    }
    XmlElement filter = filters.get(0).children("And").stream().findFirst().orElse(filters.get(0));
    boolean byPrefixOnly = filter.children().stream().allMatch(child -> child.name().equals("Prefix"));
    return byPrefixOnly ? Optional.of(orEmpty(filter.child("Prefix"))) : Optional.empty();
  }

  private static String orEmpty(String orNothing) {
    return orNothing == null ? "" : orNothing;
  }

  private static int days(String text) throws IOException {
    try {
      return Integer.parseInt(String.valueOf(text).strip());
    } catch (NumberFormatException e) {
      throw new IOException("a rule's DaysAfterInitiation is no number", e);
    }
  }
}
