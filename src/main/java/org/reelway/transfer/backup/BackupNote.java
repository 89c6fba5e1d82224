package org.reelway.transfer.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.transfer.ObjectKey;

/**
 * All that is needed to bring a recording back, as it lies in the backup store: JSON, {@code version} 1. It is the truth
 * of what waits there; the state holds a copy of it.
 *
 * @param file absolute, as it was on the recording machine
 * @param path relative to its recordings folder
 * @param stream null where nobody told it
 * @param identity of the file that was verified
 * @param sha256 of the whole file, in hexadecimal
 * @param recovered metadata of a recording whose writer died; empty for any other
 * @param upload that was begun in the primary store and may be gone on with; null where none was
 */
record BackupNote(
    String id,
    Path file,
    String path,
    String stream,
    FileIdentity identity,
    String sha256,
    Instant since,
    Place place,
    Home home,
    Map<String, String> recovered,
    UploadState upload) {
  /** Larger than any that is written. */
  static final int LARGEST = 64 * 1024;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Where it is.
   *
   * @param store the backup store's address
   * @param etag without quotes
   * @param versionId null where the bucket keeps no versions
   */
  record Place(String store, String bucket, String key, String etag, String versionId, String evidence) {}

  /**
   * Where it belongs.
   *
   * @param store the primary store's address
   * @param key whole, where nobody else has it
   * @param name of that store; empty for the primary
   */
  record Home(
      String store, String bucket, String key, OnExisting onExisting, boolean stripRecorderVersion, String name) {}

  long size() {
    return identity.size();
  }

  byte[] json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", 1)
        .put("id", id)
        .put("file", file.toString())
        .put("path", path)
        .put("stream", stream)
        .put("bytes", size())
        .put("identity", identity.text())
        .put("sha256", sha256)
        .put("since", since.toString());
    json.putObject("is")
        .put("store", place.store())
        .put("bucket", place.bucket())
        .put("key", place.key())
        .put("etag", place.etag())
        .put("versionId", place.versionId())
        .put("evidence", place.evidence());
    json.putObject("belongs")
        .put("store", home.store())
        .put("bucket", home.bucket())
        .put("key", home.key())
        .put("onExisting", home.onExisting().name())
        .put("stripRecorderVersion", home.stripRecorderVersion())
        .put("name", home.name());
    ObjectNode metadata = json.putObject("recovered");
    recovered.forEach(metadata::put);
    if (upload != null) {
      json.putObject("upload")
          .put("bucket", upload.bucket())
          .put("key", upload.key())
          .put("uploadId", upload.uploadId())
          .put("partSize", upload.partSize())
          .put("threshold", upload.threshold())
          .put("checksum", upload.checksum())
          .put("store", upload.store());
    }
    return json.toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  /** Empty where the text is no note of this form, or names a key that no recording has. */
  static Optional<BackupNote> parse(byte[] text) {
    try {
      JsonNode json = JSON.readTree(text);
      JsonNode is = json.path("is");
      JsonNode belongs = json.path("belongs");
      Map<String, String> recovered = new LinkedHashMap<>();
      json.path("recovered").fields().forEachRemaining(entry -> recovered.put(entry.getKey(), entry.getValue().asText()));
      BackupNote note =
          new BackupNote(
              required(json, "id"),
              Path.of(required(json, "file")),
              required(json, "path"),
              json.path("stream").textValue(),
              FileIdentity.parse(required(json, "identity")).orElseThrow(IllegalArgumentException::new),
              required(json, "sha256"),
              Instant.parse(required(json, "since")),
              new Place(
                  required(is, "store"),
                  required(is, "bucket"),
                  required(is, "key"),
                  required(is, "etag"),
                  is.path("versionId").textValue(),
                  is.path("evidence").asText()),
              new Home(
                  required(belongs, "store"),
                  required(belongs, "bucket"),
                  required(belongs, "key"),
                  OnExisting.valueOf(required(belongs, "onExisting")),
                  belongs.path("stripRecorderVersion").asBoolean(),
                  belongs.path("name").asText("")),
              recovered,
              upload(json.path("upload")));
      return Optional.of(note).filter(BackupNote::isSound);
    } catch (java.io.IOException | IllegalArgumentException | DateTimeParseException notOurs) {
      return Optional.empty();
    }
  }

  /** Whoever may write to the bucket writes notes too. */
  private boolean isSound() {
    return id.matches("[0-9a-f]{20}")
        && identity.size() >= 0
        && ObjectKey.of("", home.key()).value().equals(home.key());
  }

  private static UploadState upload(JsonNode json) {
    if (!json.isObject()) {
      return null;
    }
    return new UploadState(
        required(json, "bucket"),
        required(json, "key"),
        required(json, "uploadId"),
        json.path("partSize").asLong(),
        json.path("threshold").asLong(),
        null,
        json.path("checksum").textValue(),
        true,
        json.path("store").asText(""));
  }

  private static String required(JsonNode json, String member) {
    String text = json.path(member).textValue();
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException(member);
    }
    return text;
  }
}
