package org.reelway.stream.workflow.aws;

import java.net.URI;
import org.reelway.transfer.store.StoreConnection;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.mediapackage.MediaPackageClient;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The SDK's clients of the four services, with the store's credentials. One attempt for each call: whoever reconciles
 * decides on retries.
 */
final class AwsClients implements AutoCloseable {
  final MediaLiveClient live;
  final MediaPackageClient packages;
  final CloudFrontClient front;
  final SsmClient parameters;
  private final SdkHttpClient http;

  /** @param endpoint of all four; null for AWS's own */
  AwsClients(StoreConnection store, String region, URI endpoint) {
    this(store, region, endpoint, new AwsHttp(store.transport().trust()));
  }

  AwsClients(StoreConnection store, String region, URI endpoint, SdkHttpClient http) {
    this.http = http;
    this.live = made(MediaLiveClient.builder(), store, region, endpoint);
    this.packages = made(MediaPackageClient.builder(), store, region, endpoint);
    this.parameters = made(SsmClient.builder(), store, region, endpoint);
    // It is one for all regions of a partition.
    this.front = made(CloudFrontClient.builder(), store, region.startsWith("cn-") ? "aws-cn-global" : "aws-global", endpoint);
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(
      B builder, StoreConnection store, String region, URI endpoint) {
    builder.httpClient(http).region(Region.of(region)).credentialsProvider(store.credentials())
        .overrideConfiguration(
            override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())
                .addExecutionInterceptor(new AwsFailures(region)));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  @Override
  public void close() {
    live.close();
    packages.close();
    parameters.close();
    front.close();
    http.close();
  }
}
