package org.reelway.transfer.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.reelway.transfer.store.http.Header;

/** One call as it is built up, before it is signed. Used by one thread. */
final class S3Call {
  final String method;
  final String bucket;
  /** Null for calls on the bucket. */
  final String key;
  /** Encoded names and values, sorted as Signature V4 wants them. */
  private final TreeMap<String, String> query = new TreeMap<>();
  private final List<Header> headers = new ArrayList<>();
  private Body body;
  private Sent sent = Sent.NOBODY;
  private boolean largeAnswer;
  private Set<String> askedBy = Set.of();

  S3Call(String method, String bucket, String key) {
    this.method = method;
    this.bucket = bucket;
    this.key = key;
  }

  S3Call query(String name, String value) {
    query.put(PercentCode.encode(name, ""), PercentCode.encode(value, ""));
    return this;
  }

  S3Call header(String name, String value) {
    if (value != null) {
      headers.add(new Header(name, value));
    }
    return this;
  }

  S3Call body(Body content, Sent listener) {
    body = content;
    sent = listener;
    return this;
  }

  /** The answer is an object, and may take as long as it moves. */
  S3Call largeAnswer() {
    largeAnswer = true;
    return this;
  }

  /** The call makes an object. */
  S3Call attributes(ObjectAttributes attributes, Encryption encryption) {
    S3Attributes all = new S3Attributes(attributes, encryption);
    all.headers().forEach(this::header);
    askedBy = all.settings();
    return this;
  }

  /** The call reads an object, or adds to one. */
  S3Call using(Encryption encryption) {
    encryption.whenUsing().forEach(this::header);
    return this;
  }

  /** The settings (last words of their names) that a refusal may be about. */
  Set<String> askedBy() {
    return askedBy;
  }

  S3Call checksum(Checksum checksum) {
    return checksum == null ? this : header(checksumHeader(checksum.kind()), checksum.base64());
  }

  S3Call precondition(Precondition precondition) {
    if (precondition instanceof Precondition.Absent) {
      header("If-None-Match", "*");
    } else if (precondition instanceof Precondition.Matches matches) {
      header("If-Match", S3Answers.quoted(matches.etag()));
    }
    return this;
  }

  /** Its answers have no text: a 404 can only mean the bucket. */
  boolean isBucketHead() {
    return method.equals("HEAD") && key == null;
  }

  static String checksumHeader(ChecksumKind kind) {
    return switch (kind) {
      case CRC64NVME -> "x-amz-checksum-crc64nvme";
      case CRC32C -> "x-amz-checksum-crc32c";
      case MD5 -> "Content-MD5";
      case NONE -> throw new IllegalArgumentException("a checksum of no kind");
    };
  }

  List<Header> headers() {
    return headers;
  }

  Body body() {
    return body;
  }

  Sent sent() {
    return sent;
  }

  boolean isLargeAnswer() {
    return largeAnswer;
  }

  String canonicalQuery() {
    return query.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("&"));
  }

  /** As it is sent: a name without a value stands alone, the form that every store routes by. */
  String sentQuery() {
    return query.entrySet().stream().map(S3Call::parameter).collect(Collectors.joining("&"));
  }

  private static String parameter(Map.Entry<String, String> entry) {
    return entry.getValue().isEmpty() ? entry.getKey() : entry.getKey() + "=" + entry.getValue();
  }
}
