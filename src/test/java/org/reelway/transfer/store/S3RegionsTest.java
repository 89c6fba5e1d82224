package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.testkit.LogLines;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.S3Exception;
import org.reelway.transfer.store.ScriptedServer.Script;

/** A bucket that is in another region than the settings say. */
@Timeout(60)
class S3RegionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";

  private static S3Store store(ScriptedServer server, boolean follow) {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed("access", "secret"), null),
        new StoreTerms(Encryption.NONE, null, false, follow));
  }

  private static void put(Store store) {
    store.put(
        "bucket", "key", new Body.Bytes(new byte[] {1}), null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);
  }

  private static Script refusing(int status, String headers, String body) {
    return c -> {
      c.request();
      c.answer(status, headers, body);
      c.request();
      c.say(OK);
      c.request();
      c.say(OK);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | '' | <Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>",
        "301 | x-amz-bucket-region: eu-west-1 | <Error><Code>PermanentRedirect</Code></Error>",
        "400 | x-amz-bucket-region: eu-west-1 | <Error><Code>IllegalLocationConstraintException</Code></Error>"
      })
  void theRegionThatTheStoreNamesIsFollowedAndRememberedAndSaidOnce(int status, String header, String body)
      throws Exception {
    String line = header.isEmpty() ? "" : header + "\r\n";
    try (LogLines log = new LogLines(BucketRegions.class.getName());
        ScriptedServer server = new ScriptedServer(refusing(status, line, body));
        S3Store store = store(server, true)) {
      put(store);
      put(store);

      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().get(0)).contains("/us-east-1/s3/aws4_request");
      assertThat(server.requests().subList(1, 3)).allMatch(head -> head.contains("/eu-west-1/s3/aws4_request"));
      assertThat(log.all()).singleElement().asString()
          .contains("bucket bucket is in region eu-west-1, not in us-east-1: requests go there; set"
              + " reelway.store.region=eu-west-1 to spare the detour");
    }
  }

  @Test
  void anAnswerWithoutTextTellsItByItsHeader() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  c.request();
                  c.say("HTTP/1.1 400 Bad\r\nx-amz-bucket-region: eu-west-1\r\nContent-Length: 0\r\n\r\n");
                  c.request();
                  c.say(OK);
                });
        S3Store store = store(server, true)) {
      store.headBucket("bucket");
      assertThat(server.requests().get(1)).contains("/eu-west-1/s3/aws4_request");
    }
  }

  @ParameterizedTest
  @CsvSource({"eu-west-1, false", "us-east-1, true", "evil.example/, true"})
  void aRegionThatMayNotBeFollowedIsSaidInstead(String region, boolean follow) throws Exception {
    String body =
        "<Error><Code>AuthorizationHeaderMalformed</Code><Region>" + region + "</Region></Error>";
    try (ScriptedServer server = new ScriptedServer(refusing(400, "", body)); S3Store store = store(server, follow)) {
      assertThat(catchThrowableOfType(StoreFailure.class, () -> put(store)))
          .hasMessageContaining("the bucket is elsewhere, region " + region + ": correct reelway.store.region");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
    "-, https://bucket.s3.eu-west-1.amazonaws.com",
    "https://s3.amazonaws.com, https://bucket.s3.eu-west-1.amazonaws.com",
    "https://s3.dualstack.us-east-1.amazonaws.com, https://bucket.s3.dualstack.eu-west-1.amazonaws.com",
    "https://s3-fips.us-east-1.amazonaws.com, https://bucket.s3-fips.eu-west-1.amazonaws.com",
    "http://s3.us-east-1.amazonaws.com, http://bucket.s3.us-east-1.amazonaws.com",
    "https://store.example.com, https://bucket.store.example.com",
    "https://s3.us-east-1.amazonaws.com.evil.example, https://bucket.s3.us-east-1.amazonaws.com.evil.example"
  })
  void onlyAmazonsOwnHostsChangeWithTheRegion(URI endpoint, String url) {
    BucketRegions regions =
        new BucketRegions(
            new StoreConnection(
                endpoint, "us-east-1", false, Duration.ofSeconds(5), Duration.ofSeconds(5),
                StoreCredentials.fixed("a", "s"), null),
            true);
    AwsServiceException elsewhere =
        S3Exception.builder()
            .statusCode(301)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("PermanentRedirect")
                    .sdkHttpResponse(
                        SdkHttpResponse.builder().putHeader("x-amz-bucket-region", "eu-west-1").build())
                    .build())
            .build();
    assertThat(regions.learn(new S3Call("GET", "bucket", "key"), "us-east-1", elsewhere)).isTrue();
    assertThat(
            regions.resolveEndpoint(asked -> asked
                    .bucket("bucket")
                    .region(Region.US_EAST_1)
                    .endpoint(endpoint == null ? null : endpoint.toString()))
                .join()
                .url())
        .isEqualTo(URI.create(url));
  }

  @Test
  void aProfileNamesTheRegionWhereNobodyElseDoes(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("credentials"), "[studio]\nregion=eu-north-1\n");

    assertThat(SdkRegion.find("studio", file)).isEqualTo("eu-north-1");
    assertThat(SdkRegion.find("other", file)).isEqualTo("us-east-1");
    assertThat(SdkRegion.find("studio", folder.resolve("none"))).isEqualTo("us-east-1");
  }
}
