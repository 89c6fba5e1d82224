package org.reelway.transfer.store;

import java.util.ArrayList;
import java.util.List;
import org.reelway.transfer.store.http.Header;

/**
 * What holds for every call to a store, whoever makes it: no object is written past its encryption.
 *
 * @param bucketOwner account that must own the bucket; null for any
 * @param followRegion whether calls go to the region that the store names when the bucket is not where it was looked for
 */
public record StoreTerms(Encryption encryption, String bucketOwner, boolean requesterPays, boolean followRegion) {
  public static final StoreTerms NONE = new StoreTerms(Encryption.NONE, null, false, false);

  List<Header> headers() {
    List<Header> headers = new ArrayList<>();
    if (bucketOwner != null) {
      headers.add(new Header("x-amz-expected-bucket-owner", bucketOwner));
    }
    if (requesterPays) {
      headers.add(new Header("x-amz-request-payer", "requester"));
    }
    return headers;
  }
}
