package org.reelway.transfer.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an object carries, as headers of the call that makes it, and which settings asked for them. */
final class S3Attributes {
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Set<String> settings = new LinkedHashSet<>();

  S3Attributes(ObjectAttributes attributes, Encryption encryption) {
    put(null, "Content-Type", attributes.contentType());
    attributes.metadata().forEach((name, value) -> put(null, "x-amz-meta-" + name, MetadataCode.encode(value)));
    Keeping keeping = attributes.keeping();
    put("storage-class", "x-amz-storage-class", keeping.storageClass());
    put("cache-control", "Cache-Control", keeping.cacheControl());
    put("content-disposition", "Content-Disposition", keeping.contentDisposition());
    if (!keeping.tags().isEmpty()) {
      put("tags", "x-amz-tagging", query(keeping.tags()));
    }
    if (keeping.acl() instanceof Acl.Canned canned) {
      put("acl", "x-amz-acl", canned.word());
    } else if (keeping.acl() instanceof Acl.GroupGrant grant) {
      put("acl-grantee", "x-amz-grant-" + grant.permission(), "uri=\"" + grant.group() + "\"");
    }
    encryption.whenWriting().forEach((name, value) -> put("encryption", name, value));
  }

  private void put(String setting, String name, String value) {
    if (value != null) {
      headers.put(name, value);
      if (setting != null) {
        settings.add(setting);
      }
    }
  }

  private static String query(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> PercentCode.encode(tag.getKey(), "") + "=" + PercentCode.encode(tag.getValue(), ""))
        .collect(Collectors.joining("&"));
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The last words of their names. */
  Set<String> settings() {
    return settings;
  }
}
