package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.KeyTemplate;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;
import org.reelway.transfer.store.Acl;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.StoreCredentials;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.ShownEncryption;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoreTerms;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/** What the store was told of each object, and what becomes of recordings when it does otherwise. */
class ObjectsAsAskedTest {
  private static final int PART = 5 * Recordings.MIB;
  private static final Encryption KMS = new Encryption.Kms("aws:kms", null, null, Map.of());
  private static final ShownEncryption BY_KMS = new ShownEncryption("aws:kms", "arn:aws:kms:x:1:key/k", null, null);

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private Recordings recordings;
  private RecordingFolder folder;
  private Markers markers;
  private StoreCapabilities capabilities = new StoreCapabilities(ChecksumKind.CRC32C, true, true, true);
  private final List<String> doubted = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    recordings = new Recordings(Files.createDirectories(temp.resolve("recordings")).toRealPath());
    folder = RecordingFolder.of(recordings.folder(), temp.resolve("state/markers"));
    markers = new Markers(temp.resolve("state/set-aside"), Clock.systemUTC());
  }

  /** The embedded store refuses to encrypt: 501. */
  private static S3Store store(Encryption encryption) {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null),
        new StoreTerms(encryption, null, false, true));
  }

  /** As a store that ignores what it is told of encryption. */
  private static class Ignoring extends ForwardingStore {
    private final Encryption told;

    Ignoring(Encryption told) {
      super(store(Encryption.NONE));
      this.told = told;
    }

    @Override
    public Encryption encryption() {
      return told;
    }
  }

  /** As a store that encrypts with KMS shows its objects: nobody can know their MD5 from the ETags. */
  private static final class Encrypting extends Ignoring {
    private int failParts;
    private int partsSent;

    Encrypting() {
      super(KMS);
    }

    private static String opaque(String etag) {
      return new StringBuilder(etag.substring(0, 32)).reverse() + etag.substring(32);
    }

    @Override
    public Optional<StoredObject> head(String bucket, String key) {
      return real.head(bucket, key).map(found ->
          new StoredObject(
              found.size(), opaque(found.etag()), null, Map.of(), found.metadata(), BY_KMS, null, 0));
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
      return opaque(real.put(bucket, key, body, checksum, attributes, precondition, sent));
    }

    private static StoredObject opaque(StoredObject found) {
      return new StoredObject(found.size(), opaque(found.etag()), null, Map.of(), Map.of());
    }

    @Override
    public StoredPart uploadPart(
        String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
      if (number == 3 && failParts-- > 0) {
        throw new StoreFailure(403, "AccessDenied", "not this one", null);
      }
      partsSent++;
      return opaque(real.uploadPart(bucket, key, uploadId, number, body, checksum, sent));
    }

    private static StoredPart opaque(StoredPart part) {
      return new StoredPart(part.number(), part.size(), opaque(part.etag()), part.checksums());
    }

    @Override
    public List<StoredPart> listParts(String bucket, String key, String uploadId) {
      return real.listParts(bucket, key, uploadId).stream().map(Encrypting::opaque).toList();
    }

    @Override
    public StoredObject completeMultipart(
        String bucket,
        String key,
        String uploadId,
        List<StoredPart> parts,
        Checksum full,
        Precondition precondition) {
      List<StoredPart> as = parts.stream()
          .map(part -> new StoredPart(part.number(), part.size(), opaque(part.etag()), part.checksums()))
          .toList();
      return opaque(real.completeMultipart(bucket, key, uploadId, as, full, precondition));
    }
  }

  private Transfers transfers(Store through, long largest, RecordingAttributes attributes) {
    Backoff fast = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2));
    Capabilities known = new Capabilities() {
      @Override
      public StoreCapabilities apply(String bucket) {
        return capabilities;
      }

      @Override
      public void doubt(String bucket, String why) {
        doubted.add(bucket);
      }
    };
    return new Transfers(
        through,
        markers,
        known,
        (bucket, key, uploadId, why) -> through.abortMultipart(bucket, key, uploadId),
        new TransferObserver() {},
        new Transfers.Limits(PART, PART, 2, 2, fast, largest),
        attributes,
        Clock.systemUTC(),
        new StoreDirectory());
  }

  private VerifiedObject transfer(Store through, Path file, RecordingAttributes attributes) {
    MarkedRecording recording = markers.mark(folder, file, "studio/cam 1");
    try (Transfers transfers = transfers(through, TransferPlan.LARGEST_OBJECT, attributes)) {
      return transfers.transfer(recording, new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC32C", "MD5", "NONE"})
  void anEtagThatIsNoMd5IsNotTakenForOneAndTheEvidenceSaysWhatThereIs(ChecksumKind kind) {
    capabilities = new StoreCapabilities(kind, true, true, true);
    String word = kind == ChecksumKind.NONE ? "size" : kind.name().toLowerCase(java.util.Locale.ROOT) + " of every request";
    try (Encrypting store = new Encrypting()) {
      assertThat(transfer(store, recordings.random(kind + "-small.mp4", 1000, 1), RecordingAttributes.NONE).evidence())
          .isEqualTo(word);
      assertThat(transfer(store, recordings.random(kind + "-big.mp4", PART + 7, 2), RecordingAttributes.NONE).evidence())
          .isEqualTo(word);
    }
    assertThat(doubted).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC32C", "MD5"})
  void anUploadWhoseEtagsAreOpaqueGoesOnWithThePartsThatTheStoreHas(ChecksumKind kind) {
    capabilities = new StoreCapabilities(kind, true, true, true);
    Path file = recordings.random(kind + "-resumed.mp4", 3 * PART, 3);
    try (Encrypting store = new Encrypting()) {
      store.failParts = 1;
      assertThatThrownBy(() -> transfer(store, file, RecordingAttributes.NONE)).hasMessage("not this one");
      int before = store.partsSent;
      MarkedRecording again =
          new FolderScan(folder, Set.of()).look().marked().get(0);
      try (Transfers transfers = transfers(store, TransferPlan.LARGEST_OBJECT, RecordingAttributes.NONE)) {
        transfers.transfer(again, new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE));
      }
      assertThat(before).isEqualTo(2);
      assertThat(store.partsSent).isEqualTo(3);
    }
    assertThat(server.bytes(kind + "-resumed.mp4")).isEqualTo(Recordings.bytes(file));
  }

  @Test
  void aStoreThatIgnoresTheEncryptionGetsNoVerifiedObjectAndIsProbedAgain() {
    Path small = recordings.random("ignored.mp4", 1000, 4);
    Path large = recordings.random("ignored-too.mp4", PART + 1, 5);
    for (Path file : List.of(small, large)) {
      try (Store store = new Ignoring(KMS)) {
        assertThat(catchThrowableOfType(
                DestinationFailure.class, () -> transfer(store, file, RecordingAttributes.NONE)))
            .hasMessage(
                server.endpoint() + "/recordings/" + file.getFileName() + " is in the store, but not encrypted as"
                    + " reelway.store.encryption says: asked for aws:kms, the store shows none; the file is untouched."
                    + " Correct the setting or the store, and delete the object if it must not be readable there");
      }
      assertThat(Recordings.isMarked(file)).isTrue();
    }
    assertThat(doubted).containsExactly(TestStore.BUCKET, TestStore.BUCKET);
  }

  @Test
  void anObjectThatIsThereWithoutTheEncryptionIsReplaced() {
    Path file = recordings.random("before.mp4", 1000, 6);
    try (S3Store plain = store(Encryption.NONE)) {
      transfer(plain, file, RecordingAttributes.NONE);
    }
    List<String> calls = new ArrayList<>();
    Store strict = new Ignoring(KMS) {
      @Override
      public StoredObject put(
          String bucket,
          String key,
          Body body,
          Checksum checksum,
          ObjectAttributes attributes,
          Precondition precondition,
          Sent sent) {
        calls.add("put " + precondition);
        return real.put(bucket, key, body, checksum, attributes, precondition, sent);
      }
    };
    try (strict) {
      assertThatThrownBy(() -> transfer(strict, file, RecordingAttributes.NONE)).isInstanceOf(EncryptionIgnored.class);
    }
    assertThat(calls).hasSize(2);
  }

  @Test
  void aProbeThatSeesTheEncryptionIgnoredLetsNoRecordingThrough() {
    try (Store store = new Ignoring(new Encryption.StoreKeys())) {
      ProbeReport report = new StoreProbe(store, TestStore.BUCKET, "", Optional.empty()).run();

      assertThat(report.works()).isFalse();
      assertThat(report.steps()).contains(
          new Step("encryption", Outcome.FAILED, "asked for AES256, the object shows none: no recording is sent;"
              + " correct reelway.store.encryption, or use a store that encrypts"));
      ProbedCapabilities probed =
          new ProbedCapabilities(
              bucket -> new StoreProbe(store, bucket, "", Optional.empty()),
              store.address(), "AUTO s3", temp.resolve("store-probe.json"), Clock.systemUTC());
      assertThatThrownBy(() -> probed.apply(TestStore.BUCKET))
          .isInstanceOf(DestinationFailure.class)
          .hasMessageContaining("the store does not take recordings yet: encryption: asked for AES256");
    }
  }

  @Test
  void aStoreThatRefusesToEncryptIsToldWithTheSettingToChange() {
    try (S3Store store = store(KMS)) {
      ProbeReport report = new StoreProbe(store, TestStore.BUCKET, "", Optional.empty()).run();

      assertThat(report.works()).isFalse();
      assertThat(report.steps()).last().satisfies(step -> assertThat(step.found())
          .contains("501 NotImplemented", "the object was to carry what reelway.store.encryption asks for"));
    }
  }

  @Test
  void whatWasFoundBeforeIsForgottenWhenTheStoreIsDoubted() {
    List<String> probes = new ArrayList<>();
    try (S3Store store = store(Encryption.NONE)) {
      Supplier<ProbedCapabilities> fresh = () ->
          new ProbedCapabilities(
              bucket -> {
                probes.add(bucket);
                return new StoreProbe(store, bucket, "", Optional.empty());
              },
              store.address(), "AUTO", temp.resolve("store-probe.json"), Clock.systemUTC());
      ProbedCapabilities probed = fresh.get();
      probed.apply(TestStore.BUCKET);
      probed.apply(TestStore.BUCKET);
      assertThat(probes).hasSize(1);
      probed.doubt(TestStore.BUCKET, "a test");
      fresh.get().apply(TestStore.BUCKET);
      assertThat(probes).as("also after a restart").hasSize(2);
      probed.apply(TestStore.BUCKET);
      assertThat(probes).as("remembered again by the file").hasSize(2);
    }
  }

  @Test
  void theProbeTriesPutAndMultipartWithTheVeryAttributesAndTellsWhatIsNotKept() {
    RecordingAttributes attributes =
        new RecordingAttributes(
            Map.of(), Map.of(), Map.of("keep", "90d"), "MY_CLASS", null, null, new Acl.Canned("private"));
    List<ObjectAttributes> seen = new ArrayList<>();
    Store watched = new ForwardingStore(store(Encryption.NONE)) {
      @Override
      public StoredObject put(
          String bucket,
          String key,
          Body body,
          Checksum checksum,
          ObjectAttributes with,
          Precondition precondition,
          Sent sent) {
        seen.add(with);
        ObjectAttributes taken = new ObjectAttributes(with.contentType(), with.metadata());
        return real.put(bucket, key, body, checksum, taken, precondition, sent);
      }

      @Override
      public String createMultipart(String bucket, String key, ObjectAttributes with, ChecksumKind kind) {
        seen.add(with);
        return real.createMultipart(bucket, key, new ObjectAttributes(null, Map.of()), kind);
      }
    };
    try (watched) {
      ProbeReport report = new StoreProbe(watched, TestStore.BUCKET, "", Optional.empty(), attributes).run();

      assertThat(seen).hasSizeGreaterThan(5).allSatisfy(with -> {
        assertThat(with.keeping().storageClass()).isEqualTo("MY_CLASS");
        assertThat(with.keeping().tags()).containsExactly(Map.entry("keep", "90d"));
        assertThat(with.keeping().acl()).isEqualTo(new Acl.Canned("private"));
      });
      assertThat(report.works()).isTrue();
      assertThat(report.steps())
          .anyMatch(step -> step.what().equals("storage class") && step.outcome() == Outcome.LESS
              && step.found().startsWith("asked for MY_CLASS, the object shows "))
          .contains(new Step("tags", Outcome.LESS, "1 were sent, the object shows 0"));
    }
  }

  @Test
  void templatesOfAnyNameGiveWhatEveryStoreTakes() {
    RecordingAttributes attributes =
        new RecordingAttributes(
            Map.of("xyz", "application/x-own", "mp4", "video/mp4; a=b"),
            Map.of("path", "{path}", "day", "{date:yyyy-MM-dd}"),
            Map.of("stream", "{stream}", "name", "{name}"),
            null, null, null, Acl.NONE);
    String odd = "ordner/" + "ß".repeat(400) + "\"$(x)'.xyz";

    ObjectAttributes rendered =
        attributes.of(new KeyTemplate.Values(odd, "a&b?[live]", Instant.EPOCH, "id"), Map.of("reelway-id", "id"));

    assertThat(rendered.contentType()).isEqualTo("application/x-own");
    assertThat(rendered.metadata()).containsEntry("day", "1970-01-01").containsEntry("reelway-id", "id");
    assertThat(rendered.metadata().get("path")).startsWith("ordner/ß").hasSizeBetween(100, 200);
    assertThat(rendered.keeping().tags()).containsEntry("stream", "a_b__live_")
        .hasEntrySatisfying("name", tag -> assertThat(tag).hasSize(256).matches("ß+"));
    assertThat(attributes.of(new KeyTemplate.Values("a.MP4", "", Instant.EPOCH, "id"), Map.of()).contentType())
        .isEqualTo("video/mp4; a=b");
    assertThat(attributes.of(new KeyTemplate.Values("a.ts", "", Instant.EPOCH, "id"), Map.of()).contentType())
        .isEqualTo("video/mp2t");
  }

  @Test
  void aRecordingThatNoObjectCanHoldIsRefusedBeforeAByteIsSent() throws IOException {
    Path file = recordings.folder().resolve("endless.mp4");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]), 5L << 40);
    }
    List<String> calls = new ArrayList<>();
    MarkedRecording recording = markers.mark(folder, file, null);
    Store untouched = new ForwardingStore(store(Encryption.NONE)) {
      @Override
      public Optional<StoredObject> head(String bucket, String key) {
        calls.add("head");
        return real.head(bucket, key);
      }

      @Override
      public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
        calls.add("create");
        return real.createMultipart(bucket, key, attributes, kind);
      }
    };
    try (untouched; Transfers transfers = transfers(untouched, 5L << 40, RecordingAttributes.NONE)) {
      assertThatThrownBy(() ->
              transfers.transfer(recording, new TransferTarget(TestStore.BUCKET, "", "", OnExisting.OVERWRITE)))
          .isInstanceOf(InputFailure.class)
          .hasMessageContaining("holds at most 5497558138880 (reelway.store.max-object-size;");
      assertThat(calls).isEmpty();
    } finally {
      Files.delete(file);
    }
  }
}
