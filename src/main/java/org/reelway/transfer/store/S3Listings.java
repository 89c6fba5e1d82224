package org.reelway.transfer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Listings, one page in memory at a time. Not by the SDK's paginators: a store that says that there is more and does not
 * move on would be asked for ever.
 */
final class S3Listings {
  private static final int PAGE = 1000;

  private final S3Client s3;
  private final S3Calls calls;
  private final Encryption encryption;

  S3Listings(S3Client s3, S3Calls calls, Encryption encryption) {
    this.s3 = s3;
    this.calls = calls;
    this.encryption = encryption;
  }

  /** Takes a page, which began at a mark, and tells the next one's; null after the last page. */
  @FunctionalInterface
  private interface Page<A, M> {
    M next(A page, M from) throws IOException;
  }

  private <A, M> void pages(S3Call call, Function<M, A> asking, Page<A, M> taking) {
    M from = null;
    do {
      M at = from;
      from = calls.ask(call, () -> asking.apply(at), page -> taking.next(page, at));
    } while (from != null);
  }

  /** A listing that does not move on would be read for ever. */
  private static <M> M next(Boolean truncated, M next, M from) throws IOException {
    if (!Boolean.TRUE.equals(truncated)) {
      return null;
    }
    if (next == null || next.toString().isEmpty() || next.equals(from)) {
      throw new IOException("the listing says that there is more, but not from where on");
    }
    return next;
  }

  private static void require(boolean is, String document) throws IOException {
    if (!is) {
      throw new IOException("it is no " + document);
    }
  }

  void objects(String bucket, String prefix, Consumer<ListedObject> each) {
    String[] firstKey = {null};
    pages(
        new S3Call("GET", bucket, null),
        (String from) -> s3.listObjectsV2(list -> list
            .bucket(bucket)
            .prefix(prefix.isEmpty() ? null : prefix)
            .encodingType(EncodingType.URL)
            .maxKeys(PAGE)
            .continuationToken(from)),
        (page, from) -> {
          require(page.isTruncated() != null || page.name() != null, "ListBucketResult");
          List<ListedObject> objects = new ArrayList<>();
          for (S3Object object : page.contents()) {
            objects.add(S3Answers.listed(object));
          }
          String next = next(page.isTruncated(), page.nextContinuationToken(), from);
          String first = objects.isEmpty() ? null : objects.get(0).key();
          if (first != null && first.equals(firstKey[0])) {
            throw new IOException("two pages of the listing begin with the same key");
          }
          firstKey[0] = first;
          objects.stream().filter(object -> object.key().startsWith(prefix)).forEach(each);
          return next;
        });
  }

  List<StoredPart> parts(String bucket, String key, String uploadId) {
    List<StoredPart> parts = new ArrayList<>();
    pages(
        new S3Call("GET", bucket, key),
        (Integer from) -> s3.listParts(list -> list
            .bucket(bucket)
            .key(key)
            .uploadId(uploadId)
            .maxParts(PAGE)
            .partNumberMarker(from)
            .overrideConfiguration(S3Store.with(encryption.whenUsing()))),
        (page, from) -> {
          require(page.isTruncated() != null || page.uploadId() != null, "ListPartsResult");
          for (Part part : page.parts()) {
            parts.add(S3Answers.part(part));
          }
          return next(page.isTruncated(), page.nextPartNumberMarker(), from);
        });
    parts.sort(Comparator.comparingInt(StoredPart::number));
    return List.copyOf(parts);
  }

  /** A page of unfinished uploads begins after this upload of this key. */
  private record After(String key, String id) {
    /** Empty where the page names none. */
    @Override
    public String toString() {
      return Objects.toString(key, "");
    }
  }

  List<UnfinishedUpload> unfinished(String bucket, String prefix) {
    List<UnfinishedUpload> uploads = new ArrayList<>();
    pages(
        new S3Call("GET", bucket, null),
        (After from) -> s3.listMultipartUploads(list -> list
            .bucket(bucket)
            .prefix(prefix.isEmpty() ? null : prefix)
            .encodingType(EncodingType.URL)
            .maxUploads(PAGE)
            .keyMarker(from == null ? null : from.key())
            .uploadIdMarker(from == null ? null : from.id())),
        (page, from) -> {
          require(page.isTruncated() != null || page.bucket() != null, "ListMultipartUploadsResult");
          for (MultipartUpload one : page.uploads()) {
            UnfinishedUpload upload = S3Answers.upload(one);
            if (upload.key().startsWith(prefix)) {
              uploads.add(upload);
            }
          }
          String id = Objects.toString(page.nextUploadIdMarker(), "");
          boolean sameKey = from != null && from.key().equals(page.nextKeyMarker());
          // One without an id, at the key where it began, does not move on either.
          After after = sameKey && id.isEmpty() ? from : new After(page.nextKeyMarker(), id.isEmpty() ? null : id);
          return next(page.isTruncated(), after, from);
        });
    return List.copyOf(uploads);
  }
}
