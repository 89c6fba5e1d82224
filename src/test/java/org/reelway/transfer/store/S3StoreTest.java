package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

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
import org.reelway.app.demo.EmbeddedStore;
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
        StoreCredentials.fixed(accessKey, secretKey),
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

  @ParameterizedTest
  @EnumSource(names = {"CRC64NVME", "CRC32C", "MD5"})
  void aWrongChecksumIsRefusedAndLeavesNoObject(ChecksumKind kind) {
    Checksum wrong = Checksums.of(kind, new Body.Bytes(new byte[] {9}));
    Body body = new Body.Bytes(new byte[] {1});
    assertThatThrownBy(() ->
            store.put(BUCKET, "wrong/" + kind, body, wrong, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY))
        .asInstanceOf(type(StoreFailure.class))
        .matches(failure -> failure.status() == 400 && failure.isCode("BadDigest") && failure.isTransient());
    assertThat(store.head(BUCKET, "wrong/" + kind)).isEmpty();
  }

  @Test
  void aWrongChecksumOfTheWholeIsRefusedAndLeavesThePartsForAnotherTry() {
    byte[] bytes = {1, 2, 3};
    String id = store.createMultipart(BUCKET, "whole", ObjectAttributes.NONE, ChecksumKind.CRC32C);
    Checksum right = Checksums.of(ChecksumKind.CRC32C, new Body.Bytes(bytes));
    Checksum wrong = Checksums.of(ChecksumKind.CRC32C, new Body.Bytes(new byte[] {9}));
    List<StoredPart> parts =
        List.of(store.uploadPart(BUCKET, "whole", id, 1, new Body.Bytes(bytes), right, Sent.NOBODY));
    assertThatThrownBy(() -> store.completeMultipart(BUCKET, "whole", id, parts, wrong, Precondition.NONE))
        .asInstanceOf(type(StoreFailure.class))
        .matches(failure -> failure.isCode("BadDigest"));
    assertThat(store.head(BUCKET, "whole")).isEmpty();
    store.completeMultipart(BUCKET, "whole", id, parts, right, Precondition.ABSENT);
    assertThat(store.head(BUCKET, "whole")).get().extracting(StoredObject::size).isEqualTo(3L);
  }

  @Test
  void aFalseConditionIsToldFromOtherFailures() {
    Body body = new Body.Bytes(new byte[] {1});
    StoredObject first =
        store.put(BUCKET, "there", body, null, ObjectAttributes.NONE, Precondition.ABSENT, Sent.NOBODY);
    Body other = new Body.Bytes(new byte[] {2});
    assertThatThrownBy(() ->
            store.put(BUCKET, "there", other, null, ObjectAttributes.NONE, Precondition.ABSENT, Sent.NOBODY))
        .asInstanceOf(type(StoreFailure.class))
        .matches(StoreFailure::isPreconditionFailed);
    Precondition unchanged = new Precondition.Matches(first.etag());
    store.put(BUCKET, "there", other, null, ObjectAttributes.NONE, unchanged, Sent.NOBODY);
    assertThatThrownBy(() ->
            store.put(BUCKET, "there", body, null, ObjectAttributes.NONE, unchanged, Sent.NOBODY))
        .asInstanceOf(type(StoreFailure.class))
        .matches(StoreFailure::isPreconditionFailed);

    String id = store.createMultipart(BUCKET, "there", ObjectAttributes.NONE, ChecksumKind.NONE);
    List<StoredPart> parts = List.of(store.uploadPart(BUCKET, "there", id, 1, body, null, Sent.NOBODY));
    assertThatThrownBy(() -> store.completeMultipart(BUCKET, "there", id, parts, null, Precondition.ABSENT))
        .asInstanceOf(type(StoreFailure.class))
        .matches(StoreFailure::isPreconditionFailed);
    store.abortMultipart(BUCKET, "there", id);
    store.abortMultipart(BUCKET, "there", id);
    assertThat(store.listUnfinished(BUCKET, "there")).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    store.headBucket(BUCKET);
    assertThatThrownBy(() -> store.headBucket("elsewhere"))
        .hasMessageContaining("404 NoSuchBucket")
        .hasMessageContaining("create bucket elsewhere or correct reelway.store.bucket");
    assertThatThrownBy(() -> store.createMultipart("elsewhere", "k", ObjectAttributes.NONE, ChecksumKind.NONE))
        .asInstanceOf(type(StoreFailure.class))
        .matches(failure -> failure.isCode("NoSuchBucket"));
  }

  @Test
  void wrongKeysAreToldApartAndNeverShown() {
    try (S3Store wrongSecret = new S3Store(connection("test-access", "wrong-secret"));
        S3Store wrongKey = new S3Store(connection("nobody", "wrong-secret"))) {
      assertThatThrownBy(() ->
              wrongSecret.createMultipart(BUCKET, "k", ObjectAttributes.NONE, ChecksumKind.NONE))
          .hasMessageContaining("SignatureDoesNotMatch")
          .hasMessageContaining("correct reelway.store.secret-key")
          .hasMessageNotContaining("wrong-secret");
      assertThatThrownBy(() -> wrongKey.createMultipart(BUCKET, "k", ObjectAttributes.NONE, ChecksumKind.NONE))
          .hasMessageContaining("InvalidAccessKeyId")
          .hasMessageNotContaining("wrong-secret");
    }
  }

  private static Path random(String name, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    return Files.write(folder.resolve(name), bytes);
  }
}
