package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
import org.reelway.settings.NamedStores;
import org.reelway.transfer.bandwidth.Priority;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Any store that speaks S3's REST interface: AWS S3, MinIO, Ceph and others. */
public final class S3Store implements Store {
  private final StoreClient client;
  private final S3Client s3;
  private final StoreAddress address;
  private final S3Calls calls;
  private final S3Listings listings;
  private final HeadChecksums headChecksums;
  /** Whether the client is closed with this. */
  private final boolean owner;

  public S3Store(StoreConnection connection) {
    this(connection, StoreTerms.NONE);
  }

  public S3Store(StoreConnection connection, StoreTerms terms) {
    this(new StoreClient(connection, terms), new HeadChecksums(), Priority.RECORDING, true);
  }

  private S3Store(StoreClient client, HeadChecksums headChecksums, Priority priority, boolean owner) {
    this.client = client;
    this.s3 = client.s3();
    this.address = client.address();
    this.calls = new S3Calls(client, priority);
    this.listings = new S3Listings(s3, calls, encryption());
    this.headChecksums = headChecksums;
    this.owner = owner;
  }

  /**
   * The same store by the same client, which this one closes.
   *
   * @param own of all that is sent, while the bandwidth is short
   */
  public S3Store at(Priority own) {
    return new S3Store(client, headChecksums, own, false);
  }

  /** A link by which anybody can get the object for this long; made here, the store is not asked. */
  public URI link(String bucket, String key, Duration expires) {
    return URI.create(client.presigner()
        .presignGetObject(sign -> sign.signatureDuration(expires).getObjectRequest(get -> get.bucket(bucket).key(key)))
        .url().toString());
  }

  public StoreClient client() {
    return client;
  }

  @Override
  public String address() {
    return address.shown();
  }

  @Override
  public String address(String bucket, String key) {
    return address.shown(bucket, key);
  }

  @Override
  public String name() {
    return NamedStores.nameOf(client.connection().settings());
  }

  @Override
  public String setting(String word) {
    return address.setting(word);
  }

  @Override
  public Encryption encryption() {
    return client.encryption();
  }

  @SafeVarargs
  static AwsRequestOverrideConfiguration with(Map<String, String>... headers) {
    AwsRequestOverrideConfiguration.Builder with = AwsRequestOverrideConfiguration.builder();
    for (Map<String, String> some : headers) {
      some.forEach(with::putHeader);
    }
    return with.build();
  }

  /** @param checksum null for none */
  private static Map<String, String> headers(Checksum checksum) {
    return checksum == null ? Map.of() : Map.of(checksum.kind().header(), checksum.base64());
  }

  /** The transport has the bytes of files; the SDK asks for those in memory, for its signature. */
  private static RequestBody body(Body body) {
    if (body instanceof Body.Bytes small) {
      return RequestBody.fromBytes(small.bytes());
    }
    ContentStreamProvider beside = () -> {
      throw new IllegalStateException("the transport sends this body");
    };
    return RequestBody.fromContentProvider(beside, body.length(), "application/octet-stream");
  }

  @Override
  public void headBucket(String bucket) {
    calls.ask(new S3Call("HEAD", bucket, null), () -> s3.headBucket(head -> head.bucket(bucket)), answer -> answer);
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    return headChecksums.head(checksums -> head(bucket, key, checksums));
  }

  @Override
  public boolean refusesChecksumsOfHead() {
    return headChecksums.areRefused();
  }

