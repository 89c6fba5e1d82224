package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.callback.MultiRecorderCallback.Step;
import org.reelway.recording.FileIdentity;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.WcsForm;

/** When a backend is told of a multi-recording, by a real outbox and state that are left and opened again as by a kill. */
class MultiRecorderCallbacksTest {
  private static final Set<Step> BOTH = Set.of(Step.values());
  private static final Map<String, Object> OBJECT = Map.of("place", "store", "bucket", "b", "key", "k");

  @TempDir Path folder;
  private final CallbackReceiver backend = new CallbackReceiver();
  private OutboxFixture fixture;
  private MultiRecorderCallbacks callbacks;
  private Path recording;
  private Path mix;

  @BeforeEach
  void open() throws IOException {
    recording = Files.writeString(folder.resolve("room.mp4"), "all tracks");
    mix = Files.writeString(folder.resolve("room_mixed.mp4"), "one picture");
    mark(recording);
    fixture = new OutboxFixture(folder);
    fixture.addresses.put(MultiRecorderCallback.RECEIVER, backend.uri("/callback"));
    fixture.open();
    telling(BOTH, false);
  }

  @AfterEach
  void close() {
    fixture.close();
    backend.close();
  }

  private void telling(Set<Step> steps, boolean additions) {
    callbacks =
        new MultiRecorderCallbacks(
            new MultiRecorderCallbacks.Terms(steps, additions), fixture.history, folder);
  }

  /** What is in memory is lost. */
  private void crash(boolean additions) {
    fixture.close();
    fixture.open();
    telling(BOTH, additions);
  }

  private static void mark(Path file) throws IOException {
    Files.createFile(marker(file));
  }

  private static Path marker(Path file) {
    return Path.of(file + ".upload");
  }

