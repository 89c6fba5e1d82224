package org.reelway.transfer.store;

import java.time.Duration;
import org.reelway.transfer.store.http.FileSliceSigner;
import org.reelway.transfer.store.http.HttpSettings;
import org.reelway.transfer.store.http.SendfileHttpClient;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The AWS SDK's client of one store, as its settings want it: for transfers, and for {@code aws2-s3} endpoints of routes.
 * No chunked bodies, no trailers and no checksums that nobody asked for: S3-compatible stores refuse them. One attempt
 * for each call: whoever calls decides on retries.
 */
public final class StoreClient implements AutoCloseable {
  private static final Duration INTERIM = Duration.ofSeconds(1);

  private final StoreConnection connection;
  private final Encryption encryption;
  private final StoreAddress address;
  private final BucketRegions regions;
  private final SendfileHttpClient http;
  private final S3Client s3;
  /** Made when somebody asks. */
  private S3Presigner presigner;

  public StoreClient(StoreConnection connection, StoreTerms terms) {
    this.connection = connection;
    encryption = terms.encryption();
    address =
        new StoreAddress(connection.endpoint(), connection.region(), connection.pathStyle(), connection.settings());
    regions = new BucketRegions(connection, terms.followRegion());
    http = new SendfileHttpClient(httpSettings(connection));
    s3 =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(connection.region()))
            .endpointOverride(connection.endpoint())
            .endpointProvider(regions)
            .credentialsProvider(connection.credentials())
            .serviceConfiguration(configuration())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .putAuthScheme(new FileSliceSigner())
            .overrideConfiguration(
                override -> {
                  override.retryStrategy(DefaultRetryStrategy.doNotRetry());
                  terms.headers().forEach(override::putHeader);
                  if (terms.encryption() != Encryption.NONE) {
                    override.addExecutionInterceptor(new EncryptedAsSet(terms.encryption()));
                  }
                })
            .build();
  }

  private S3Configuration configuration() {
    return S3Configuration.builder()
        .pathStyleAccessEnabled(connection.pathStyle())
        .chunkedEncodingEnabled(false)
        .expectContinueEnabled(false)
        .build();
  }

  static HttpSettings httpSettings(StoreConnection connection) {
    return new HttpSettings(
        connection.connectTimeout(), connection.idleTimeout(), INTERIM, connection.transport());
  }

  /** For other services of the same provider: the credentials are renewed here, and end with this. */
  public StoreConnection connection() {
    return connection;
  }

  StoreAddress address() {
    return address;
  }

  BucketRegions regions() {
    return regions;
  }

  Encryption encryption() {
    return encryption;
  }

  StoreCredentials credentials() {
    return connection.credentials();
  }

  /** Null for none. */
  StoreProxy proxy() {
    return connection.transport().proxy();
  }

  S3Client s3() {
    return s3;
  }

  /** For steps of routes, which fail with failures of the store. */
  public S3Client forRoutes() {
    return new RouteClient(s3, new S3Failures(address, proxy()));
  }

  /** Signs links that others can get an object by. */
  public synchronized S3Presigner presigner() {
    if (presigner == null) {
      presigner =
          S3Presigner.builder()
              .region(Region.of(connection.region()))
              .endpointOverride(connection.endpoint())
              .credentialsProvider(connection.credentials())
              .serviceConfiguration(configuration())
              .build();
    }
    return presigner;
  }

  /** Ends calls that are under way too. */
  @Override
  public synchronized void close() {
    http.close();
    s3.close();
    if (presigner != null) {
      presigner.close();
    }
    connection.credentials().close();
  }
}
