package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Tag;

/** Objects of recordings in moto, which keeps what the embedded store does not know, seen by the AWS SDK's client. */
final class MotoObjects {
  private static final String READERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

  private final URI moto;

  MotoObjects(URI moto) {
    this.moto = moto;
  }

  private S3Client client() {
    return S3Client.builder()
        .endpointOverride(moto)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("moto", "moto-secret")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private ChildReelway.CommandLine sidecar(Path folder, String bucket, Map<String, String> settings) {
    ChildReelway.CommandLine sidecar = ChildReelway.sidecar(folder, moto)
        .set("reelway.store.bucket", bucket)
        .set("reelway.store.access-key", "moto")
        .set("reelway.store.secret-key", "moto-secret");
    settings.forEach(sidecar::set);
    return sidecar;
  }

  /** @param right looks at an object of one put and at one of several parts */
  void areKeptAsTold(Path folder, Map<String, String> settings, Consumer<HeadObjectResponse> right) {
    String bucket = "told-" + folder.getFileName();
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path small = recordings.random("small.mp4", 1000, 1);
    Path large = recordings.random("large.mp4", 6 * Recordings.MIB, 2);
    Recordings.mark(small);
    Recordings.mark(large);
    try (S3Client client = client()) {
      client.createBucket(create -> create.bucket(bucket));
      try (ChildReelway child = sidecar(folder, bucket, settings)
          .set("reelway.store.storage-class", "STANDARD_IA")
          .set("reelway.store.tags", "keep=90d,name={name}")
          .set("reelway.store.acl-grantee", READERS)
          .set("reelway.store.acl-permission", "read")
          .startReady()) {
        child.await("both are sent", () -> !Recordings.isMarked(small) && !Recordings.isMarked(large));
      }
      for (String key : new String[] {"small.mp4", "large.mp4"}) {
        right.accept(client.headObject(head -> head.bucket(bucket).key(key)));
        assertThat(client.getObjectTagging(get -> get.bucket(bucket).key(key)).tagSet())
            .containsExactlyInAnyOrder(
                Tag.builder().key("keep").value("90d").build(), Tag.builder().key("name").value(key).build());
      }
      assertThat(client.getObjectAcl(get -> get.bucket(bucket).key("small.mp4")).grants())
          .anySatisfy(grant -> {
            assertThat(grant.grantee().uri()).isEqualTo(READERS);
            assertThat(grant.permissionAsString()).isEqualTo("READ");
          });
      assertThat(client.getObjectAsBytes(get -> get.bucket(bucket).key("large.mp4")).asByteArray())
          .isEqualTo(Recordings.bytes(large));
    }
  }

  void refuseAnUnknownStorageClass(Path folder) {
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path file = recordings.random("refused.mp4", 1000, 1);
    Recordings.mark(file);
    try (S3Client client = client()) {
      client.createBucket(create -> create.bucket("told-refused"));
      try (ChildReelway child =
          sidecar(folder, "told-refused", Map.of("reelway.store.storage-class", "NO_SUCH")).startReady()) {
        child.awaitLog("InvalidStorageClass");
        assertThat(child.err()).contains("correct reelway.store.storage-class to one that the store has");
      }
      assertThat(client.listObjectsV2(list -> list.bucket("told-refused")).contents()).isEmpty();
    }
    assertThat(Recordings.isMarked(file)).isTrue();
  }
}
