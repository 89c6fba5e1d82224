package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The main job against a store that is not the embedded one: a put, an upload in parts, and what was proved of them. */
final class OtherStore {
  private static final String BUCKET = "reelway-it";

  private final URI endpoint;
  private final String accessKey;
  private final String secretKey;

  OtherStore(URI endpoint, String accessKey, String secretKey) {
    this.endpoint = endpoint;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
  }

  private S3Client client() {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  /** Prints what the store was found to check, and the evidence of each object. */
  void takesRecordings(Path folder, String name) {
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path small = recordings.random("small.mp4", 100_000, 1);
    Path large = recordings.random("with space/größer.mp4", 17 * Recordings.MIB, 2);
    Recordings.mark(small);
    Recordings.mark(large);
    try (S3Client client = client()) {
      client.createBucket(create -> create.bucket(BUCKET));
      try (ChildReelway child = ChildReelway.sidecar(folder, endpoint)
          .set("reelway.store.bucket", BUCKET)
          .set("reelway.store.access-key", accessKey)
          .set("reelway.store.secret-key", secretKey)
          .startReady()) {
        child.await("both are sent", () -> !Recordings.isMarked(small) && !Recordings.isMarked(large));
        child.await("both are told", () -> child.http().get("/recordings?state=done").json().path("recordings").size() == 2);
        child.http().get("/recordings?state=done").json().path("recordings").forEach(one -> {
            assertThat(one.path("evidence").asText()).as("more than its size is compared").contains(":");
            System.out.println(name + ": " + one.path("path").asText() + " in " + one.path("parts").asInt()
                + " parts: " + one.path("evidence").asText());
        });
        child.err().lines().filter(line -> line.contains("checksum")).forEach(System.out::println);
      }
      assertThat(client.getObjectAsBytes(get -> get.bucket(BUCKET).key("small.mp4")).asByteArray())
          .isEqualTo(Recordings.bytes(small));
      assertThat(client.getObjectAsBytes(get -> get.bucket(BUCKET).key("with space/größer.mp4")).asByteArray())
          .isEqualTo(Recordings.bytes(large));
      assertThat(client.listMultipartUploads(list -> list.bucket(BUCKET)).uploads()).isEmpty();
    }
  }
}
