package org.reelway.transfer.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.TransferSettings;

/** A manifest as JSON; docs/audit.md describes the members. Read without trust: anybody may write to a bucket. */
public final class ManifestFormat {
  /** Of the members; one that a newer program changes incompatibly gets the next number. */
  static final int SCHEMA = 1;
  /** Larger than any manifest that is written. */
  static final int LARGEST = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Optional<ManifestSignature> signature;

  /** Signs, and believes only what is signed, where the settings have a secret. */
  public static ManifestFormat of(Settings settings) {
    return new ManifestFormat(
        Optional.ofNullable(settings.get(TransferSettings.MANIFEST_SECRET)).map(ManifestSignature::new));
  }

  /** @param signature empty to write unsigned ones, and to believe any */
  public ManifestFormat(Optional<ManifestSignature> signature) {
    this.signature = signature;
  }

  /** In their order; with a secret the signature is still to be put in by {@link #seal}. */
  Map<String, Object> members(Manifest manifest) {
    ObjectNode json = JSON.createObjectNode();
    json.put("reelwayManifest", SCHEMA).put("tool", manifest.tool());
    Manifest.Recording recording = manifest.recording();
    json.putObject("recording")
        .put("id", recording.id())
        .put("name", recording.name())
        .put("path", recording.path())
        .put("file", recording.file())
        .put("stream", recording.stream())
        .put("foundBy", recording.foundBy())
        .put("recovered", manifest.recovered());
    manifest.files().forEach(file -> json.withArray("files").add(file(file)));
    Manifest.Times times = manifest.times();
    json.putObject("times")
        .put("fileModified", text(times.fileModified()))
        .put("found", text(times.found()))
        .put("firstByte", text(times.firstByte()))
        .put("verified", text(times.verified()))
        .put("written", text(times.written()));
    json.set("media", manifest.media());
    signature.ifPresent(
        secret ->
            json.putObject("signature")
                .put("algorithm", ManifestSignature.ALGORITHM)
                .put("value", ManifestSignature.UNSIGNED));
    return JSON.convertValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** @param json of the members, in any layout */
  byte[] seal(String json) {
    String text = json + "\n";
    return signature.map(secret -> secret.sign(text)).orElse(text).getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode file(Manifest.StoredFile file) {
    ObjectNode json = JSON.createObjectNode().put("bytes", file.bytes()).put("evidence", file.evidence());
    ObjectNode checksums = json.putObject("checksums");
    file.checksums().forEach(checksums::put);
    for (Manifest.Place place : file.places()) {
      json.withArray("places")
          .addObject()
          .put("store", place.store())
          .put("bucket", place.bucket())
          .put("key", place.key())
          .put("etag", place.etag())
          .put("versionId", place.versionId());
    }
    return json;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  /** @throws InputFailure saying what is wrong with it: no manifest, of a newer program, or not signed with the secret */
  Manifest read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    JsonNode json = parse(text);
    int schema = json.path("reelwayManifest").asInt(0);
    if (schema != SCHEMA) {
      throw new InputFailure(
          schema > SCHEMA
              ? "it was written by a newer Reelway (schema " + schema + ", this one knows " + SCHEMA + ")"
              : "it is no manifest of Reelway's");
    }
    signature.ifPresent(secret -> requireSigned(secret, text, json));
    try {
      return manifest(json);
    } catch (DateTimeException e) {
      throw new InputFailure("it holds a time that is none: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputFailure("it is not whole JSON", e);
    }
  }

  private static void requireSigned(ManifestSignature secret, String text, JsonNode json) {
    String value = json.at("/signature/value").asText("");
    if (value.isEmpty()) {
      throw new InputFailure("it is not signed, and reelway.transfer.manifest-secret is set");
    }
    if (!secret.isValid(text, value)) {
      throw new InputFailure("its signature is not of reelway.transfer.manifest-secret: it was altered, or signed with"
          + " another secret");
    }
  }

  private static Manifest manifest(JsonNode json) {
    JsonNode recording = json.path("recording");
    List<Manifest.StoredFile> files = new ArrayList<>();
    json.path("files").forEach(file -> files.add(storedFile(file)));
    if (files.isEmpty() || files.stream().anyMatch(file -> file.places().isEmpty())) {
      throw new InputFailure("it names no object");
    }
    JsonNode times = json.path("times");
    return new Manifest(
        new Manifest.Recording(
            string(recording, "id"),
            string(recording, "name"),
            string(recording, "path"),
            string(recording, "file"),
            string(recording, "stream"),
            string(recording, "foundBy")),
        List.copyOf(files),
        new Manifest.Times(
            time(times, "fileModified"),
            time(times, "found"),
            time(times, "firstByte"),
            time(times, "verified"),
            time(times, "written")),
        json.path("media"),
        recording.path("recovered").asBoolean(false),
        string(json, "tool"));
  }

  private static Manifest.StoredFile storedFile(JsonNode json) {
    Map<String, String> checksums = new TreeMap<>();
    json.path("checksums").fields().forEachRemaining(entry -> checksums.put(entry.getKey(), entry.getValue().asText()));
    List<Manifest.Place> places = new ArrayList<>();
    for (JsonNode place : json.path("places")) {
      places.add(
          new Manifest.Place(
              string(place, "store"), string(place, "bucket"), string(place, "key"), string(place, "etag"),
              string(place, "versionId")));
    }
    return new Manifest.StoredFile(
        json.path("bytes").asLong(-1), checksums, string(json, "evidence"), List.copyOf(places));
  }

  private static String string(JsonNode json, String member) {
    return json.path(member).isTextual() ? json.path(member).textValue() : null;
  }

  private static Instant time(JsonNode json, String member) {
    String text = string(json, member);
    return text == null ? null : Instant.parse(text);
  }
}
