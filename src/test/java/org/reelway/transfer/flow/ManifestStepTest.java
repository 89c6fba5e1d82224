package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.settings.TransferSettings.ManifestChoice;
import org.reelway.state.ManifestRecords;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.audit.ManifestFormat;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/** Manifests of real recordings in a real store, read back by the AWS SDK's client. */
class ManifestStepTest {
  private static final FfmpegPrograms PROGRAMS = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));
  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FlowFixture parts;
  private RecordingManifests manifests;
  private final List<String> puts = new ArrayList<>();
  private boolean manifestsAreRefused;
  private boolean manifestsAreLost;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void join() {
    parts = new FlowFixture(temp, server, Watching::new);
    manifests =
        new RecordingManifests(
            parts.store,
            new SmallObjects(
                parts.store, bucket -> new StoreCapabilities(ChecksumKind.CRC32C, true, true, true)),
            new ManifestFormat(Optional.empty()),
            () -> new MediaProbe(PROGRAMS),
            parts.history,
            new ManifestRecords(parts.database.jdbi(), parts.writer, parts.clock),
            new FirstBytes(parts.clock),
            parts.clock);
  }

  @AfterEach
  void part() {
    parts.close();
  }

  private final class Watching extends ForwardingStore {
    Watching(Store real) {
      super(real);
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
      puts.add(key);
      boolean manifest = key.endsWith(".manifest.json");
      if (manifest && manifestsAreRefused) {
        throw new StoreFailure(507, "QuotaExceeded", "full", null);
      }
      StoredObject answer = super.put(bucket, key, body, checksum, attributes, precondition, sent);
      if (manifest && manifestsAreLost) {
        super.delete(bucket, key);
      }
      return answer;
    }
  }

  private RecordingWork verified(Path file) {
    Recordings.mark(file);
    RecordingWork work = parts.inHand(parts.found(file));
    parts.flow.transfer(work, FlowFixture.target());
    return work;
  }

  /** Eight seconds, with nothing from the second to the fifth. */
  private Path withGap(String name) throws Exception {
    Path file = parts.recordings.folder().resolve(name);
    Process ffmpeg =
        new ProcessBuilder(
                PROGRAMS.ffmpeg().toString(), "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                "testsrc2=size=192x108:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-t", "8",
                "-vf", "select=not(between(t\\,2\\,5))", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast",
                "-bf", "0", "-c:a", "aac", file.toString())
            .inheritIO()
            .start();
    assertThat(ffmpeg.waitFor()).isZero();
    return file;
  }

  private JsonNode manifest(String key) throws Exception {
    return new ObjectMapper().readTree(server.bytes(key + ".manifest.json"));
  }

  @Test
  void aFullManifestTellsChecksumsTracksAndGaps() throws Exception {
    Path file = withGap("gap.mkv");
    RecordingWork work = verified(file);

    assertThat(manifests.write(work, ManifestChoice.FULL)).contains("gap.mkv.manifest.json");

    JsonNode json = manifest("gap.mkv");
    assertThat(json.path("reelwayManifest").asInt()).isEqualTo(1);
    assertThat(json.at("/recording/id").asText()).isEqualTo(work.id());
    assertThat(json.at("/recording/path").asText()).isEqualTo("gap.mkv");
    assertThat(json.at("/files/0/bytes").asLong()).isEqualTo(Files.size(file));
    assertThat(json.at("/files/0/places/0/key").asText()).isEqualTo("gap.mkv");
    String etag = server.client().headObject(head -> head.bucket(TestStore.BUCKET).key("gap.mkv")).eTag();
    assertThat(json.at("/files/0/places/0/etag").asText()).isEqualTo(etag.replace("\"", ""));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertThat(json.at("/files/0/checksums/sha256").asText()).isEqualTo(HexFormat.of().formatHex(sha256));
    assertThat("crc64nvme:" + json.at("/files/0/checksums/crc64nvme").asText())
        .isEqualTo(json.at("/files/0/evidence").asText());
    assertThat(json.at("/times/verified").asText()).isEqualTo(FlowFixture.START.toString());
    assertThat(json.at("/media/tracks/0/codec").asText()).isEqualTo("h264");
    assertThat(json.at("/media/tracks/0/width").asInt()).isEqualTo(192);
    assertThat(json.at("/media/tracks/1/sampleRate").asInt()).isEqualTo(44100);
    assertThat(json.at("/media/gaps/count").asInt()).as(json.toPrettyString()).isEqualTo(1);
    assertThat(json.at("/media/gaps/found/0/track").asInt()).isZero();
    assertThat(json.at("/media/gaps/found/0/seconds").asDouble()).isBetween(2.9, 3.2);
    assertThat(json.at("/media/gaps/packets/1").asInt()).isGreaterThan(300);
  }

  @Test
  void aManifestOfWhatIsNoMediaSaysSo() throws Exception {
    RecordingWork work = verified(parts.recordings.random("noise.mp4", 1000, 1));

    manifests.write(work, ManifestChoice.ON);

    assertThat(manifest("noise.mp4").at("/media/error").asText()).contains("cannot be read as media");
    assertThat(manifest("noise.mp4").at("/files/0/bytes").asInt()).isEqualTo(1000);
    assertThat(manifest("noise.mp4").at("/files/0/checksums").has("sha256")).as("not asked for").isFalse();
  }

  @Test
  void oneThatIsThereIsNotWrittenAgain() throws Exception {
    RecordingWork work = verified(parts.recordings.random("once.mp4", 1000, 2));
    manifests.write(work, ManifestChoice.ON);
    manifests.write(work, ManifestChoice.ON);

    assertThat(puts).containsExactly("once.mp4", "once.mp4.manifest.json");
  }

  @Test
  void anotherRecordingAtTheKeyGetsItsOwn() throws Exception {
    Path file = parts.recordings.random("again.mp4", 1000, 3);
    RecordingWork first = verified(file);
    manifests.write(first, ManifestChoice.ON);
    parts.flow.tidy(first, Tidy.KEEP, null);
    parts.recordings.random("again.mp4", 1001, 4);
    RecordingWork second = verified(file);

    manifests.write(second, ManifestChoice.ON);

    assertThat(manifest("again.mp4").at("/files/0/bytes").asInt()).isEqualTo(1001);
    assertThat(manifest("again.mp4").at("/recording/id").asText()).isEqualTo(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void aManifestThatTheStoreDoesNotHoldIsNoManifest() throws Exception {
    Path file = parts.recordings.random("held.mp4", 1000, 5);
    RecordingWork work = verified(file);
    manifestsAreRefused = true;
    assertThatThrownBy(() -> manifests.write(work, ManifestChoice.ON)).isInstanceOf(StoreFailure.class);
    manifestsAreRefused = false;
    manifestsAreLost = true;
    assertThatThrownBy(() -> manifests.write(work, ManifestChoice.ON)).hasMessageContaining("nothing is there");
    parts.flow.ended(work, new StoreFailure(503, "SlowDown", "later", null));

    assertThat(Recordings.isMarked(file)).isTrue();
    assertThat(work.isConcluded()).isTrue();
  }

  @Test
  void aFileThatIsGoneHasItsManifestWithoutMedia() throws Exception {
    Path file = parts.recordings.random("gone.mp4", 1000, 6);
    RecordingWork work = verified(file);
    Files.delete(file);

    manifests.write(work, ManifestChoice.FULL);

    assertThat(manifest("gone.mp4").at("/media/error").asText()).contains("tidied or replaced");
    assertThat(manifest("gone.mp4").at("/files/0/checksums").has("sha256")).isFalse();
  }

  @Test
  void aRouteThatAsksForItBeforeTheTransferIsTold() {
    RecordingWork work = parts.inHand(parts.marked("early.mp4"));

    assertThatThrownBy(() -> manifests.write(work, ManifestChoice.ON))
        .isInstanceOf(OurFailure.class)
        .hasMessageContaining("place kamelet:store-transfer before kamelet:recording-manifest");
  }
}
