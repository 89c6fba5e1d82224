package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.http.Handover;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkGlobalTime;
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
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Any store that speaks S3's REST interface: AWS S3, MinIO, Ceph and others. */
public final class S3Store implements Store {
  private static final int PAGE = 1000;
  private static final Duration NOTABLE_SKEW = Duration.ofMinutes(5);
  private static final String STUCK = "the listing says that there is more, but not from where on";

  private final StoreClient client;
  private final S3Client s3;
  private final StoreAddress address;
  private final S3Failures failures;
  private final HeadChecksums headChecksums;
  private final Priority priority;
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
    this.failures = new S3Failures(address, client.proxy());
    this.headChecksums = headChecksums;
    this.priority = priority;
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
  public String setting(String word) {
    return address.setting(word);
  }

  @Override
  public Encryption encryption() {
    return client.encryption();
  }

  /** What an answer is read as; one that cannot be leaves open whether the call took effect. */
  @FunctionalInterface
  private interface Reading<A, T> {
    T of(A answer) throws IOException;
  }

  private <A, T> T ask(S3Call call, Supplier<A> asking, Reading<A, T> reading) {
    return ask(call, new Handover(null, Sent.NOBODY, priority, true), asking, reading);
  }

  private <A, T> T ask(S3Call call, Handover handover, Supplier<A> asking, Reading<A, T> reading) {
    A answer = call(call, handover, asking);
    try {
      return reading.of(answer);
    } catch (IOException e) {
      throw failures.unreadable(call, e);
    }
  }

  /** Each thing that a refusal can teach is learnt once, and the call then repeated at once. */
  private <A> A call(S3Call call, Handover handover, Supplier<A> asking) {
    address.path(call.bucket(), call.key());
    AwsCredentials signedWith = client.credentials().resolveCredentials();
    String region = client.regions().of(call.bucket());
    int ahead = SdkGlobalTime.getGlobalTimeOffset();
    Iterator<Predicate<AwsServiceException>> lessons =
        List.<Predicate<AwsServiceException>>of(
                refusal -> client.regions().learn(call, region, refusal),
                refusal -> tellsAnotherTime(ahead, refusal),
                refusal -> mayBeRenewed(call, refusal) && client.credentials().renew(signedWith))
            .iterator();
    while (true) {
      try {
        return handover.during(asking);
      } catch (AwsServiceException refusal) {
        boolean learnt = false;
        while (!learnt && lessons.hasNext()) {
          learnt = lessons.next().test(refusal);
        }
        if (!learnt) {
          throw failures.refused(call, refusal);
        }
      } catch (SdkException e) {
        throw failures.unanswered(call, e);
      }
    }
  }

  /** @param before seconds that the store's time was thought to be ahead; the SDK has taken over what the refusal says */
  private static boolean tellsAnotherTime(int before, AwsServiceException refusal) {
    return refusal.isClockSkewException()
        && Math.abs(SdkGlobalTime.getGlobalTimeOffset() - before) > NOTABLE_SKEW.toSeconds();
  }

  /** The answer to a HEAD cannot say why. */
  private static boolean mayBeRenewed(S3Call call, AwsServiceException refusal) {
    boolean cannotSay = call.method().equals("HEAD") && (refusal.statusCode() == 403 || refusal.statusCode() == 400);
    return cannotSay || StoreFailure.isAboutCredentials(S3Failures.code(call, refusal));
  }