  private Optional<StoredObject> head(String bucket, String key, boolean checksums) {
    try {
      return Optional.of(head(bucket, key, checksums, encryption()));
    } catch (StoreFailure e) {
      if (e.status() == 400 && !encryption().whenUsing().isEmpty()) {
        // Such stores refuse the key for an object that is not encrypted with one.
        return Optional.of(head(bucket, key, checksums, Encryption.NONE));
      }
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private StoredObject head(String bucket, String key, boolean checksums, Encryption encryption) {
    return calls.ask(
        new S3Call("HEAD", bucket, key),
        () -> s3.headObject(head -> head
            .bucket(bucket)
            .key(key)
            .checksumMode(checksums ? ChecksumMode.ENABLED : null)
            .overrideConfiguration(with(encryption.whenUsing()))),
        S3Answers::object);
  }

  @Override
  public StoredObject put(
      String bucket,
      String key,
      Body body,
      Checksum checksum,
      ObjectAttributes attributes,
      Precondition precondition,
      Sent sent) {
    S3Attributes carried = new S3Attributes(attributes, encryption());
    PutObjectRequest put =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .overrideConfiguration(with(carried.headers(), headers(checksum), precondition.headers()))
            .build();
    return calls.send(
        new S3Call("PUT", bucket, key, carried.settings()), body, sent, () -> s3.putObject(put, body(body)), S3Answers::put);
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    S3Attributes carried = new S3Attributes(attributes, encryption());
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder().bucket(bucket).key(key).overrideConfiguration(with(carried.headers()));
    if (isCrc(kind)) {
      create.checksumAlgorithm(ChecksumAlgorithm.valueOf(kind.name().replace("CRC64NVME", "CRC64_NVME").replace("CRC32C", "CRC32_C")));
      create.checksumType(ChecksumType.FULL_OBJECT);
    }
    return calls.ask(
        new S3Call("POST", bucket, key, carried.settings()),
        () -> s3.createMultipartUpload(create.build()),
        answer -> S3Answers.required(answer.uploadId(), "UploadId"));
  }

  private static boolean isCrc(ChecksumKind kind) {
    return kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C;
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    UploadPartRequest part =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(uploadId)
            .partNumber(number)
            .overrideConfiguration(with(encryption().whenUsing(), headers(checksum)))
            .build();
    return calls.send(
        new S3Call("PUT", bucket, key), body, sent, () -> s3.uploadPart(part, body(body)),
        answer -> S3Answers.uploaded(number, body.length(), answer));
  }

  @Override
  public StoredObject completeMultipart(
      String bucket,
      String key,
      String uploadId,
      List<StoredPart> parts,
      Checksum fullObject,
      Precondition precondition) {
    boolean whole = fullObject != null && isCrc(fullObject.kind());
    ChecksumKind kind = whole ? fullObject.kind() : ChecksumKind.NONE;
    CompleteMultipartUploadRequest complete =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(uploadId)
            .multipartUpload(upload -> upload.parts(parts.stream().map(part -> completed(part, kind)).toList()))
            .checksumType(whole ? ChecksumType.FULL_OBJECT : null)
            .overrideConfiguration(
                with(encryption().whenUsing(), headers(whole ? fullObject : null), precondition.headers()))
            .build();
    return calls.ask(new S3Call("POST", bucket, key), () -> s3.completeMultipartUpload(complete), S3Answers::completed);
  }

  private static CompletedPart completed(StoredPart part, ChecksumKind kind) {
    return CompletedPart.builder()
        .partNumber(part.number())
        .eTag('"' + part.etag() + '"')
        .checksumCRC64NVME(kind == ChecksumKind.CRC64NVME ? part.checksums().get(kind) : null)
        .checksumCRC32C(kind == ChecksumKind.CRC32C ? part.checksums().get(kind) : null)
        .build();
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    unlessNotFound(
        new S3Call("DELETE", bucket, key),
        () -> s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(uploadId)));
  }

  @Override
  public void delete(String bucket, String key) {
    unlessNotFound(
        new S3Call("DELETE", bucket, key), () -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
  }

  private void unlessNotFound(S3Call call, Supplier<?> asking) {
    try {
      calls.ask(call, asking, answer -> answer);
    } catch (StoreFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  @Override
  public void list(String bucket, String prefix, Consumer<ListedObject> each) {
    listings.objects(bucket, prefix, each);
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    return listings.parts(bucket, key, uploadId);
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    return listings.unfinished(bucket, prefix);
  }

  @Override
  public List<AbortRule> abortRules(String bucket) {
    try {
      return calls.ask(
          new S3Call("GET", bucket, null),
          () -> s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)),
          S3Answers::abortRules);
    } catch (StoreFailure e) {
      if (e.isCode("NoSuchLifecycleConfiguration")) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void get(String bucket, String key, OutputStream to) {
    get(bucket, key, null, S3Store::requireLength, to);
  }

  @Override
  public void get(String bucket, String key, long offset, long length, OutputStream to) {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + offset);
    }
    String range = offset + "-" + Math.addExact(offset, length - 1);
    get(bucket, key, "bytes=" + range, answer -> requireRange(answer, "bytes " + range + "/", length), to);
  }

  /** Looks at the head of an object's answer. */
  @FunctionalInterface
  private interface Requiring {
    void of(GetObjectResponse answer) throws IOException;
  }

  private void get(String bucket, String key, String range, Requiring requiring, OutputStream to) {
    S3Call call = new S3Call("GET", bucket, key);
    GetObjectRequest get =
        GetObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .range(range)
            .overrideConfiguration(with(encryption().whenUsing()))
            .build();
    try (ResponseInputStream<GetObjectResponse> answer = calls.object(call, () -> s3.getObject(get))) {
      requiring.of(answer.response());
      copy(answer, to);
    } catch (IOException | SdkException e) {
      throw calls.failures().unanswered(call, e);
    }
  }

  /** A body without a length ends where the connection does: one that was cut off would look whole. */
  private static void requireLength(GetObjectResponse answer) throws IOException {
    if (answer.contentLength() == null
        && answer.sdkHttpResponse().firstMatchingHeader("Transfer-Encoding").isEmpty()) {
      throw new IOException("it does not say how long it is");
    }
  }

  private static void requireRange(GetObjectResponse answer, String wanted, long length) throws IOException {
    String said = answer.contentRange();
    boolean part = answer.sdkHttpResponse().statusCode() == 206 && said != null && said.strip().startsWith(wanted);
    if (!part || !Long.valueOf(length).equals(answer.contentLength())) {
      throw new IOException(
          "it is " + (said == null ? "not a part of the object" : said) + " in " + answer.contentLength()
              + " bytes, asked for was " + wanted + "*");
    }
  }

  private static void copy(InputStream body, OutputStream to) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      try {
        to.write(buffer, 0, count);
      } catch (IOException e) {
        throw new OurFailure("the object's bytes cannot be written here: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    if (owner) {
      client.close();
    }
  }
}
