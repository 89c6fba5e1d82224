package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.store.http.HttpAnswer;
import org.reelway.transfer.store.http.HttpPool;
import org.reelway.transfer.store.http.HttpSettings;

/**
 * Any store that speaks S3's REST interface: AWS S3, MinIO, Ceph and others. Sends no chunked bodies and no trailers,
 * which many stores refuse.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html">
 *     the calls</a>
 */
public final class S3Store implements Store {
  private static final Duration INTERIM = Duration.ofSeconds(1);

  private final StoreAddress address;
  private final Encryption encryption;
  private final S3Caller caller;
  private final S3Reader reader;
  private final S3Listings listings;
  private final HeadChecksums headChecksums = new HeadChecksums();

  public S3Store(StoreConnection connection) {
    this(connection, StoreTerms.NONE);
  }

  public S3Store(StoreConnection connection, StoreTerms terms) {
    this(connection, terms, Clock.systemUTC());
  }

  S3Store(StoreConnection connection, Clock clock) {
    this(connection, StoreTerms.NONE, clock);
  }

  S3Store(StoreConnection connection, StoreTerms terms, Clock clock) {
    encryption = terms.encryption();
    address =
        new StoreAddress(
            connection.endpoint(), connection.region(), connection.pathStyle(), connection.settings());
    HttpSettings settings =
        new HttpSettings(
            connection.connectTimeout(), connection.idleTimeout(), INTERIM, connection.transport());
    caller =
        new S3Caller(
            address,
            connection.credentials(),
            new S3Regions(address, connection.region(), terms.followRegion()),
            terms.headers(),
            new HttpPool(settings),
            connection.transport().proxy(),
            clock);
    reader = new S3Reader(address, caller);
    listings = new S3Listings(reader, encryption);
  }

  /** For a probe: asks this store anything. */
  public S3Questions questions() {
    return new S3Questions(caller, encryption);
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
    return encryption;
  }

  @Override
  public void headBucket(String bucket) {
    caller.call(new S3Call("HEAD", bucket, null));
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
      return Optional.of(head(bucket, key, checksums, encryption));
    } catch (StoreFailure e) {
      if (e.status() == 400 && !encryption.whenUsing().isEmpty()) {
        // Such stores refuse the key for an object that is not encrypted with one.
        return Optional.of(head(bucket, key, checksums, Encryption.NONE));
      }
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private StoredObject head(String bucket, String key, boolean checksums, Encryption with) {
    S3Call call =
        new S3Call("HEAD", bucket, key).header("x-amz-checksum-mode", checksums ? "ENABLED" : null).using(with);
    return caller.call(call, (answer, body) -> S3Answers.object(answer, true));
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
    S3Call call =
        new S3Call("PUT", bucket, key)
            .attributes(attributes, encryption)
            .checksum(checksum)
            .precondition(precondition)
            .body(body, sent);
    return reader.ask(call, answer -> S3Answers.object(answer.http(), false));
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    S3Call call = new S3Call("POST", bucket, key).query("uploads", "").attributes(attributes, encryption);
    if (kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C) {
      call.header("x-amz-checksum-algorithm", kind.name()).header("x-amz-checksum-type", "FULL_OBJECT");
    }
    call.body(new Body.Bytes(new byte[0]), Sent.NOBODY);
    return reader.askXml(call, (root, answer) -> S3Answers.required(root.child("UploadId"), "UploadId"));
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    S3Call call =
        new S3Call("PUT", bucket, key)
            .query("partNumber", Integer.toString(number))
            .query("uploadId", uploadId)
            .using(encryption)
            .checksum(checksum)
            .body(body, sent);
    return reader.ask(call, answer -> S3Answers.uploaded(number, body.length(), answer.http()));
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    return listings.parts(bucket, key, uploadId);
  }

  @Override
  public StoredObject completeMultipart(
      String bucket,
      String key,
      String uploadId,
      List<StoredPart> parts,
      Checksum fullObject,
      Precondition precondition) {
    S3Call call =
        new S3Call("POST", bucket, key)
            .query("uploadId", uploadId)
            .header("Content-Type", "application/xml")
            .using(encryption)
            .precondition(precondition);
    ChecksumKind kind = fullObject == null ? null : fullObject.kind();
    if (kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C) {
      call.checksum(fullObject).header("x-amz-checksum-type", "FULL_OBJECT");
    }
    call.body(new Body.Bytes(S3Xml.completeRequest(parts, kind)), Sent.NOBODY);
    return reader.askXml(call, (root, answer) -> S3Answers.completed(answer.http(), root));
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    try {
      caller.call(new S3Call("DELETE", bucket, key).query("uploadId", uploadId));
    } catch (StoreFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    return listings.uploads(bucket, prefix);
  }

  @Override
  public void list(String bucket, String prefix, Consumer<ListedObject> each) {
    listings.objects(bucket, prefix, each);
  }

  @Override
  public List<AbortRule> abortRules(String bucket) {
    try {
      return reader.askXml(
          new S3Call("GET", bucket, null).query("lifecycle", ""), (root, answer) -> S3Answers.abortRules(root));
    } catch (StoreFailure e) {
      if (e.isCode("NoSuchLifecycleConfiguration")) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void get(String bucket, String key, OutputStream to) {
    caller.call(
        new S3Call("GET", bucket, key).using(encryption).largeAnswer(),
        (answer, body) -> {
          requireLength(answer);
          copy(body, to);
          return null;
        });
  }

  @Override
  public void get(String bucket, String key, long offset, long length, OutputStream to) {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + offset);
    }
    String range = "bytes=" + offset + "-" + Math.addExact(offset, length - 1);
    caller.call(
        new S3Call("GET", bucket, key).header("Range", range).using(encryption).largeAnswer(),
        (answer, body) -> {
          requireRange(answer, offset, length);
          copy(body, to);
          return null;
        });
  }

  /** A body without a length ends where the connection does: one that was cut off would look whole. */
  private static void requireLength(HttpAnswer answer) throws IOException {
    if (answer.header("Content-Length") == null && answer.header("Transfer-Encoding") == null) {
      throw new IOException("it does not say how long it is");
    }
  }

  private static void requireRange(HttpAnswer answer, long offset, long length) throws IOException {
    String said = answer.header("Content-Range");
    String wanted = "bytes " + offset + "-" + (offset + length - 1) + "/";
    boolean part = answer.status() == 206 && said != null && said.strip().startsWith(wanted);
    if (!part || !Long.toString(length).equals(answer.header("Content-Length"))) {
      throw new IOException(
          "it is " + (said == null ? "not a part of the object" : said) + " in " + answer.header("Content-Length")
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
  public void delete(String bucket, String key) {
    try {
      caller.call(new S3Call("DELETE", bucket, key));
    } catch (StoreFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    caller.close();
  }
}
