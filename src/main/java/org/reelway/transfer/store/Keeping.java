package org.reelway.transfer.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an object is kept and handed out; null and empty where nothing is asked.
 *
 * @param storageClass the store's own word
 * @param cacheControl the header that readers get
 * @param contentDisposition the header that readers get
 * @param tags at most 10, in their order
 */
public record Keeping(
    String storageClass, String cacheControl, String contentDisposition, Map<String, String> tags, Acl acl) {
  public static final Keeping NONE = new Keeping(null, null, null, Map.of(), Acl.NONE);

  public Keeping {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}
