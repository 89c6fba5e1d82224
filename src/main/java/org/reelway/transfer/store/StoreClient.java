package org.reelway.transfer.store;

import java.time.Duration;
import org.reelway.transfer.store.http.FileSliceSigner;
import org.reelway.transfer.store.http.HttpSettings;
import org.reelway.transfer.store.http.SendfileHttpClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The AWS SDK's client of one store, as its settings want it: for transfers, and for {@code aws2-s3} endpoints of routes.
 * No chunked bodies, no trailers and no checksums that nobody asked for: S3-compatible stores refuse them. One attempt
 * for each call: whoever calls decides on retries.
 */
public final class StoreClient implements AutoCloseable {
  private static final Duration INTERIM = Duration.ofSeconds(1);

  private final SendfileHttpClient http;
  private final S3Client s3;
  private final S3Presigner presigner;
  private final CredentialsSource credentials;

  public StoreClient(StoreConnection connection, StoreTerms terms) {
    credentials = connection.credentials();
    http =
        new SendfileHttpClient(
            new HttpSettings(
                connection.connectTimeout(), connection.idleTimeout(), INTERIM, connection.transport()));
    AwsCredentialsProvider provider = () -> forSdk(connection.credentials().get());
    Region region = Region.of(connection.region());
    S3Configuration configuration =
        S3Configuration.builder()
            .pathStyleAccessEnabled(connection.pathStyle())
            .chunkedEncodingEnabled(false)
            .expectContinueEnabled(false)
            .build();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(region)
            .endpointOverride(connection.endpoint())
            .credentialsProvider(provider)
            .serviceConfiguration(configuration)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .putAuthScheme(new FileSliceSigner())
            .overrideConfiguration(
                override -> {
                  override.retryStrategy(DefaultRetryStrategy.doNotRetry());
                  terms.headers().forEach(header -> override.putHeader(header.name(), header.value()));
                });
    s3 = builder.build();
    presigner =
        S3Presigner.builder()
            .s3Client(s3)
            .region(region)
            .endpointOverride(connection.endpoint())
            .credentialsProvider(provider)
            .serviceConfiguration(configuration)
            .build();
  }

  private static AwsCredentials forSdk(Credentials found) {
    return found.sessionToken() == null
        ? AwsBasicCredentials.create(found.accessKey(), found.secretKey())
        : AwsSessionCredentials.create(found.accessKey(), found.secretKey(), found.sessionToken());
  }

  public S3Client s3() {
    return s3;
  }

  public S3Presigner presigner() {
    return presigner;
  }

  /** Ends calls that are under way too. */
  @Override
  public void close() {
    http.close();
    s3.close();
    presigner.close();
    credentials.close();
  }
}
