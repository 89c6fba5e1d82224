package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.testkit.ForwardingStore;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Checksums;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.StoredObject;

/** What counts as proof that an object holds a file's bytes, one look at the store at a time. */
class VerificationTest {
  private static final String BUCKET = "recordings";
  private static final String KEY = "a.mp4";
  private static final byte[] CONTENT = "the bytes of a recording".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final TransferPlan SINGLE = new TransferPlan(CONTENT.length, CONTENT.length, 0);
  private static final TransferPlan TWO_PARTS = new TransferPlan(CONTENT.length, 20, 2);

  @TempDir Path temp;
  private Path file;
  private SourceFile source;
  private StoredObject shown;
  private Encryption asked = Encryption.NONE;
  private final Verification verification = new Verification(new Showing());

  /** A store of which only the answer to HEAD matters. */
  private final class Showing extends ForwardingStore {
    Showing() {
      super(null);
    }

    @Override
    public String name() {
      return "";
    }

    @Override
    public String address(String bucket, String key) {
      return "s3://" + bucket + "/" + key;
    }

    @Override
    public Encryption encryption() {
      return asked;
    }

    @Override
    public String setting(String word) {
      return "reelway.store." + word;
    }

    @Override
    public Optional<StoredObject> head(String bucket, String key) {
      assertThat(bucket + "/" + key).isEqualTo(BUCKET + "/" + KEY);
      return Optional.ofNullable(shown);
    }
  }

  @BeforeEach
  void open() throws Exception {
    file = Files.write(temp.resolve(KEY), CONTENT);
    source = SourceFile.open(file);
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static String crc(ChecksumKind kind) {
    return Checksums.of(kind, new Body.Bytes(CONTENT)).base64();
  }

  private static String md5(int from, int to) {
    return Checksums.etag(
        Checksums.of(ChecksumKind.MD5, new Body.Bytes(java.util.Arrays.copyOfRange(CONTENT, from, to))));
  }

  private static String md5() {
    return md5(0, CONTENT.length);
  }

  private static String md5OfParts() {
    return Checksums.multipartEtag(List.of(md5(0, 20), md5(20, CONTENT.length)));
  }

  private static StoredObject object(long size, String etag, Map<ChecksumKind, String> checksums) {
    return new StoredObject(size, etag, "v1", checksums, Map.of());
  }

  private static StoredObject withCrc(ChecksumKind kind, String value) {
    return object(CONTENT.length, "opaque", new EnumMap<>(Map.of(kind, value)));
  }

  private static StoredObject withEtag(String etag) {
    return object(CONTENT.length, etag, Map.of());
  }

  private VerifiedObject afterUpload(StoredObject answered, TransferPlan plan, ChecksumKind kind) {
    return verification.afterUpload(BUCKET, KEY, answered, source, plan, kind, false);
  }

  private void assertRefused(StoredObject answered, ChecksumKind kind, String why) {
    assertThatThrownBy(() -> afterUpload(answered, SINGLE, kind))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageStartingWith("s3://recordings/a.mp4 is not what was sent: ")
        .hasMessageContaining(why)
        .hasMessageContaining("the file is untouched and is sent again");
  }

  private Optional<VerifiedObject> existing(TransferPlan plan) {
    return verification.ofExisting(BUCKET, KEY, shown, source, plan);
  }

  // ---- after an upload

  @ParameterizedTest
  @EnumSource(value = ChecksumKind.class, names = {"CRC32C", "CRC64NVME"})
  void aCrcThatTheStoreShowsIsProofAndAnotherIsNone(ChecksumKind kind) throws Exception {
    shown = withCrc(kind, crc(kind));
    VerifiedObject object = afterUpload(shown, SINGLE, kind);
    assertThat(object.evidence()).isEqualTo(kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + crc(kind));
    assertThat(object.address()).isEqualTo("s3://recordings/a.mp4");
    assertThat(object.bucket()).isEqualTo(BUCKET);
    assertThat(object.key()).isEqualTo(KEY);
    assertThat(object.etag()).isEqualTo("opaque");
    assertThat(object.versionId()).isEqualTo("v1");
    assertThat(object.file()).isEqualTo(FileIdentity.of(file));

    shown = withCrc(kind, "AAAAAA==");
    assertRefused(shown, kind, "is AAAAAA==, the file's " + crc(kind));
  }

  @Test
  void aCrcOfAnotherKindThanWasSentCountsToo() {
    shown = withCrc(ChecksumKind.CRC64NVME, crc(ChecksumKind.CRC64NVME));
    assertThat(afterUpload(shown, SINGLE, ChecksumKind.CRC32C).evidence()).startsWith("crc64nvme:");
    shown = withCrc(ChecksumKind.CRC32C, "AAAAAA==");
    assertRefused(shown, ChecksumKind.NONE, "its crc32c is AAAAAA==");
  }

  @Test
  void ofSeveralCrcsTheOneThatWasSentDecides() {
    shown =
        object(
            CONTENT.length,
            "opaque",
            Map.of(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C), ChecksumKind.CRC64NVME, "of something else"));
    assertThat(afterUpload(shown, SINGLE, ChecksumKind.CRC32C).evidence()).startsWith("crc32c:");
    assertRefused(shown, ChecksumKind.CRC64NVME, "its crc64nvme is of something else");
  }

