package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.SetClock;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.BackupCopies;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreHabit;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** Recordings go to the backup while the primary takes none, and come back from there (real stores, both). */
class BackupTest {
  private static final int LARGE = 17 * Recordings.MIB;
  private static final StoreFault AWAY = StoreFault.refusal(503, "ServiceUnavailable");

  @TempDir static Path stores;
  private static TestStore primary;
  private static TestStore backup;

  @TempDir Path temp;
  private final SetClock clock = new SetClock(FlowFixture.START);
  private final List<StoreRequest> askedOfBackup = new CopyOnWriteArrayList<>();
  private FaultyStore primaryWire;
  private FaultyStore backupWire;
  private BackupFixture parts;

  @BeforeAll
  static void start() {
    primary = TestStore.start(stores.resolve("primary"));
    backup = TestStore.start(stores.resolve("backup"));
  }

  @AfterAll
  static void stop() {
    primary.close();
    backup.close();
  }

  private static void empty(TestStore store) {
    for (String key : store.keys()) {
      store.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(key));
    }
    store.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads()
        .forEach(
            upload ->
                store.client().abortMultipartUpload(
                    abort -> abort.bucket(TestStore.BUCKET).key(upload.key()).uploadId(upload.uploadId())));
  }

  @BeforeEach
  void join() {
    empty(primary);
    empty(backup);
    primaryWire = FaultyStore.before(primary.endpoint());
    backupWire = FaultyStore.before(backup.endpoint());
    backupWire.onRequest(askedOfBackup::add);
    parts = new BackupFixture(temp, clock, primaryWire, backupWire);
  }

  @AfterEach
  void part() {
    parts.close();
    primaryWire.close();
    backupWire.close();
  }

  private void restart() {
    restart("");
  }

  /** @param home name of the store that recordings go to */
  private void restart(String home) {
    parts.close();
    parts = new BackupFixture(temp, clock, primaryWire, backupWire, home);
  }

  private void deleteState() throws IOException {
    parts.close();
    try (Stream<Path> all = Files.walk(parts.state)) {
      all.sorted(Comparator.reverseOrder()).forEach(file -> assertThat(file.toFile().delete()).isTrue());
    }
    parts = new BackupFixture(temp, clock, primaryWire, backupWire);
  }

  private void primaryAway() {
    primaryWire.direct(request -> AWAY);
  }

  private void primaryBack() {
    primaryWire.direct(request -> null);
    clock.forward(Duration.ofMinutes(1));
  }

  /** The primary has been failing for as long as it must. */
  private void primaryAwayForLong() {
    primaryAway();
    parts.outlook.failed("one", "away");
    parts.outlook.failed("another", "away");
    clock.forward(BackupFixture.AFTER);
  }

  private String only(TestStore store) {
    assertThat(recordings(store)).hasSize(1);
    return recordings(store).get(0);
  }

  /** The recordings' keys, without the notes. */
  private static List<String> recordings(TestStore store) {
    return store.keys().stream().filter(key -> key.endsWith(".mp4")).toList();
  }

  private List<StoreRequest> reads(String key) {
    return askedOfBackup.stream()
        .filter(request -> request.head().get(0).startsWith("GET ") && request.key().equals(key))
        .toList();
  }

  private BackupCopies.Copy copy(RecordingWork work) {
    return parts.copies.find(work.id()).orElseThrow();
  }

  // ---- the way there

  @Test
  void aFailureThatIsShorterThanTheTimeUsesNoBackup() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAway();

    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    clock.forward(BackupFixture.AFTER.minusSeconds(1));
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);

    assertThat(backup.keys()).isEmpty();
    assertThat(askedOfBackup).isEmpty();
    clock.forward(Duration.ofSeconds(1));
    parts.send(file, Tidy.KEEP);
    assertThat(only(backup)).isEqualTo("shelter/archive/a.mp4");
  }

  @Test
  void aSuccessInBetweenBeginsTheTimeAnew() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAway();
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    clock.forward(BackupFixture.AFTER.minusSeconds(1));
    primaryWire.direct(request -> null);
    parts.send(parts.recording("b.mp4", 1000), Tidy.KEEP);
    primaryAway();
    clock.forward(Duration.ofSeconds(2));

    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);

    assertThat(backup.keys()).isEmpty();
  }

  @Test
  void aSingleRecordingThatThePrimaryRefusesWaitsForItWhileItTakesAProbe() {
    Path file = parts.recording("a.mp4", 1000);
    primaryWire.direct(request -> request.key().endsWith("a.mp4") ? StoreFault.refusal(400, "InvalidRequest") : null);
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    clock.forward(BackupFixture.AFTER.multipliedBy(2));

    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);

    assertThat(backup.keys()).isEmpty();
    assertThat(file).exists();
  }

  @ParameterizedTest
  @EnumSource(value = Tidy.class, names = {"KEEP", "DELETE"})
  void aRecordingInTheBackupIsMarkedThereAndComesBackAsItWas(Tidy tidy) {
    Path file = parts.recording("studio/a.mp4", LARGE);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();

    RecordingWork work = parts.send(file, tidy);

    assertThat(work.isInBackup()).isTrue();
    assertThat(file.toFile().exists()).isEqualTo(tidy == Tidy.KEEP);
    assertThat(Recordings.isMarked(file)).isFalse();
    assertThat(backup.bytes("shelter/archive/studio/a.mp4")).isEqualTo(content);
    Map<String, String> metadata =
        backup.client().headObject(head -> head.bucket(TestStore.BUCKET).key("shelter/archive/studio/a.mp4")).metadata();
    assertThat(metadata)
        .containsEntry("reelway-id", work.id())
        .containsEntry("reelway-backup-of-bucket", TestStore.BUCKET)
        .containsEntry("reelway-backup-of-key", "archive/studio/a.mp4");
    assertThat(backup.keys()).contains("shelter/.reelway-backup/" + work.id() + ".json");
    assertThat(copy(work).key()).isEqualTo("shelter/archive/studio/a.mp4");
    assertThat(copy(work).homeKey()).isEqualTo("archive/studio/a.mp4");
    assertThat(copy(work).since()).isEqualTo(clock.instant());
    assertThat(parts.backup.bringBack().work()).isEmpty();
    assertThat(primary.keys()).isEmpty();
    primaryBack();

    assertThat(parts.backup.bringBack().work())
        .singleElement()
        .satisfies(
            back -> {
              assertThat(back.key()).isEqualTo("archive/studio/a.mp4");
              assertThat(back.backupKey()).isEqualTo("shelter/archive/studio/a.mp4");
            });

    assertThat(primary.bytes("archive/studio/a.mp4")).isEqualTo(content);
    assertThat(backup.keys()).isEmpty();
    assertThat(copy(work).returned().key()).isEqualTo("archive/studio/a.mp4");
    assertThat(reads("shelter/archive/studio/a.mp4").isEmpty()).isEqualTo(tidy == Tidy.KEEP);
    assertThat(file.toFile().exists()).isEqualTo(tidy == Tidy.KEEP);
    parts.awaitState(work.id(), "done");
    assertThat(parts.history.find(work.id()).orElseThrow().key()).isEqualTo("archive/studio/a.mp4");
    assertThat(parts.outlook.error()).isEmpty();
  }

  @Test
  void theUploadThatWasBegunInThePrimaryGoesOnWhenTheRecordingComesBack() {
    Path file = parts.recording("a.mp4", LARGE);
    byte[] content = Recordings.bytes(file);
    primaryWire.direct(request -> request.operation() == Operation.PART && request.part() == 4 ? AWAY : null);
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    List<String> begun = primary.uploads();
    assertThat(begun).hasSize(1);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    assertThat(primary.uploads()).isEqualTo(begun);
    primaryBack();

    parts.backup.bringBack().work();

    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
    assertThat(primary.uploads()).isEmpty();
    await().until(() -> parts.history.find(work.id()).orElseThrow().partsResumed() == 3);
  }

  @Test
  void aRecordingOfANamedStoreComesBackToItAndWaitsWhileNothingNamesThatStore() {
    restart("films");
    Path file = parts.recording("a.mp4", LARGE);
    byte[] content = Recordings.bytes(file);
    primaryWire.direct(request -> request.operation() == Operation.PART && request.part() == 4 ? AWAY : null);
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    assertThat(copy(work).homeName()).isEqualTo("films");
    primaryBack();

    restart("");
    assertThat(parts.backup.bringBack().work()).isEmpty();
    assertThat(copy(work).problem()).contains("belongs to the store films, which reelway.stores does not name any more");
    assertThat(primary.keys()).isEmpty();
    clock.forward(Duration.ofMinutes(1));

    restart("films");
    assertThat(parts.backup.bringBack().work()).singleElement().satisfies(back -> assertThat(back.store()).isEqualTo("films"));
    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
    assertThat(primary.uploads()).isEmpty();
    await().until(() -> parts.history.find(work.id()).orElseThrow().partsResumed() == 3);
    assertThat(parts.history.find(work.id()).orElseThrow().store()).isEqualTo("films");
  }

  @Test
  void whatWasBegunInTheBackupIsGivenUpWhenThePrimaryTakesTheRecording() {
    Path file = parts.recording("a.mp4", LARGE);
    primaryAwayForLong();
    backupWire.direct(request -> request.operation() == Operation.PART && request.part() == 4 ? AWAY : null);
    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);
    assertThat(backup.uploads()).hasSize(1);
    primaryBack();
    backupWire.direct(request -> null);
    clock.forward(BackupFixture.AFTER);

    parts.send(file, Tidy.KEEP);

    assertThat(only(primary)).isEqualTo("archive/a.mp4");
    assertThat(backup.uploads()).isEmpty();
    assertThat(backup.keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, LARGE})
  void aBackupThatRefusesEveryConditionTakesRecordingsNevertheless(int size) {
    backupWire.direct(StoreHabit.refusesConditions(Operation.PUT, Operation.COMPLETE));
    primaryAwayForLong();

    Path file = parts.recording("a.mp4", size);
    parts.send(file, Tidy.KEEP);

    assertThat(backup.bytes(only(backup))).isEqualTo(Recordings.bytes(file));
  }

  @Test
  void recordingsOfOneNameAreTwoInTheBackupAndComeBackInTheirOrder() throws IOException {
    primaryAwayForLong();
    Path file = parts.recording("a.mp4", 1000);
    parts.send(file, Tidy.DELETE);
    clock.forward(Duration.ofSeconds(1));
    Files.write(file, new byte[] {1, 2, 3});
    Recordings.mark(file);
    parts.send(file, Tidy.DELETE);
    assertThat(recordings(backup)).hasSize(2);
    primaryBack();

    assertThat(parts.backup.bringBack().work()).hasSize(2);

    assertThat(primary.bytes("archive/a.mp4")).containsExactly(1, 2, 3);
    assertThat(backup.keys()).isEmpty();
  }

  @Test
  void whereTheBackupIsAwayTooRecordingsStayAndNothingIsSetAside() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    backupWire.direct(request -> AWAY);

    assertThatThrownBy(() -> parts.transfer(parts.inHand(file))).isInstanceOf(DestinationFailure.class);

    assertThat(file).exists();
    assertThat(Recordings.isMarked(file)).isTrue();
  }

  @Test
  void aKillBetweenTheTidyingAndTheEndOfTheMarkerLosesNothing() throws IOException {
    Path file = parts.recording("a.mp4", 1000);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();
    RecordingWork work = parts.inHand(file);
    parts.transfer(work);
    // What tidy=delete does before the marker goes: it says verified, and the file is gone.
    Recordings kept = parts.recordings;
    org.reelway.transfer.VerifiedObject object = work.verified().orElseThrow();
    Files.writeString(
        Recordings.marker(file),
        "{\"bucketName\":\"" + object.bucket() + "\",\"key\":\"" + object.key() + "\",\"reelway\":{\"state\":\"verified\","
            + "\"identity\":\"" + object.file().text() + "\",\"etag\":\"" + object.etag() + "\"}}");
    Files.delete(kept.folder().resolve("a.mp4"));
    restart();
    primaryAwayForLong();

    RecordingWork again = parts.inHand(file);
    parts.transfer(again);
    parts.flow.tidy(again, Tidy.DELETE, null);

    assertThat(again.isInBackup()).isTrue();
    assertThat(Recordings.isMarked(file)).isFalse();
    primaryBack();
    parts.backup.bringBack().work();
    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
  }

  @Test
  void aRecordingThatItsRouteHasInHandIsNotBroughtBack() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    parts.transfer(parts.inHand(file));
    primaryBack();

    assertThat(parts.backup.bringBack().work()).isEmpty();

    assertThat(primary.keys()).isEmpty();
    assertThat(only(backup)).isEqualTo("shelter/archive/a.mp4");
  }

  // ---- the way back

  @Test
  void withTheStateLostTheBackupsOwnNotesTellWhatComesBack() throws IOException {
    Path file = parts.recording("studio/a.mp4", LARGE);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    deleteState();
    primaryBack();

    assertThat(parts.backup.bringBack().work()).hasSize(1);

    assertThat(primary.bytes("archive/studio/a.mp4")).isEqualTo(content);
    assertThat(backup.keys()).isEmpty();
    parts.awaitState(work.id(), "done");
    assertThat(parts.history.find(work.id()).orElseThrow().path()).isEqualTo("studio/a.mp4");
  }

  @Test
  void aReturnThatWasCutOffGoesOnAtTheByteWhereItWas() {
    Path file = parts.recording("a.mp4", LARGE);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    primaryBack();
    String heardOfPrimary = parts.outlook.error().orElseThrow();
    String key = only(backup);
    // The first range passes, the second is cut off in its middle.
    backupWire.direct(
        request ->
            reads(key).size() == 2 && request.key().equals(key) && request.head().get(0).startsWith("GET ")
                ? StoreFault.halfAnswer()
                : null);

    assertThat(parts.backup.bringBack().work()).isEmpty();
    assertThat(primary.keys()).isEmpty();
    assertThat(copy(work).problem()).startsWith("destination: the backup:");
    assertThat(parts.outlook.error()).as("of the primary").contains(heardOfPrimary);
    restart();
    parts.backup.bringBack().work();

    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
    assertThat(backup.keys()).isEmpty();
    assertThat(copy(work).problem()).isNull();
    List<String> ranges =
        reads(key).stream()
            .flatMap(request -> request.head().stream())
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("range: "))
            .map(line -> line.substring("range: bytes=".length()))
            .toList();
    assertThat(ranges.get(0)).isEqualTo("0-" + ((8 << 20) - 1));
    assertThat(Long.parseLong(ranges.get(2).split("-")[0])).isGreaterThan(8 << 20);
  }

  @Test
  void anObjectThatWasChangedInTheBackupIsLeftThereAndTheRecordingComesBackFromItsFile() {
    Path file = parts.recording("a.mp4", 1000);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.KEEP);
    change("shelter/archive/a.mp4");
    primaryBack();

    parts.backup.bringBack().work();

    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
    assertThat(backup.keys()).containsExactly("shelter/archive/a.mp4");
    await().until(() -> parts.events(work.id()).stream().anyMatch(event -> event.contains("was changed since")));
  }

  @Test
  void whatWasChangedInTheBackupIsNeverTakenForTheRecording() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    change("shelter/archive/a.mp4");
    primaryBack();

    assertThat(parts.backup.bringBack().work()).isEmpty();

    assertThat(primary.keys()).isEmpty();
    assertThat(copy(work).problem()).startsWith("input: ").contains("is gone or was changed");
    assertThat(parts.copies.waiting().problems()).isEqualTo(1);
    assertThat(backup.has("shelter/archive/a.mp4")).isTrue();
  }

  private void change(String key) {
    backup.client().putObject(put -> put.bucket(TestStore.BUCKET).key(key), RequestBody.fromString("another's"));
  }

  @Test
  void aLocalFileThatWasWrittenToSinceIsNotWhatComesBack() throws IOException {
    Path file = parts.recording("a.mp4", 1000);
    byte[] content = Recordings.bytes(file);
    primaryAwayForLong();
    parts.send(file, Tidy.KEEP);
    Files.write(file, new byte[1000]);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant().plusSeconds(5)));
    primaryBack();

    parts.backup.bringBack().work();

    assertThat(primary.bytes("archive/a.mp4")).isEqualTo(content);
    assertThat(backup.keys()).isEmpty();
  }

  @Test
  void aKillBeforeTheBackupsCopyIsDeletedIsMadeGoodByItsNote() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    primaryBack();
    backupWire.direct(request -> request.head().get(0).startsWith("DELETE ") ? AWAY : null);
    assertThat(parts.backup.bringBack().work()).hasSize(1);
    assertThat(backup.keys()).hasSize(2);
    backupWire.direct(request -> null);
    restart();

    assertThat(parts.backup.bringBack().work()).isEmpty();

    assertThat(backup.keys()).isEmpty();
    assertThat(copy(work).returned()).isNotNull();
  }

  @Test
  void aReturnThatFailsAtThePrimaryKeepsWhatIsInTheBackup() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    primaryBack();
    primaryWire.direct(request -> request.key().endsWith("a.mp4") ? AWAY : null);

    assertThat(parts.backup.bringBack().work()).isEmpty();

    assertThat(only(backup)).isEqualTo("shelter/archive/a.mp4");
    assertThat(copy(work).problem()).startsWith("destination: ");
    assertThat(parts.outlook.error()).isPresent();
    parts.awaitState(work.id(), "done");
    primaryBack();
    assertThat(parts.backup.bringBack().work()).hasSize(1);
    assertThat(copy(work).problem()).isNull();
  }

  @Test
  void aStepOfItsRouteThatFailsKeepsWhatIsInTheBackupAndSaysNothingOfThePrimary() {
    Path file = parts.recording("a.mp4", 1000);
    primaryAwayForLong();
    RecordingWork work = parts.send(file, Tidy.DELETE);
    primaryBack();
    parts.step = (back, recovered, bytes, object) -> {
      throw new DestinationFailure("the chat is away");
    };

    assertThat(parts.backup.bringBack().work()).isEmpty();

    assertThat(only(backup)).isEqualTo("shelter/archive/a.mp4");
    assertThat(copy(work).problem()).isEqualTo("destination: the chat is away");
    assertThat(parts.outlook.error()).isEmpty();
    parts.step = (back, recovered, bytes, object) -> {};
    clock.forward(Duration.ofMinutes(1));
    assertThat(parts.backup.bringBack().work()).hasSize(1);
  }

  @Test
  void whatWaitsComesBackByTheNextRegularLookHoweverOftenItIsAskedForInBetween() {
    primaryAwayForLong();
    parts.send(parts.recording("a.mp4", 1000), Tidy.DELETE);
    assertThat(parts.backup.bringBack().work()).as("it is still away").isEmpty();
    primaryWire.direct(request -> null);

    int back = 0;
    for (int seconds = 5; seconds <= 35; seconds += 5) {
      clock.forward(Duration.ofSeconds(5));
      back += parts.backup.bringBack().work().size();
    }

    assertThat(back).isEqualTo(1);
  }

  @Test
  void aPrimaryThatAnswersAgainIsTriedAtOnce() {
    primaryAwayForLong();
    parts.send(parts.recording("a.mp4", 1000), Tidy.DELETE);
    parts.storeReturn.look();
    assertThat(parts.backup.bringBack().work()).isEmpty();
    primaryWire.direct(request -> null);
    clock.forward(Duration.ofSeconds(1));

    parts.storeReturn.look();
    clock.forward(Duration.ofSeconds(1));
    parts.send(parts.recording("b.mp4", 1000), Tidy.DELETE);
    assertThat(only(primary)).as("not by way of the backup").isEqualTo("archive/b.mp4");
    assertThat(parts.backup.bringBack().work()).hasSize(1);
  }

  @Test
  void aPrimaryThatWasFoundAwayAMomentAgoIsTriedAnewByCommand() {
    primaryAwayForLong();
    parts.send(parts.recording("a.mp4", 1000), Tidy.DELETE);
    assertThat(parts.backup.bringBack().work()).isEmpty();
    primaryWire.direct(request -> null);

    parts.backup.bringBack().soon();

    assertThat(parts.backup.bringBack().work()).hasSize(1);
  }
}
