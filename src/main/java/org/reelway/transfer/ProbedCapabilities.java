package org.reelway.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.transfer.store.ChecksumKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers what was probed of each bucket, also over restarts, and probes again after a week. */
public final class ProbedCapabilities implements Capabilities {
  private static final Logger LOG = LoggerFactory.getLogger(ProbedCapabilities.class);
  private static final Duration LASTS = Duration.ofDays(7);
  /** What a probe cannot find out must not make one of each recording. */
  private static final Duration BETWEEN_DOUBTS = Duration.ofMinutes(1);
  /** Of the file that remembers, in bytes. */
  private static final int LARGEST = 1024 * 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Function<String, StoreProbe> probes;
  private final String storeAddress;
  private final String wanted;
  private final Path file;
  private final Clock clock;
  private final Map<String, StoreCapabilities> known = new HashMap<>();
  private final Map<String, Instant> doubted = new HashMap<>();

  /**
   * @param probes makes a probe of a bucket
   * @param wanted the operator's choices that the probe tries; with others, what was found before does not count
   * @param file where it is remembered
   */
  public ProbedCapabilities(
      Function<String, StoreProbe> probes, String storeAddress, String wanted, Path file, Clock clock) {
    this.probes = probes;
    this.storeAddress = storeAddress;
    this.wanted = wanted;
    this.file = file;
    this.clock = clock;
  }

  /** @throws DestinationFailure when the store is away or does not do what a transfer needs */
  @Override
  public synchronized StoreCapabilities apply(String bucket) {
    StoreCapabilities remembered = known.get(bucket);
    if (remembered == null) {
      remembered = read(bucket).orElseGet(() -> take(probes.apply(bucket).run()));
      known.put(bucket, remembered);
    }
    return remembered;
  }

  @Override
  public synchronized void doubt(String bucket, String why) {
    Instant before = doubted.put(bucket, clock.instant());
    if (before != null && before.plus(BETWEEN_DOUBTS).isAfter(clock.instant())) {
      doubted.put(bucket, before);
      return;
    }
    LOG.warn("store {} bucket {} is probed again: {}", storeAddress, bucket, why);
    known.remove(bucket);
    ObjectNode all = readAll();
    all.remove(name(bucket));
    keep(all);
  }

  /** Remembers a probe's result. */
  public synchronized StoreCapabilities take(ProbeReport report) {
    if (!report.works()) {
      String what =
          report.steps().stream()
              .filter(step -> step.outcome() == ProbeReport.Outcome.FAILED)
              .map(step -> step.what() + ": " + step.found())
              .findFirst()
              .orElse("the probe failed");
      throw new DestinationFailure("the store does not take recordings yet: " + what);
    }
    known.put(report.bucket(), report.capabilities());
    write(report.bucket(), report.capabilities());
    LOG.info("store {} bucket {}: {}", report.address(), report.bucket(), inWords(report.capabilities()));
    return report.capabilities();
  }

  private static String inWords(StoreCapabilities found) {
    return "checksum " + found.checksum().name().toLowerCase(java.util.Locale.ROOT) + ", of parts " + found.upload().text()
        + (found.completeIfAbsent() && found.putIfAbsent() ? ", conditional writes" : ", no conditional writes");
  }

  private String name(String bucket) {
    return storeAddress + "/" + bucket + " " + wanted;
  }

  private Optional<StoreCapabilities> read(String bucket) {
    JsonNode entry = readAll().path(name(bucket));
    try {
      Instant at = Instant.ofEpochMilli(entry.path("at").asLong(0));
      if (at.plus(LASTS).isBefore(clock.instant())) {
        return Optional.empty();
      }
      return Optional.of(
          new StoreCapabilities(
              ChecksumKind.valueOf(entry.path("checksum").asText()),
              entry.path("putChecked").asBoolean(),
              entry.path("md5Etags").asBoolean(),
              new UploadChecksums(
                  ChecksumKind.valueOf(entry.path("part").asText()),
                  entry.path("declared").asBoolean(),
                  entry.path("whole").asBoolean()),
              entry.path("md5PartEtags").asBoolean(),
              entry.path("putIfAbsent").asBoolean(),
              entry.path("completeIfAbsent").asBoolean(),
              entry.path("putIfMatch").asBoolean(),
              entry.path("completeIfMatch").asBoolean(),
              entry.path("listParts").asBoolean(true)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private ObjectNode readAll() {
    try {
      return Files.exists(file) && JSON.readTree(DurableFiles.read(file, LARGEST)) instanceof ObjectNode all
          ? all
          : JSON.createObjectNode();
    } catch (IOException unreadable) {
      return JSON.createObjectNode();
    }
  }

  private void write(String bucket, StoreCapabilities found) {
    ObjectNode all = readAll();
    all.putObject(name(bucket))
        .put("at", clock.millis())
        .put("checksum", found.checksum().name())
        .put("putChecked", found.putChecked())
        .put("md5Etags", found.md5Etags())
        .put("part", found.upload().part().name())
        .put("declared", found.upload().declared())
        .put("whole", found.upload().whole())
        .put("md5PartEtags", found.md5PartEtags())
        .put("putIfAbsent", found.putIfAbsent())
        .put("completeIfAbsent", found.completeIfAbsent())
        .put("putIfMatch", found.putIfMatch())
        .put("completeIfMatch", found.completeIfMatch())
        .put("listParts", found.listParts());
    keep(all);
  }

  private void keep(ObjectNode all) {
    try {
      DurableFiles.write(file.toAbsolutePath(), all.toPrettyString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("what was found of the store cannot be kept in {}: {}; it is probed again at each start", file, e.toString());
    }
  }
}