  private static MixedRecording.Sent sent(Path file) {
    try {
      return MixedRecording.Sent.of(file, FileIdentity.of(file).text());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private MixedRecording made() {
    return new MixedRecording(
        "multi-recorder://room", 1642128676000L, 44061, sent(recording), sent(mix), 44046, 1642128724000L,
        List.of("Ann", "Bob"), Step.MIXED, null);
  }

  private void verified(Path file) throws IOException {
    callbacks.verified(FileIdentity.of(file), OBJECT);
    look();
  }

  /** As the shipped routes do. */
  private void mixed(MixedRecording mix) {
    callbacks.awaitUpload(mix);
    if (callbacks.tellsMixed()) {
      tell(mix);
    }
  }

  private void look() {
    callbacks.look(this::tell, this::tell);
  }

  private void tell(MixedRecording mix) {
    Payload payload = callbacks.payload(mix);
    fixture.outbox.add(
        MultiRecorderCallback.RECEIVER,
        new Callback(
            "multiRecorderCallback", payload.subject(), payload.queue(), payload.about(),
            RecordingCallbacks.json(payload.body())));
  }

  private List<Received> heard(int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> fixture.outbox.counts().delivered() == count);
    return backend.received();
  }

  private String[] notes() {
    return folder.resolve("multi-recorder-callbacks").toFile().list();
  }

  @Test
  void asWcsItTellsOnceWhenTheMixIsThere() throws Exception {
    telling(Set.of(Step.MIXED), false);
    mixed(made());
    verified(mix);
    verified(recording);

    assertThat(heard(1)).hasSize(1);
    assertThat(WcsForm.MULTI_RECORDER_CALLBACK.assertIsTheForm(backend.received().get(0).body())
        .at("/mixerParams/0/creationModificationTime").asLong()).isEqualTo(3724973524L);
    assertThat(notes()).isEmpty();
  }

  @Test
  void withAKillAfterEachStepEachIsToldOnceInOrderUnderAnIdOfItsOwn() throws Exception {
    mixed(made());
    crash(false);
    mixed(made());
    verified(mix);
    assertThat(fixture.outbox.counts().waiting() + fixture.outbox.counts().delivered()).as("one of two is sent").isEqualTo(1);
    crash(false);
    look();
    assertThat(callbacks.awaitingUpload()).hasSize(1);
    verified(recording);
    crash(false);
    verified(recording);
    verified(mix);
    look();

    List<Received> all = heard(2);
    assertThat(all).extracting(Received::id).doesNotHaveDuplicates().hasSize(2);
    assertThat(all.get(1).body()).as("the documented members, and no other").isEqualTo(all.get(0).body());
    assertThat(notes()).isEmpty();
  }

  @Test
  void killedAfterTheCallbackWasStoredAndBeforeTheNoteWasDeletedItIsTheSame() throws Exception {
    mixed(made());
    Path note = folder.resolve("multi-recorder-callbacks").resolve(notes()[0]);
    byte[] kept = Files.readAllBytes(note);
    verified(recording);
    verified(mix);
    assertThat(heard(2)).hasSize(2);

    Files.write(note, kept);
    crash(false);
    verified(mix);
    verified(recording);
    assertThat(notes()).isEmpty();
    assertThat(fixture.outbox.counts().waiting() + fixture.outbox.counts().delivered()).isEqualTo(2);
  }

  @Test
  void theRecordingIsOftenSentBeforeThereIsAMixOfIt() throws Exception {
    MixedRecording made = made();
    String id = made.recording().id();
    fixture.history.found(id, recording.toString(), "room.mp4", 10, null, "multirecorder");
    fixture.history.verified(id, "", "bucket", "room.mp4", "http://s/bucket/room.mp4", "etag", null, "md5:x");
    Files.delete(recording);
    Files.delete(marker(recording));
    mixed(made);
    crash(true);
    verified(mix);

    JsonNode more = JsonMapper.builder().build().readTree(heard(2).get(1).body()).path("reelway");
    assertThat(more.path("step").asText()).isEqualTo("uploaded");
    assertThat(more.path("streams")).extracting(JsonNode::asText).containsExactly("Ann", "Bob");
    assertThat(more.at("/recording/key").asText()).isEqualTo("room.mp4");
    assertThat(more.at("/recording/etag").asText()).isEqualTo("etag");
    assertThat(more.at("/mix/bucket").asText()).isEqualTo("b");
    assertThat(more.at("/mix/size").asLong()).isEqualTo(11);
  }

  @Test
  void aRecordingThatIsNotToBeSentIsNotWaitedForAndOneThatIsSetAsideIs() throws Exception {
    Files.delete(marker(recording));
    MixedRecording made = made();
    String id = made.recording().id();
    fixture.history.found(id, recording.toString(), "room.mp4", 10, null, "multirecorder");
    mixed(made);
    verified(mix);
    crash(false);
    look();
    assertThat(callbacks.awaitingUpload()).hasSize(1);

    fixture.history.state(id, org.reelway.state.RecordingState.SKIPPED, "by a route");
    await().until(() -> {
      look();
      return callbacks.awaitingUpload().isEmpty();
    });
    assertThat(heard(2)).hasSize(2);
  }

  @Test
  void aMixThatWasDeletedBeforeItWasSentIsNotWaitedFor() throws Exception {
    mixed(made());
    Files.delete(mix);
    look();

    assertThat(notes()).isEmpty();
    assertThat(heard(1)).hasSize(1);
  }

  @Test
  void whatAnotherProgramLeftIsToldOnceAndWhatIsNoNoteIsPassedOver() throws Exception {
    MultiRecorderCallbacks.leave(made(), folder);
    Files.writeString(folder.resolve("multi-recorder-callbacks/torn.json"), "{\"recorderUri");
    assertThat(callbacks.awaitingUpload()).isEmpty();
    crash(false);
    look();
    look();

    assertThat(heard(1)).hasSize(1);
    assertThat(notes()).containsExactly("torn.json");
  }
}
