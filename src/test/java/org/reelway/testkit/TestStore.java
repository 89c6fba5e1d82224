package org.reelway.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.reelway.app.demo.EmbeddedStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real S3 server on loopback, looked into with the AWS SDK's client, which shares no code with Reelway's. */
public final class TestStore implements AutoCloseable {
  public static final String BUCKET = "recordings";
  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret-never-shown";

  private final EmbeddedStore server;
  private final S3Client client;

  private TestStore(EmbeddedStore server) {
    this.server = server;
    this.client =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  public static TestStore start(Path folder) {
    return start(folder, 0);
  }

  /** @param folder objects and unfinished uploads of an earlier start are still in it; @param port 0 for any */
  public static TestStore start(Path folder, int port) {
    EmbeddedStore server = EmbeddedStore.start(folder, port, ACCESS_KEY, SECRET_KEY);
    server.createBucket(BUCKET);
    return new TestStore(server);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  public void createBucket(String bucket) {
    server.createBucket(bucket);
  }

  /** For what this class has no word for. */
  public S3Client client() {
    return client;
  }

  public boolean has(String key) {
    return has(BUCKET, key);
  }

  public boolean has(String bucket, String key) {
    try {
      client.headObject(head -> head.bucket(bucket).key(key));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  public byte[] bytes(String key) {
    return bytes(BUCKET, key);
  }

  public byte[] bytes(String bucket, String key) {
    return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
  }

  public List<String> keys() {
    return keys(BUCKET);
  }

  public List<String> keys(String bucket) {
    return client.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream().map(S3Object::key).toList();
  }

  /** The unfinished uploads of the bucket. */
  public List<String> uploads() {
    return client.listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
        .map(MultipartUpload::uploadId)
        .toList();
  }

  /** The unfinished upload of a key that this client did not begin. */
  public Optional<String> uploadOf(String key, List<String> others) {
    return client.listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
        .filter(upload -> upload.key().equals(key) && !others.contains(upload.uploadId()))
        .map(MultipartUpload::uploadId)
        .findFirst();
  }

  public List<Part> parts(String key, String uploadId) {
    return client.listParts(list -> list.bucket(BUCKET).key(key).uploadId(uploadId)).parts();
  }

  /** Begins an upload as another program would. */
  public String beginUpload(String key) {
    return client.createMultipartUpload(create -> create.bucket(BUCKET).key(key)).uploadId();
  }

  public void storePart(String key, String uploadId, int number, byte[] content) {
    client.uploadPart(
        part -> part.bucket(BUCKET).key(key).uploadId(uploadId).partNumber(number), RequestBody.fromBytes(content));
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
