package org.reelway.transfer.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds for every call to a store, whoever makes it: no object is written past its encryption.
 *
 * @param bucketOwner account that must own the bucket; null for any
 * @param followRegion whether calls go to the region that the store names when the bucket is not where it was looked for
 */
public record StoreTerms(Encryption encryption, String bucketOwner, boolean requesterPays, boolean followRegion) {
  public static final StoreTerms NONE = new StoreTerms(Encryption.NONE, null, false, false);

  /** Of every call. */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    if (bucketOwner != null) {
      headers.put("x-amz-expected-bucket-owner", bucketOwner);
    }
    if (requesterPays) {
      headers.put("x-amz-request-payer", "requester");
    }
    return headers;
  }
}
