package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.recording.Claims;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Replaced;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

class RestartPolicyTest {
  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FlowFixture parts;

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
    parts = new FlowFixture(temp, server);
  }

  @AfterEach
  void part() {
    parts.close();
  }

  private String ours(MarkedRecording recording) throws Exception {
    return ours(recording, parts.beginUpload(recording.path()));
  }

  private String ours(MarkedRecording recording, String id) throws Exception {
    parts.markers.write(
        recording,
        new Resume(
            new UploadState(
                TestStore.BUCKET,
                recording.path(),
                id,
                Recordings.PART,
                0,
                FileIdentity.of(recording.file()),
                "md5",
                true),
            "live"));
    return id;
  }

  private String wowzas(MarkedRecording recording) throws Exception {
    String id = server.beginUpload(recording.path());
    Files.writeString(
        recording.marker(),
        "{\"pauseType\":\"upload\",\"bucketName\":\"" + TestStore.BUCKET + "\",\"key\":\"" + recording.path()
            + "\",\"file\":\"" + recording.file() + "\",\"multipartUploadId\":\"" + id
            + "\",\"partSize\":5242880,\"mutlipartUploadThreshold\":16777216}");
    assertThat(parts.markers.read(recording)).isInstanceOf(Resume.class);
    return id;
  }

  @Test
  void resumeTouchesNothing() throws Exception {
    MarkedRecording recording = parts.marked("resume.mp4");
    String id = ours(recording);
    byte[] before = Files.readAllBytes(recording.marker());

    assertThat(parts.restartPolicy(OnRestart.RESUME).apply(parts.folder)).isZero();

    assertThat(recording.marker()).hasBinaryContent(before);
    assertThat(server.uploads()).contains(id);
  }

  @Test
  void restartAbortsOurUploadAndSendsTheWholeFile() throws Exception {
    MarkedRecording recording = parts.marked("x/restart.mp4");
    String id = ours(recording);

    assertThat(parts.restartPolicy(OnRestart.RESTART).apply(parts.folder)).isEqualTo(1);

    assertThat(server.uploads()).doesNotContain(id);
    assertThat(parts.markers.read(recording)).isEqualTo(new Start("live"));
    RecordingWork work = parts.inHand(parts.found(recording.file()));
    parts.flow.transfer(work, FlowFixture.target());
    assertThat(server.bytes("x/restart.mp4")).isEqualTo(Recordings.bytes(recording.file()));
  }

  @Test
  void discardAbortsOurUploadRemovesTheMarkerAndKeepsTheFileUnsent() throws Exception {
    MarkedRecording recording = parts.marked("discard.mp4");
    String recordingId = RecordingFlow.idOf(recording);
    String id = ours(recording);

    assertThat(parts.restartPolicy(OnRestart.DISCARD).apply(parts.folder)).isEqualTo(1);

    assertThat(server.uploads()).doesNotContain(id);
    assertThat(recording.marker()).doesNotExist();
    assertThat(recording.file()).exists();
    assertThat(parts.finished.contains(recordingId)).as("not taken again because it lies there").isTrue();
    parts.awaitState(recordingId, "discarded");
    assertThat(parts.history.find(recordingId).orElseThrow().size()).isEqualTo(Files.size(recording.file()));
    assertThat(parts.history.finishedIds()).as("nor after the next restart").contains(recordingId);
  }

  @ParameterizedTest
  @EnumSource(value = OnRestart.class, names = "RESUME", mode = EnumSource.Mode.EXCLUDE)
  void aMarkerAloneMakesNoUploadOurs(OnRestart choice) throws Exception {
    MarkedRecording recording = parts.marked("forged.mp4");
    String somebodys = ours(recording, server.beginUpload("forged.mp4"));
    server.storePart("forged.mp4", somebodys, 1, new byte[] {1});

    try (LogLines log = new LogLines("org.reelway.transfer.flow")) {
      parts.restartPolicy(choice).apply(parts.folder);
      assertThat(log.of("WARN")).anyMatch(line -> line.contains(somebodys) && line.contains("is left alone"));
    }

    assertThat(server.uploads()).contains(somebodys);
    assertThat(parts.abandoned.all()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = OnRestart.class, names = "RESUME", mode = EnumSource.Mode.EXCLUDE)
  void whatAnotherSidecarHasInHandIsLeftToIt(OnRestart choice) throws Exception {
    MarkedRecording recording = parts.marked("under way.mp4");
    String id = ours(recording);
    byte[] before = Files.readAllBytes(recording.marker());
    try (Claims another = new Claims()) {
      another.take(parts.folder, recording.file()).orElseThrow();

      parts.restartPolicy(choice).apply(parts.folder);
    }
    assertThat(recording.marker()).hasBinaryContent(before);
    assertThat(server.uploads()).contains(id);
  }

  @ParameterizedTest
  @EnumSource(value = OnRestart.class, names = "RESUME", mode = EnumSource.Mode.EXCLUDE)
  void anUploadThatTheWowzaModuleBeganIsLeftAlone(OnRestart choice) throws Exception {
    MarkedRecording recording = parts.marked("wowza.mp4");
    String id = wowzas(recording);
    String somebodys = server.beginUpload("wowza.mp4");

    try (LogLines log = new LogLines("org.reelway.transfer.flow")) {
      parts.restartPolicy(choice).apply(parts.folder);
      assertThat(log.of("WARN")).anyMatch(line -> line.contains(id) && line.contains("is left alone"));
    }

    assertThat(server.uploads()).contains(id, somebodys);
    assertThat(parts.abandoned.all()).isEmpty();
    assertThat(recording.file()).exists();
  }

  @Test
  void aRecordingThatIsOnlyInTheStoreByNowIsNotSentFromItsStart() throws Exception {
    MarkedRecording recording = parts.marked("sent.mp4");
    Verified verified =
        new Verified(
            new VerifiedState(
                TestStore.BUCKET, "sent.mp4", FileIdentity.of(recording.file()), "etag", null, "md5:etag"),
            null);
    parts.markers.write(recording, verified);
    Files.delete(recording.file());

    parts.restartPolicy(OnRestart.RESTART).apply(parts.folder);

    assertThat(parts.markers.read(recording)).isEqualTo(verified);
  }

  @Test
  void aRecordingThatWasVerifiedAndIsStillThereIsSentFromItsStart() throws Exception {
    MarkedRecording recording = parts.marked("there.mp4");
    parts.markers.write(
        recording,
        new Verified(
            new VerifiedState(
                TestStore.BUCKET, "there.mp4", FileIdentity.of(recording.file()), "etag", null, "md5:etag"),
            "live"));

    parts.restartPolicy(OnRestart.RESTART).apply(parts.folder);

    assertThat(parts.markers.read(recording)).isEqualTo(new Start("live"));
  }

  @Test
  void aFileThatMustRestRestsAfterARestartToo() throws Exception {
    MarkedRecording recording = parts.marked("rests.mp4");
    parts.markers.write(recording, new Replaced("live"));

    parts.restartPolicy(OnRestart.RESTART).apply(parts.folder);

    assertThat(parts.markers.read(recording)).isEqualTo(new Replaced("live"));
  }

  @Test
  void aMarkerThatCannotBeReadIsWorkFromTheStart() throws Exception {
    MarkedRecording recording = parts.marked("torn.mp4");
    Files.writeString(recording.marker(), "{\"pauseType\":");

    assertThat(parts.restartPolicy(OnRestart.RESTART).apply(parts.folder)).isEqualTo(1);

    assertThat(parts.markers.read(recording)).isEqualTo(Start.EMPTY);
  }
}