  @Test
  void anotherSizeIsRefusedWhateverElseIsShown() {
    shown = object(CONTENT.length + 1, md5(), Map.of(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C)));
    assertRefused(shown, ChecksumKind.CRC32C, "it has 25 bytes, the file 24");
    shown = object(CONTENT.length - 1, md5(), Map.of());
    assertRefused(shown, ChecksumKind.NONE, "it has 23 bytes, the file 24");
  }

  @Test
  void nothingThereIsRefused() {
    shown = null;
    assertRefused(withEtag("e"), ChecksumKind.CRC32C, "says that nothing is there");
  }

  @Test
  void whereNothingIsCheckedAndETagsAreMd5sAnotherOneIsNoProof() throws Exception {
    for (TransferPlan plan : List.of(SINGLE, TWO_PARTS)) {
      String of = plan.isMultipart() ? md5OfParts() : md5();
      shown = withEtag(of);
      assertThat(verification.afterUpload(BUCKET, KEY, shown, source, plan, ChecksumKind.NONE, true).evidence())
          .isEqualTo("md5:" + of);
      shown = withEtag((of.charAt(0) == '0' ? "1" : "0") + of.substring(1));
      assertThatThrownBy(() -> verification.afterUpload(BUCKET, KEY, shown, source, plan, ChecksumKind.NONE, true))
          .isInstanceOf(OtherEtag.class)
          .hasMessageContaining("its ETag " + shown.etag() + " is not the file's MD5");
      assertThat(verification.afterUpload(BUCKET, KEY, shown, source, plan, ChecksumKind.NONE, false).evidence()).isEqualTo("size");
    }
  }

  @ParameterizedTest
  @EnumSource(value = ChecksumKind.class, names = {"MD5", "NONE"})
  void theMd5EtagOfOneRequestAndOfPartsIsProof(ChecksumKind kind) {
    shown = withEtag(md5());
    assertThat(afterUpload(withEtag("not asked"), SINGLE, kind).evidence()).isEqualTo("md5:" + md5());
    shown = withEtag(md5OfParts());
    assertThat(afterUpload(withEtag("not asked"), TWO_PARTS, kind).evidence()).isEqualTo("md5:" + md5OfParts());
  }

  @Test
  void anEtagThatCannotBeComparedMustAtLeastBeTheUploads() {
    shown = withEtag("of-a-kms-key");
    assertThat(afterUpload(withEtag("of-a-kms-key"), SINGLE, ChecksumKind.CRC32C).evidence())
        .isEqualTo("crc32c of every request");
    assertThat(afterUpload(withEtag("of-a-kms-key"), SINGLE, ChecksumKind.NONE).evidence()).isEqualTo("size");
    assertRefused(withEtag("of another upload"), ChecksumKind.CRC32C, "its ETag is of-a-kms-key, the upload's was of another");
  }

  @Test
  void afterACheckedUploadTheWholeFileIsNotReadOnceMoreForItsMd5() {
    shown = withEtag(md5());
    assertThat(afterUpload(shown, SINGLE, ChecksumKind.CRC32C).evidence()).isEqualTo("crc32c of every request");
  }

  @Test
  void aFileThatChangedSinceItWasOpenedIsNeverSaidToBeVerified() throws Exception {
    shown = withCrc(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C));
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    assertThatThrownBy(() -> afterUpload(shown, SINGLE, ChecksumKind.CRC32C)).isInstanceOf(RecordingChanged.class);
    assertThatThrownBy(() -> existing(SINGLE)).isInstanceOf(RecordingChanged.class);
  }

  // ---- after a put

  private VerifiedObject afterPut(StoredObject answered, ChecksumKind kind, boolean checked) {
    StoreCapabilities does =
        new StoreCapabilities(kind, checked, false, UploadChecksums.of(kind), false, false, false, false, false, true);
    return verification.afterPut(BUCKET, KEY, answered, source, does);
  }

  /** As puts are answered: no size, and maybe no checksum. */
  private static StoredObject answer(String etag, Map<ChecksumKind, String> checksums) {
    return new StoredObject(-1, etag, "v2", checksums, Map.of());
  }

  @ParameterizedTest
  @EnumSource(value = ChecksumKind.class, names = {"CRC32C", "CRC64NVME"})
  void aPutWhoseChecksumACheckingStoreShowsIsItsOwnProofWithoutASecondLook(ChecksumKind kind) {
    shown = null;
    VerifiedObject object = afterPut(answer("e", Map.of(kind, crc(kind))), kind, true);
    assertThat(object.evidence()).isEqualTo(kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + crc(kind));
    assertThat(object.etag()).isEqualTo("e");
    assertThat(object.versionId()).isEqualTo("v2");
    assertThat(object.address()).isEqualTo("s3://recordings/a.mp4");
  }

  @Test
  void aPutWhoseMd5IsTheAnswersEtagIsItsOwnProof() {
    shown = null;
    assertThat(afterPut(answer(md5(), Map.of()), ChecksumKind.MD5, true).evidence()).isEqualTo("md5:" + md5());
  }

  @ParameterizedTest
  @EnumSource(value = ChecksumKind.class, names = {"CRC32C", "CRC64NVME", "MD5"})
  void anAnswerThatShowsNoChecksumMayBeAProxysAndTheStoreIsAsked(ChecksumKind kind) {
    shown = null;
    assertThatThrownBy(() -> afterPut(answer("0123456789abcdef0123456789abcdef", Map.of()), kind, true))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("says that nothing is there");
  }

  @Test
  void anAnswerThatShowsAnotherChecksumIsNoProofAndTheStoreIsAsked() {
    StoredObject answered = answer("e", Map.of(ChecksumKind.CRC32C, "AAAAAA=="));
    shown = withCrc(ChecksumKind.CRC32C, "AAAAAA==");
    assertThatThrownBy(() -> afterPut(answered, ChecksumKind.CRC32C, true))
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("its crc32c is AAAAAA==");
  }

  @Test
  void aStoreThatChecksNothingIsAskedWhatItHolds() {
    shown = null;
    for (ChecksumKind kind : ChecksumKind.values()) {
      assertThatThrownBy(() -> afterPut(answer("e", Map.of()), kind, false))
          .as("%s", kind)
          .hasMessageContaining("says that nothing is there");
    }
  }

  @ParameterizedTest
  @NullAndEmptySource
  void anAnswerWithoutEtagMayBeAnErrorOrAnybodysAndTheStoreIsAsked(String none) {
    shown = null;
    StoredObject answered = answer(none, Map.of(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C)));
    assertThatThrownBy(() -> afterPut(answered, ChecksumKind.CRC32C, true)).hasMessageContaining("says that nothing is there");
  }

  @Test
  void anObjectThatIsToBeEncryptedIsLookedAt() {
    asked = new Encryption.StoreKeys();
    shown = withCrc(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C));
    StoredObject answered = answer("opaque", Map.of(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C)));
    assertThatThrownBy(() -> afterPut(answered, ChecksumKind.CRC32C, true)).isInstanceOf(EncryptionIgnored.class);
  }

  @Test
  void aFileThatChangedWhileItWasPutIsNotVerified() throws Exception {
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    String crc = crc(ChecksumKind.CRC32C);
    assertThatThrownBy(() -> afterPut(answer("e", Map.of(ChecksumKind.CRC32C, crc)), ChecksumKind.CRC32C, true))
        .isInstanceOf(RecordingChanged.class);
  }

  // ---- an object that was found

  @Test
  void aFoundObjectNeedsADigestThatIsEqual() {
    shown = withCrc(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C));
    assertThat(existing(SINGLE)).get().extracting(VerifiedObject::evidence).asString().startsWith("crc32c:");
    shown = withEtag(md5());
    assertThat(existing(SINGLE)).isPresent();
    shown = withEtag(md5OfParts());
    assertThat(existing(TWO_PARTS)).isPresent();
  }

  @Test
  void aFoundObjectThatShowsNoEqualDigestIsNotOurs() {
    for (StoredObject other :
        List.of(
            withCrc(ChecksumKind.CRC32C, "AAAAAA=="),
            object(CONTENT.length + 1, md5(), Map.of()),
            withEtag("0123456789abcdef0123456789abcdef"),
            withEtag(md5() + "x"),
            withEtag("opaque"))) {
      shown = other;
      assertThat(existing(SINGLE)).as("%s", other).isEmpty();
    }
  }

  @Test
  void anEtagOfPartsSaysNothingOfAFileThatWasCutOtherwise() {
    shown = withEtag(md5OfParts());
    assertThat(existing(SINGLE)).isEmpty();
    assertThat(existing(new TransferPlan(CONTENT.length, 10, 3))).isEmpty();
    assertThat(existing(new TransferPlan(CONTENT.length, 21, 2))).isEmpty();
  }

  // ---- one that was verified before a restart

  private Optional<VerifiedObject> again(String etag) throws Exception {
    return verification.again(
        new VerifiedState(BUCKET, KEY, FileIdentity.of(file), etag, "v0", "crc32c:as it was"));
  }

  @Test
  void whatWasVerifiedBeforeIsTheSameObjectStill() throws Exception {
    shown = withEtag("e1");
    VerifiedObject object = again("e1").orElseThrow();
    assertThat(object.evidence()).isEqualTo("crc32c:as it was");
    assertThat(object.file()).isEqualTo(FileIdentity.of(file));
    assertThat(object.address()).isEqualTo("s3://recordings/a.mp4");
    assertThat(object.versionId()).isEqualTo("v1");

    assertThat(again("e2")).as("overwritten since").isEmpty();
    shown = object(CONTENT.length + 1, "e1", Map.of());
    assertThat(again("e1")).as("of another size").isEmpty();
    shown = null;
    assertThat(again("e1")).as("gone").isEmpty();
  }

  @Test
  void anObjectThatIsNotEncryptedAsAskedIsNeverVerified() {
    asked = new Encryption.StoreKeys();
    shown = withCrc(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C));

    assertThatThrownBy(() -> afterUpload(shown, SINGLE, ChecksumKind.CRC32C))
        .isInstanceOf(EncryptionIgnored.class)
        .hasMessageContaining("not encrypted as reelway.store.encryption says");
    assertThat(existing(SINGLE)).isEmpty();
  }

  @Test
  void whatAnotherTidiedCountsOnlyWithTheFilesBytes() {
    shown = withCrc(ChecksumKind.CRC32C, crc(ChecksumKind.CRC32C));
    assertThat(verification.ofTidied(BUCKET, KEY, shown, source, SINGLE)).isPresent();

    shown = withCrc(ChecksumKind.CRC32C, "AAAAAA==");
    assertThat(verification.ofTidied(BUCKET, KEY, shown, source, SINGLE)).isEmpty();
  }
}
