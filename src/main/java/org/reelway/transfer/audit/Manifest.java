package org.reelway.transfer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known of a verified recording, as the object beside it tells. docs/audit.md describes the JSON.
 *
 * @param files the recording's object; more than one where copies in other forms belong to it
 * @param media what ffprobe says of the local file, or why it says nothing
 * @param recovered whether its writer died: it is what was left, or was put together again from that
 * @param tool the version of Reelway that wrote it
 */
public record Manifest(
    Recording recording, List<StoredFile> files, Times times, JsonNode media, boolean recovered, String tool) {

  /**
   * @param path relative to the recording folder
   * @param file absolute, as it was on the recording machine
   * @param stream null where nobody told it
   * @param foundBy marker, hook or settled; null where the state was lost
   */
  public record Recording(String id, String name, String path, String file, String stream, String foundBy) {}

  /**
   * @param checksums by word ({@code crc32c}, {@code crc64nvme}, {@code md5}: base64; {@code sha256}: hex), of the whole
   *     file; only what is known
   * @param evidence what the verification compared
   * @param places where the object is
   */
  public record StoredFile(long bytes, Map<String, String> checksums, String evidence, List<Place> places) {}

  /**
   * @param store the store's address
   * @param etag without quotes
   * @param versionId null where the bucket keeps no versions
   */
  public record Place(String store, String bucket, String key, String etag, String versionId) {}

  /**
   * @param found null where the state was lost
   * @param firstByte of the transfer; null where it began before the last start of the program
   */
  public record Times(Instant fileModified, Instant found, Instant firstByte, Instant verified, Instant written) {}
}
