package org.reelway.transfer.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One request to a store, with whatever headers a probe wants to see answered; signed, and with the encryption of the
 * store's settings, like any other.
 *
 * @param key null for the bucket
 * @param query names and values, not encoded; an empty value for a name that stands alone
 * @param headers beside those that every request has
 * @param body null for none
 * @param clockOff by how much the time that it is signed with is wrong
 */
public record Question(
    String method,
    String key,
    Map<String, String> query,
    Map<String, String> headers,
    Body.Bytes body,
    Duration clockOff) {

  /**
   * A part as the document of a completion names it.
   *
   * @param checksumElement such as {@code ChecksumSHA256}; null to name no checksum
   */
  public record Part(int number, String etag, String checksumElement, String checksum) {}

  public static Question of(String method, String key) {
    return new Question(method, key, Map.of(), Map.of(), null, Duration.ZERO);
  }

  /** CompleteMultipartUpload, with the parts in the order given. */
  public static Question complete(String key, String uploadId, Part... parts) {
    return of("POST", key)
        .query("uploadId", uploadId)
        .header("Content-Type", "application/xml")
        .body(S3Xml.completeRequest(List.copyOf(Arrays.asList(parts))));
  }

  public Question query(String name, String value) {
    return new Question(method, key, with(query, name, value), headers, body, clockOff);
  }

  public Question header(String name, String value) {
    return new Question(method, key, query, with(headers, name, value), body, clockOff);
  }

  public Question body(byte[] content) {
    return new Question(method, key, query, headers, new Body.Bytes(content), clockOff);
  }

  public Question clockOff(Duration off) {
    return new Question(method, key, query, headers, body, off);
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    Map<String, String> more = new TreeMap<>(some);
    more.put(name, value);
    return more;
  }
}
