package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.store.S3Caller.Answer;
import org.reelway.transfer.store.http.HttpPool;
import org.reelway.transfer.store.http.HttpSettings;

/**
 * Any store that speaks S3's REST interface: AWS S3, MinIO, Ceph and others. Sends no chunked bodies, no trailers and
 * no ACLs, which many stores refuse.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html">
 *     the calls</a>
 */
public final class S3Store implements Store {
  private static final Duration INTERIM = Duration.ofSeconds(1);

  private final StoreAddress address;
  private final S3Caller caller;

  public S3Store(StoreConnection connection) {
    this(connection, Clock.systemUTC());
  }

  S3Store(StoreConnection connection, Clock clock) {
    address =
        new StoreAddress(
            connection.endpoint(), connection.region(), connection.pathStyle(), connection.settings());
    SSLContext tls = connection.sslContext() == null ? defaultTls() : connection.sslContext();
    HttpSettings settings = new HttpSettings(connection.connectTimeout(), connection.idleTimeout(), INTERIM, tls);
    caller =
        new S3Caller(
            address, connection.credentials(), new Sigv4(connection.region()), new HttpPool(settings), clock);
  }

  private static SSLContext defaultTls() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new OurFailure("this Java's TLS cannot be set up: " + e.getMessage(), e);
    }
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
  public void headBucket(String bucket) {
    caller.call(new S3Call("HEAD", bucket, null));
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    S3Call call = new S3Call("HEAD", bucket, key).header("x-amz-checksum-mode", "ENABLED");
    try {
      return Optional.of(caller.call(call, (answer, body) -> S3Answers.object(answer, true)));
    } catch (StoreFailure e) {
      if (e.status() == 404 && !e.isCode("NoSuchBucket")) {
        return Optional.empty();
      }
      throw e;
    }
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
            .attributes(attributes)
            .checksum(checksum)
            .precondition(precondition)
            .body(body, sent);
    return read(call, caller.call(call), answer -> S3Answers.object(answer.http(), false));
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    S3Call call = new S3Call("POST", bucket, key).query("uploads", "").attributes(attributes);
    if (kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C) {
      call.header("x-amz-checksum-algorithm", kind.name()).header("x-amz-checksum-type", "FULL_OBJECT");
    }
    call.body(new Body.Bytes(new byte[0]), Sent.NOBODY);
    return read(
        call, caller.call(call), answer -> S3Answers.required(xml(call, answer).child("UploadId"), "UploadId"));
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    S3Call call =
        new S3Call("PUT", bucket, key)
            .query("partNumber", Integer.toString(number))
            .query("uploadId", uploadId)
            .checksum(checksum)
            .body(body, sent);
    return read(call, caller.call(call), answer -> S3Answers.uploaded(number, body.length(), answer.http()));
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    List<StoredPart> parts = new ArrayList<>();
    String marker = null;
    do {
      S3Call call = new S3Call("GET", bucket, key).query("uploadId", uploadId).query("max-parts", "1000");
      if (marker != null) {
        call.query("part-number-marker", marker);
      }
      String from = marker;
      marker = read(call, caller.call(call), answer -> addParts(xml(call, answer), parts, from));
    } while (marker != null);
    parts.sort(Comparator.comparingInt(StoredPart::number));
    return List.copyOf(parts);
  }

  /** @return the next page's marker; null after the last page */
  private static String addParts(XmlElement page, List<StoredPart> parts, String from) throws IOException {
    for (XmlElement part : page.children("Part")) {
      parts.add(S3Answers.part(part));
    }
    return nextPage(page, page.child("NextPartNumberMarker"), from);
  }

  /** A listing that does not move on would be read for ever. */
  private static String nextPage(XmlElement page, String next, String from) throws IOException {
    if (!"true".equals(page.child("IsTruncated"))) {
      return null;
    }
    if (next == null || next.isEmpty() || next.equals(from)) {
      throw new IOException("the listing says that there is more, but not from where on");
    }
    return next;
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
            .precondition(precondition);
    ChecksumKind kind = fullObject == null ? null : fullObject.kind();
    if (kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C) {
      call.checksum(fullObject).header("x-amz-checksum-type", "FULL_OBJECT");
    }
    call.body(new Body.Bytes(S3Xml.completeRequest(parts, kind)), Sent.NOBODY);
    return read(call, caller.call(call), answer -> S3Answers.completed(answer.http(), xml(call, answer)));
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    try {
      caller.call(new S3Call("DELETE", bucket, key).query("uploadId", uploadId));
    } catch (StoreFailure e) {
      if (!e.isNoSuchUpload()) {
        throw e;
      }
    }
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    List<UnfinishedUpload> uploads = new ArrayList<>();
    UploadsPage page = new UploadsPage(null, null);
    do {
      S3Call call =
          new S3Call("GET", bucket, null)
              .query("uploads", "")
              .query("encoding-type", "url")
              .query("max-uploads", "1000");
      if (!prefix.isEmpty()) {
        call.query("prefix", prefix);
      }
      page.ask(call);
      UploadsPage from = page;
      page = read(call, caller.call(call), answer -> addUploads(xml(call, answer), prefix, uploads, from));
    } while (page != null);
    return List.copyOf(uploads);
  }

  /** Where a page of unfinished uploads starts: after this upload of this key. */
  private record UploadsPage(String keyMarker, String idMarker) {
    void ask(S3Call call) {
      if (keyMarker != null) {
        call.query("key-marker", keyMarker);
      }
      if (idMarker != null && !idMarker.isEmpty()) {
        call.query("upload-id-marker", idMarker);
      }
    }
  }

  /** @return where the next page starts; null after the last page */
  private static UploadsPage addUploads(
      XmlElement page, String prefix, List<UnfinishedUpload> uploads, UploadsPage from) throws IOException {
    boolean encoded = "url".equals(page.child("EncodingType"));
    for (XmlElement element : page.children("Upload")) {
      UnfinishedUpload upload = S3Answers.upload(element, encoded);
      if (upload.key().startsWith(prefix)) {
        uploads.add(upload);
      }
    }
    String idMarker = page.child("NextUploadIdMarker");
    String place = page.child("NextKeyMarker");
    boolean sameUpload = idMarker == null || idMarker.isEmpty() || idMarker.equals(from.idMarker);
    String keyMarker = S3Answers.text(nextPage(page, place, null), encoded);
    if (keyMarker != null && keyMarker.equals(from.keyMarker) && sameUpload) {
      throw new IOException("the listing says that there is more, but not from where on");
    }
    return keyMarker == null ? null : new UploadsPage(keyMarker, idMarker);
  }

  @Override
  public void get(String bucket, String key, OutputStream to) {
    caller.call(
        new S3Call("GET", bucket, key),
        (answer, body) -> {
          copy(body, to);
          return null;
        });
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
      if (!e.isCode("NoSuchKey")) {
        throw e;
      }
    }
  }

  /** Reads a success; one that cannot be read leaves open whether the call took effect. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(Answer answer) throws IOException;
  }

  private <T> T read(S3Call call, Answer answer, Reading<T> reading) {
    try {
      return reading.of(answer);
    } catch (IOException e) {
      throw S3Failures.unreadable(call, address, e);
    }
  }

  /** The answer's document; an error in a success is a failure. */
  private XmlElement xml(S3Call call, Answer answer) throws IOException {
    XmlElement root = S3Xml.parse(answer.body());
    if (root.name().equals("Error")) {
      throw S3Failures.failure(call, address, answer.http(), root);
    }
    return root;
  }

  @Override
  public void close() {
    caller.close();
  }
}