  private static AwsRequestOverrideConfiguration with(Map<String, String> headers) {
    AwsRequestOverrideConfiguration.Builder with = AwsRequestOverrideConfiguration.builder();
    headers.forEach(with::putHeader);
    return with.build();
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
    ask(new S3Call("HEAD", bucket, null), () -> s3.headBucket(head -> head.bucket(bucket)), answer -> answer);
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
    return ask(
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
    PutObjectRequest.Builder put =
        PutObjectRequest.builder().bucket(bucket).key(key).overrideConfiguration(with(carried.headers()));
    switch (checksum == null ? ChecksumKind.NONE : checksum.kind()) {
      case CRC64NVME -> put.checksumCRC64NVME(checksum.base64());
      case CRC32C -> put.checksumCRC32C(checksum.base64());
      case MD5 -> put.contentMD5(checksum.base64());
      case NONE -> { }
    }
    if (precondition instanceof Precondition.Absent) {
      put.ifNoneMatch("*");
    } else if (precondition instanceof Precondition.Matches matches) {
      put.ifMatch(S3Answers.quoted(matches.etag()));
    }
    return ask(
        new S3Call("PUT", bucket, key, carried.settings()),
        new Handover(body, sent, priority, true),
        () -> s3.putObject(put.build(), body(body)),
        S3Answers::put);
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
    return ask(
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
    UploadPartRequest.Builder part =
        UploadPartRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(uploadId)
            .partNumber(number)
            .overrideConfiguration(with(encryption().whenUsing()));
    switch (checksum == null ? ChecksumKind.NONE : checksum.kind()) {
      case CRC64NVME -> part.checksumCRC64NVME(checksum.base64());
      case CRC32C -> part.checksumCRC32C(checksum.base64());
      case MD5 -> part.contentMD5(checksum.base64());
      case NONE -> { }
    }
    return ask(
        new S3Call("PUT", bucket, key),
        new Handover(body, sent, priority, true),
        () -> s3.uploadPart(part.build(), body(body)),
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
    ChecksumKind kind = fullObject == null ? ChecksumKind.NONE : fullObject.kind();
    List<CompletedPart> completed = parts.stream().map(part -> completed(part, kind)).toList();
    CompleteMultipartUploadRequest.Builder complete =
        CompleteMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .uploadId(uploadId)
            .multipartUpload(upload -> upload.parts(completed))
            .overrideConfiguration(with(encryption().whenUsing()));
    switch (kind) {
      case CRC64NVME -> complete.checksumCRC64NVME(fullObject.base64()).checksumType(ChecksumType.FULL_OBJECT);
      case CRC32C -> complete.checksumCRC32C(fullObject.base64()).checksumType(ChecksumType.FULL_OBJECT);
      case MD5, NONE -> { }
    }
    if (precondition instanceof Precondition.Absent) {
      complete.ifNoneMatch("*");
    } else if (precondition instanceof Precondition.Matches matches) {
      complete.ifMatch(S3Answers.quoted(matches.etag()));
    }
    return ask(
        new S3Call("POST", bucket, key), () -> s3.completeMultipartUpload(complete.build()), S3Answers::completed);
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
      ask(call, asking, answer -> answer);
    } catch (StoreFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /** One page in memory at a time. */
  @Override
  public void list(String bucket, String prefix, Consumer<ListedObject> each) {
    String[] next = {null};
    String[] firstKey = {null};
    do {
      List<ListedObject> objects =
          ask(
              new S3Call("GET", bucket, null),
              () -> s3.listObjectsV2(list -> list
                  .bucket(bucket)
                  .prefix(prefix.isEmpty() ? null : prefix)
                  .encodingType(EncodingType.URL)
                  .maxKeys(PAGE)
                  .continuationToken(next[0])),
              page -> {
                List<ListedObject> listed = objects(page);
                next[0] = nextPage(page.isTruncated(), page.nextContinuationToken(), next[0]);
                String first = listed.isEmpty() ? null : listed.get(0).key();
                if (first != null && first.equals(firstKey[0])) {
                  throw new IOException("two pages of the listing begin with the same key");
                }
                firstKey[0] = first;
                return listed;
              });
      objects.stream().filter(object -> object.key().startsWith(prefix)).forEach(each);
    } while (next[0] != null);
  }

  private static List<ListedObject> objects(ListObjectsV2Response page) throws IOException {
    if (page.isTruncated() == null && page.name() == null) {
      throw new IOException("it is no ListBucketResult");
    }
    List<ListedObject> objects = new ArrayList<>();
    for (S3Object object : page.contents()) {
      objects.add(S3Answers.listed(object));
    }
    return objects;
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    List<StoredPart> parts = new ArrayList<>();
    Integer[] marker = {null};
    do {
      ask(
          new S3Call("GET", bucket, key),
          () -> s3.listParts(list -> list
              .bucket(bucket)
              .key(key)
              .uploadId(uploadId)
              .maxParts(PAGE)
              .partNumberMarker(marker[0])
              .overrideConfiguration(with(encryption().whenUsing()))),
          page -> {
            marker[0] = addParts(page, parts, marker[0]);
            return page;
          });
    } while (marker[0] != null);
    parts.sort(Comparator.comparingInt(StoredPart::number));
    return List.copyOf(parts);
  }

  /** @return the next page's marker; null after the last page */
  private static Integer addParts(ListPartsResponse page, List<StoredPart> parts, Integer from) throws IOException {
    if (page.isTruncated() == null && page.uploadId() == null) {
      throw new IOException("it is no ListPartsResult");
    }
    for (Part part : page.parts()) {
      parts.add(S3Answers.part(part));
    }
    return nextPage(page.isTruncated(), page.nextPartNumberMarker(), from);
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    List<UnfinishedUpload> uploads = new ArrayList<>();
    UploadsPage[] from = {new UploadsPage(null, null)};
    do {
      ask(
          new S3Call("GET", bucket, null),
          () -> s3.listMultipartUploads(list -> list
              .bucket(bucket)
              .prefix(prefix.isEmpty() ? null : prefix)
              .encodingType(EncodingType.URL)
              .maxUploads(PAGE)
              .keyMarker(from[0].keyMarker)
              .uploadIdMarker(from[0].idMarker)),
          page -> {
            from[0] = addUploads(page, prefix, uploads, from[0]);
            return page;
          });
    } while (from[0] != null);
    return List.copyOf(uploads);
  }

  /** Where a page of unfinished uploads starts: after this upload of this key. */
  private record UploadsPage(String keyMarker, String idMarker) {}

  /** @return where the next page starts; null after the last page */
  private static UploadsPage addUploads(
      ListMultipartUploadsResponse page, String prefix, List<UnfinishedUpload> uploads, UploadsPage from)
      throws IOException {
    if (page.isTruncated() == null && page.bucket() == null) {
      throw new IOException("it is no ListMultipartUploadsResult");
    }
    for (MultipartUpload one : page.uploads()) {
      UnfinishedUpload upload = S3Answers.upload(one);
      if (upload.key().startsWith(prefix)) {
        uploads.add(upload);
      }
    }
    String id = page.nextUploadIdMarker() == null || page.nextUploadIdMarker().isEmpty() ? null : page.nextUploadIdMarker();
    String key = nextPage(page.isTruncated(), page.nextKeyMarker(), null);
    if (key != null && key.equals(from.keyMarker) && (id == null || id.equals(from.idMarker))) {
      throw new IOException(STUCK);
    }
    return key == null ? null : new UploadsPage(key, id);
  }

  /** A listing that does not move on would be read for ever. */
  private static <M> M nextPage(Boolean truncated, M next, M from) throws IOException {
    if (!Boolean.TRUE.equals(truncated)) {
      return null;
    }
    if (next == null || next.toString().isEmpty() || next.equals(from)) {
      throw new IOException(STUCK);
    }
    return next;
  }

  @Override
  public List<AbortRule> abortRules(String bucket) {
    try {
      return ask(
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
    Handover object = new Handover(null, Sent.NOBODY, priority, false);
    try (ResponseInputStream<GetObjectResponse> answer = call(call, object, () -> s3.getObject(get))) {
      requiring.of(answer.response());
      copy(answer, to);
    } catch (IOException | SdkException e) {
      throw failures.unanswered(call, e);
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
