package org.reelway.transfer.store;

import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * How a store is reached.
 *
 * @param endpoint scheme, host, port and possibly a path in front of the buckets; null for AWS S3 in the region
 * @param pathStyle {@code /bucket/key} at the endpoint's host, rather than the bucket as part of the host name
 * @param connectTimeout for each address of a host
 * @param idleTimeout the longest time without a byte in either direction during a call
 * @param settings what the names of this store's settings start with, so that messages name the right ones
 */
public record StoreConnection(
    URI endpoint,
    String region,
    boolean pathStyle,
    Duration connectTimeout,
    Duration idleTimeout,
    Transport transport,
    StoreCredentials credentials,
    String settings) {

  /** As {@code reelway.store}, on the straight way. @param sslContext null for the platform's own trust */
  public StoreConnection(
      URI endpoint,
      String region,
      boolean pathStyle,
      Duration connectTimeout,
      Duration idleTimeout,
      StoreCredentials credentials,
      SSLContext sslContext) {
    this(
        endpoint, region, pathStyle, connectTimeout, idleTimeout, Transport.direct(sslContext), credentials,
        "reelway.store");
  }
}
