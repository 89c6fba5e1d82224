package org.reelway.transfer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** The calls that answer in pages of a thousand. A listing that does not move on would be read for ever: it fails. */
final class S3Listings {
  private static final String PAGE = "1000";
  private static final String STUCK = "the listing says that there is more, but not from where on";

  private final S3Reader reader;
  private final Encryption encryption;

  S3Listings(S3Reader reader, Encryption encryption) {
    this.reader = reader;
    this.encryption = encryption;
  }

  /** What a page of objects leads to: the next one's token, null after the last; and its own first key. */
  private record ObjectsPage(String token, String firstKey) {}

  /** ListObjectsV2, one page in memory at a time. */
  void objects(String bucket, String prefix, Consumer<ListedObject> each) {
    ObjectsPage page = new ObjectsPage(null, null);
    do {
      S3Call call =
          new S3Call("GET", bucket, null)
              .query("list-type", "2")
              .query("encoding-type", "url")
              .query("max-keys", PAGE);
      if (!prefix.isEmpty()) {
        call.query("prefix", prefix);
      }
      if (page.token != null) {
        call.query("continuation-token", page.token);
      }
      ObjectsPage from = page;
      List<ListedObject> objects = new ArrayList<>();
      page = reader.askXml(call, (root, answer) -> addObjects(root, objects, from));
      objects.stream().filter(object -> object.key().startsWith(prefix)).forEach(each);
    } while (page.token != null);
  }

  private static ObjectsPage addObjects(XmlElement page, List<ListedObject> objects, ObjectsPage from)
      throws IOException {
    if (!page.name().equals("ListBucketResult")) {
      throw new IOException("it is a " + page.name() + ", not a ListBucketResult");
    }
    boolean encoded = "url".equals(page.child("EncodingType"));
    for (XmlElement object : page.children("Contents")) {
      objects.add(S3Answers.listed(object, encoded));
    }
    String next = nextPage(page, page.child("NextContinuationToken"), from.token);
    String firstKey = objects.isEmpty() ? null : objects.get(0).key();
    if (firstKey != null && firstKey.equals(from.firstKey)) {
      throw new IOException("two pages of the listing begin with the same key");
    }
    return new ObjectsPage(next, firstKey);
  }

  /** All parts, by number. */
  List<StoredPart> parts(String bucket, String key, String uploadId) {
    List<StoredPart> parts = new ArrayList<>();
    String marker = null;
    do {
      S3Call call = new S3Call("GET", bucket, key).query("uploadId", uploadId).query("max-parts", PAGE).using(encryption);
      if (marker != null) {
        call.query("part-number-marker", marker);
      }
      String from = marker;
      marker = reader.askXml(call, (root, answer) -> addParts(root, parts, from));
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

  /** All unfinished uploads whose key starts with the prefix. */
  List<UnfinishedUpload> uploads(String bucket, String prefix) {
    List<UnfinishedUpload> uploads = new ArrayList<>();
    UploadsPage page = new UploadsPage(null, null);
    do {
      S3Call call =
          new S3Call("GET", bucket, null)
              .query("uploads", "")
              .query("encoding-type", "url")
              .query("max-uploads", PAGE);
      if (!prefix.isEmpty()) {
        call.query("prefix", prefix);
      }
      page.ask(call);
      UploadsPage from = page;
      page = reader.askXml(call, (root, answer) -> addUploads(root, prefix, uploads, from));
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
      throw new IOException(STUCK);
    }
    return keyMarker == null ? null : new UploadsPage(keyMarker, idMarker);
  }

  private static String nextPage(XmlElement page, String next, String from) throws IOException {
    if (!"true".equals(page.child("IsTruncated"))) {
      return null;
    }
    if (next == null || next.isEmpty() || next.equals(from)) {
      throw new IOException(STUCK);
    }
    return next;
  }
}
