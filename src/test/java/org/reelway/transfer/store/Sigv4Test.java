package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.transfer.store.http.Header;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class Sigv4Test {
  private static final Credentials EXAMPLE =
      new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);
  private static final Instant EXAMPLE_TIME = Instant.parse("2013-05-24T00:00:00Z");

  /** The examples of docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | test.txt | | range=bytes=0-9 | '' |"
            + " f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        "PUT | test$file.text | | Date=Fri, 24 May 2013 00:00:00 GMT;x-amz-storage-class=REDUCED_REDUNDANCY |"
            + " Welcome to Amazon S3. | 98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        "GET | '' | lifecycle= | | '' | fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "GET | '' | max-keys=2&prefix=J | | '' | 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      })
  void theExamplesOfAmazonGetTheirSignatures(
      String method, String key, String query, String headers, String body, String signature) {
    List<Header> given = new ArrayList<>();
    for (String header : headers == null ? new String[0] : headers.split(";")) {
      given.add(new Header(header.split("=", 2)[0], header.split("=", 2)[1]));
    }
    List<Header> signed =
        new Sigv4("us-east-1")
            .sign(EXAMPLE, EXAMPLE_TIME, method, "examplebucket.s3.amazonaws.com",
                "/" + PercentCode.encode(key, "/"), query == null ? "" : query, given, Sigv4.sha256(body.getBytes()));
    assertThat(value(signed, "Authorization")).endsWith("Signature=" + signature);
  }

  @Test
  void anyRequestGetsTheSignatureThatTheSdkGivesIt() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      Credentials credentials =
          new Credentials("AK" + i, text(random, "abcXYZ/+=", 30), i % 2 == 0 ? null : text(random, "tok+/=", 40));
      Instant now = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000));
      String key = text(random, "abz019 -_.~/!*'()%+?#&=;:,@$\"<>[]{}|\\^`äß日🎬", 24);
      String name = text(random, "abcXYZ-", 8);
      String value = text(random, "ab +/%=&?ü*~", 12);
      String meta = MetadataCode.encode(text(random, "ab  %ü\t,;", 16));
      S3Call call = new S3Call("PUT", "bucket", key).query(name, value).query("uploadId", "u/+=" + i);
      call.header("x-amz-meta-m", meta).header("Content-Type", "video/mp4").header("If-None-Match", "*");

      String path = "/bucket/" + PercentCode.encode(key, "/");
      List<Header> ours =
          new Sigv4("eu-central-1")
              .sign(credentials, now, "PUT", "store.example:9000", path, call.canonicalQuery(), call.headers(),
                  Sigv4.UNSIGNED);

      SdkHttpRequest.Builder request =
          SdkHttpRequest.builder().method(SdkHttpMethod.PUT).uri(URI.create("https://store.example:9000"))
              .encodedPath(path)
              .putRawQueryParameter(name, value)
              .putRawQueryParameter("uploadId", "u/+=" + i);
      call.headers().forEach(header -> request.putHeader(header.name(), header.value()));
      SdkHttpRequest theirs = sdk(credentials, now, request.build()).request();

      assertThat(signature(value(ours, "Authorization")))
          .as("key %s, query %s=%s", key, name, value)
          .isEqualTo(signature(theirs.firstMatchingHeader("Authorization").orElseThrow()));
    }
  }

  private static SignedRequest sdk(Credentials credentials, Instant now, SdkHttpRequest request) {
    AwsCredentialsIdentity identity =
        credentials.sessionToken() == null
            ? AwsCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey())
            : AwsSessionCredentialsIdentity.create(
                credentials.accessKey(), credentials.secretKey(), credentials.sessionToken());
    return AwsV4HttpSigner.create().sign(sign ->
        sign.identity(identity).request(request)
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
            .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
            .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
            .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
            .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)));
  }

  private static String signature(String authorization) {
    return authorization.replaceAll(".*(SignedHeaders=)", "$1").replace(" ", "");
  }

  private static String value(List<Header> headers, String name) {
    return headers.stream().filter(header -> header.name().equals(name)).map(Header::value).findFirst().orElseThrow();
  }

  private static String text(Random random, String alphabet, int length) {
    int[] letters = alphabet.codePoints().toArray();
    return random.ints(1 + random.nextInt(length), 0, letters.length)
        .mapToObj(i -> Character.toString(letters[i]))
        .collect(Collectors.joining());
  }
}
