package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.demo.EmbeddedStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Every call against a real store, read back by the AWS SDK's client where bytes and names matter. */
class S3StoreTest {
  private static final String BUCKET = "recordings";
  private static final int MIB = 1 << 20;

  @TempDir static Path folder;
  private static EmbeddedStore server;
  private static S3Store store;
  private static S3Client sdk;

  @BeforeAll
  static void start() {
    server = EmbeddedStore.start(folder.resolve("store"), 0, "test-access", "test-secret");
    server.createBucket(BUCKET);
    store = new S3Store(connection("test-access", "test-secret"));
    sdk =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test-access", "test-secret")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  @AfterAll
  static void stop() {
    sdk.close();
    store.close();
    server.close();
  }

  private static StoreConnection connection(String accessKey, String secretKey) {
    return new StoreConnection(
        server.endpoint(),
        "us-east-1",
        true,
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        CredentialsSource.fixed(accessKey, secretKey),
        null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.mp4",
        "with space.mp4",
        "two  spaces/in 'a' \"folder\"/x.mp4",
        "$(touch gone)/`id`;&|.mp4",
        "plus+and%and%2Fescape.mp4",
        "ümläut/日本語/🎬.mp4",
        "what?#fragment=1&b.mp4",
        "brackets[1]{2}(3)<4>,=:@!*~^.mp4"
      })
  void aKeyIsTheSameForAnIndependentClient(String key) {
    byte[] content = key.getBytes(StandardCharsets.UTF_8);
    store.put(
        BUCKET, key, new Body.Bytes(content), null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);

    assertThat(sdk.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asByteArray()).isEqualTo(content);
    assertThat(sdk.listObjectsV2(list -> list.bucket(BUCKET).prefix(key)).contents())
        .extracting(object -> object.key())
        .containsExactly(key);
    assertThat(store.head(BUCKET, key)).get().extracting(StoredObject::size).isEqualTo((long) content.length);
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    store.get(BUCKET, key, back);
    assertThat(back.toByteArray()).isEqualTo(content);
    store.delete(BUCKET, key);
    assertThat(store.head(BUCKET, key)).isEmpty();
    store.delete(BUCKET, key);
  }

  @ParameterizedTest
  @EnumSource(ChecksumKind.class)
  void aFileInOnePutArrivesWholeWithItsChecksum(ChecksumKind kind) throws IOException {
    Path file = random("one-put-" + kind, 3 * MIB + 17);
    AtomicLong sent = new AtomicLong();
    try (FileChannel channel = FileChannel.open(file)) {
      Body body = new Body.FileSlice(channel, 0, channel.size());
      StoredObject stored =
          store.put(
              BUCKET,
              "put/" + kind,
              body,
              Checksums.of(kind, body),
              new ObjectAttributes("video/mp4", Map.of("source", "a\tb 100% ü  two")),
              Precondition.NONE,
              sent::addAndGet);
      assertThat(stored.etag()).isEqualTo(Checksums.etag(Checksums.of(ChecksumKind.MD5, body)));
    }
    assertThat(sent).hasValue(Files.size(file));
    assertThat(sdk.getObjectAsBytes(get -> get.bucket(BUCKET).key("put/" + kind)).asByteArray())
        .isEqualTo(Files.readAllBytes(file));
    assertThat(store.head(BUCKET, "put/" + kind).orElseThrow().metadata())
        .containsEntry("source", "a\tb 100% ü  two");
    assertThat(sdk.headObject(head -> head.bucket(BUCKET).key("put/" + kind)).contentType()).isEqualTo("video/mp4");
  }

  @ParameterizedTest
  @EnumSource(ChecksumKind.class)
  void aMultipartUploadArrivesWhole(ChecksumKind kind) throws IOException {
    Path file = random("multipart-" + kind, 15 * MIB);
    String key = "multi/" + kind + ".mp4";
    String id = store.createMultipart(BUCKET, key, new ObjectAttributes("video/mp4", Map.of("a", "b")), kind);
    assertThat(store.listUnfinished(BUCKET, "multi/")).extracting(UnfinishedUpload::uploadId).contains(id);

    List<StoredPart> parts = new ArrayList<>();
    List<Checksums.Piece> pieces = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      for (int number = 1; number <= 3; number++) {
        Body.FileSlice body = new Body.FileSlice(channel, (number - 1) * 5L * MIB, 5L * MIB);
        Checksum checksum = Checksums.of(kind, body);
        parts.add(store.uploadPart(BUCKET, key, id, number, body, checksum, Sent.NOBODY));
        pieces.add(new Checksums.Piece(checksum, body.length()));
      }
    }
    assertThat(store.listParts(BUCKET, key, id))
        .extracting(StoredPart::number, StoredPart::size, StoredPart::etag)
        .containsExactlyElementsOf(
            parts.stream()
                .map(part -> org.assertj.core.groups.Tuple.tuple(part.number(), part.size(), part.etag()))
                .toList());
    boolean crc = kind == ChecksumKind.CRC32C || kind == ChecksumKind.CRC64NVME;
    Checksum whole = crc ? Checksums.combine(kind, pieces) : null;
    StoredObject stored = store.completeMultipart(BUCKET, key, id, parts, whole, Precondition.NONE);

    assertThat(stored.etag())
        .isEqualTo(Checksums.multipartEtag(parts.stream().map(StoredPart::etag).toList()));
    assertThat(sdk.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asByteArray())
        .isEqualTo(Files.readAllBytes(file));
    if (crc) {
      assertThat(store.head(BUCKET, key).orElseThrow().checksum(kind)).contains(whole.base64());
    }
    assertThat(store.listUnfinished(BUCKET, "multi/")).extracting(UnfinishedUpload::uploadId).doesNotContain(id);
  }

  private static Path random(String name, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    return Files.write(folder.resolve(name), bytes);
  }
}
