package org.reelway.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.ForeignJson;
import org.reelway.recording.MarkerContent.Replaced;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;

/**
 * The text of a marker. Empty means start; otherwise one JSON object with the members that the Wowza S3 upload module
 * writes (the AWS SDK v1's {@code PersistableUpload}: {@code pauseType, bucketName, key, file, multipartUploadId,
 * partSize, mutlipartUploadThreshold}, misspelt there), so that either program can go on where the other was, and a
 * member {@code reelway} with what resuming safely needs beyond that.
 */
public final class MarkerFormat {
  /** Larger than any marker that either program writes. */
  public static final int LARGEST = 64 * 1024;

  private static final String THRESHOLD = "mutlipartUploadThreshold";
  private static final String STORE = "store";
  private static final JsonMapper JSON =
      ForeignJson.reader().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private MarkerFormat() {}

  public static MarkerContent parse(byte[] bytes) {
    if (bytes.length > LARGEST) {
      return new Unusable("is " + bytes.length + " bytes long, markers have at most " + LARGEST);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    // NUL bytes, which a power failure can leave of a file, are not blank: such a marker is torn, and said to be.
    if (text.isBlank()) {
      return Start.EMPTY;
    }
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return new Unusable("is not whole JSON (torn while it was written, or not a marker)");
    }
    return json.isObject() ? parseObject(json) : new Unusable("holds JSON that is not an object");
  }

  private static MarkerContent parseObject(JsonNode json) {
    JsonNode own = json.path("reelway");
    String stream = text(own, "stream").orElse(null);
    String state = text(own, "state").orElse("");
    if (state.equals("verified")) {
      return verified(json, own, stream);
    }
    if (json.hasNonNull("multipartUploadId")) {
      return resume(json, own, stream);
    }
    if (state.equals("marked")) {
      return new Start(stream);
    }
    if (state.equals("replaced")) {
      return new Replaced(stream);
    }
    return new Unusable("holds JSON of neither Reelway nor the Wowza module (no multipartUploadId)");
  }

  private static MarkerContent resume(JsonNode json, JsonNode own, String stream) {
    Optional<String> bucket = text(json, "bucketName");
    Optional<String> key = text(json, "key");
    Optional<String> uploadId = text(json, "multipartUploadId");
    long partSize = json.path("partSize").asLong(0);
    if (bucket.isEmpty() || key.isEmpty() || uploadId.isEmpty() || partSize <= 0) {
      return new Unusable("names an upload without bucketName, key, multipartUploadId or partSize");
    }
    return new Resume(
        new UploadState(
            bucket.get(),
            key.get(),
            uploadId.get(),
            partSize,
            json.path(THRESHOLD).asLong(0),
            text(own, "identity").flatMap(FileIdentity::parse).orElse(null),
            text(own, "checksum").orElse(null),
            own.isObject(),
            text(own, STORE).orElse("")),
        stream);
  }

  private static MarkerContent verified(JsonNode json, JsonNode own, String stream) {
    Optional<FileIdentity> identity = text(own, "identity").flatMap(FileIdentity::parse);
    Optional<String> bucket = text(json, "bucketName");
    Optional<String> key = text(json, "key");
    if (identity.isEmpty() || bucket.isEmpty() || key.isEmpty()) {
      return new Unusable("says verified without bucketName, key or identity");
    }
    return new Verified(
        new VerifiedState(
            bucket.get(),
            key.get(),
            identity.get(),
            text(own, "etag").orElse(null),
            text(own, "versionId").orElse(null),
            text(own, "evidence").orElse(""),
            text(own, STORE).orElse("")),
        stream);
  }

  private static Optional<String> text(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return value.isTextual() && !value.textValue().isEmpty() ? Optional.of(value.textValue()) : Optional.empty();
  }

  /** @param recording absolute path, written as the member {@code file}; never read back */
  public static byte[] write(MarkerContent content, Path recording) {
    if (content instanceof Start start) {
      return start.stream() == null ? new byte[0] : bytes(own("marked", start.stream()));
    }
    if (content instanceof Replaced replaced) {
      return bytes(own("replaced", replaced.stream()));
    }
    if (content instanceof Resume resume) {
      return bytes(uploadJson(resume.upload(), resume.stream(), recording));
    }
    if (content instanceof Verified verified) {
      return bytes(verifiedJson(verified.verified(), verified.stream(), recording));
    }
    throw new IllegalArgumentException("an unusable marker is never written");
  }

  private static ObjectNode own(String state, String stream) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode own = json.putObject("reelway").put("version", 1).put("state", state);
    if (stream != null) {
      own.put("stream", stream);
    }
    return json;
  }

  private static ObjectNode uploadJson(UploadState upload, String stream, Path recording) {
    ObjectNode json = JSON.createObjectNode();
    json.put("pauseType", "upload")
        .put("bucketName", upload.bucket())
        .put("key", upload.key())
        .put("file", recording.toAbsolutePath().toString())
        .put("multipartUploadId", upload.uploadId())
        .put("partSize", upload.partSize())
        .put(THRESHOLD, upload.threshold());
    if (upload.ours()) {
      ObjectNode own = (ObjectNode) own("uploading", stream).get("reelway");
      if (upload.file() != null) {
        own.put("identity", upload.file().text());
      }
      if (upload.checksum() != null) {
        own.put("checksum", upload.checksum());
      }
      putStore(own, upload.store());
      json.set("reelway", own);
    }
    return json;
  }

  private static ObjectNode verifiedJson(VerifiedState verified, String stream, Path recording) {
    ObjectNode json = JSON.createObjectNode();
    json.put("pauseType", "upload")
        .put("bucketName", verified.bucket())
        .put("key", verified.key())
        .put("file", recording.toAbsolutePath().toString());
    ObjectNode own = (ObjectNode) own("verified", stream).get("reelway");
    own.put("identity", verified.file().text()).put("evidence", verified.evidence());
    if (verified.etag() != null) {
      own.put("etag", verified.etag());
    }
    if (verified.versionId() != null) {
      own.put("versionId", verified.versionId());
    }
    putStore(own, verified.store());
    json.set("reelway", own);
    return json;
  }

  /** A marker of the primary store is as it was before there were others. */
  private static void putStore(ObjectNode own, String store) {
    if (!store.isEmpty()) {
      own.put(STORE, store);
    }
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
