package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.RecordingId;
import org.reelway.recording.SetClock;
import org.reelway.state.BegunUploads;
import org.reelway.testkit.ForwardingStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.Lifecycle;
import org.reelway.transfer.audit.LivingMarkers;
import org.reelway.transfer.store.AbortRule;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.UnfinishedUpload;

/** The janitor before a real store with uploads of ours and of others. */
class JanitorTest {
  private static final Duration AFTER = Duration.ofDays(7);

  @TempDir Path temp;
  /** Of now, for the store tells when an upload was begun by a clock of its own. */
  private final SetClock clock = new SetClock(Instant.now());
  private TestStore server;
  private FlowFixture parts;
  private BegunUploads begun;
  private Store store;
  private List<RecordingFolder> folders;
  private final Set<String> live = new HashSet<>();

  @BeforeEach
  void join() {
    server = TestStore.start(temp.resolve("store"));
    parts = new FlowFixture(temp, server);
    begun = new BegunUploads(parts.database.jdbi(), parts.writer, clock, "here");
    folders = List.of(parts.folder);
    through(real -> real);
  }

  @AfterEach
  void part() {
    store.close();
    parts.close();
    server.close();
  }

  private void through(UnaryOperator<Store> between) {
    store = new LedgerStore(between.apply(FlowFixture.connect(server)), begun);
  }

  private JanitorReport work(boolean dryRun) {
    LivingMarkers markers =
        new LivingMarkers(parts.markers, parts.state.resolve("markers"), parts.history, () -> folders, live::contains);
    return new Janitor(store, TestStore.BUCKET, "rec/", begun, markers, AFTER, clock).work(dryRun);
  }

  private String ours(String key, String recordingId) {
    Map<String, String> metadata = recordingId == null ? Map.of() : Map.of("reelway-id", recordingId);
    return store.createMultipart(
        TestStore.BUCKET, key, new ObjectAttributes(null, metadata), ChecksumKind.NONE);
  }

  private static Map<String, String> kinds(JanitorReport report) {
    return report.uploads().stream().collect(Collectors.toMap(one -> one.key(), one -> one.kind()));
  }

  private MarkedRecording resuming(String name, String uploadId) throws Exception {
    MarkedRecording recording = parts.marked(name);
    FileIdentity identity = FileIdentity.of(recording.file());
    UploadState upload =
        new UploadState(TestStore.BUCKET, "rec/" + name, uploadId, 5 << 20, 5 << 20, identity, "none", true);
    parts.markers.write(recording, new Resume(upload, null));
    return recording;
  }

  @Test
  void onlyOldOnesOfOurOwnThatNothingGoesOnWithAreAborted() throws Exception {
    String stale = ours("rec/stale.mp4", null);
    String living = ours("rec/living.mp4", null);
    resuming("living.mp4", living);
    String foreign = server.beginUpload("rec/foreign.mp4");
    String sameKey = server.beginUpload("rec/stale.mp4");
    String elsewhere = server.beginUpload("elsewhere/foreign.mp4");
    clock.forward(AFTER.plusDays(1));
    String fresh = ours("rec/fresh.mp4", null);

    JanitorReport dry = work(true);
    assertThat(server.uploads()).hasSize(6);
    assertThat(dry.uploads()).extracting(one -> one.kind())
        .containsExactlyInAnyOrder("stale", "kept", "unknown", "unknown");

    JanitorReport report = work(false);

    assertThat(server.uploads()).containsExactlyInAnyOrder(living, foreign, sameKey, elsewhere, fresh);
    assertThat(report.uploads()).extracting(one -> one.kind() + " " + one.uploadId())
        .containsExactlyInAnyOrder(
            "aborted " + stale, "kept " + living, "unknown " + foreign, "unknown " + sameKey);
    assertThat(work(false).uploads()).extracting(one -> one.kind()).doesNotContain("aborted");
  }

  @Test
  void oneWhoseAnswerWasLostIsToldWithTheCommandAndLeftAlone() {
    begun.intended(store.address(), TestStore.BUCKET, "rec/it's lost.mp4", null);
    begun.intended(store.address(), TestStore.BUCKET, "rec/nothing.mp4", null);
    String lost = server.beginUpload("rec/it's lost.mp4");
    clock.forward(AFTER.plusDays(1));

    JanitorReport report = work(false);

    assertThat(kinds(report)).isEqualTo(Map.of("rec/it's lost.mp4", "probably-ours"));
    assertThat(report.uploads().get(0).why())
        .endsWith("--bucket recordings --key 'rec/it'\\''s lost.mp4' --upload-id '" + lost + "'");
    assertThat(server.uploads()).containsExactly(lost);
    assertThat(begun.all()).as("the intent that led to nothing is forgotten").hasSize(1);
  }

  @Test
  void oneOfARecordingInAFolderThatIsKnownByItsHistoryOnlyIsKept() throws Exception {
    Path file = parts.recordings.random("far.mp4", 1000, 1);
    String id = RecordingId.of(file, FileIdentity.of(file));
    parts.history.found(id, file.toString(), "far.mp4", 1000, null, "marker");
    parts.awaitState(id, "waiting");
    String upload = ours("rec/far.mp4", id);
    Files.delete(file);
    resuming("far.mp4", upload);
    folders = List.of();
    clock.forward(AFTER.plusDays(1));
    assertThat(kinds(work(false))).isEqualTo(Map.of("rec/far.mp4", "kept"));

    Path away = Files.move(parts.recordings.folder(), temp.resolve("away"));
    assertThat(work(false).uploads().get(0).why()).contains("is not there");
    assertThat(server.uploads()).containsExactly(upload);

    Files.move(away, parts.recordings.folder());
    Files.delete(Recordings.marker(file));
    assertThat(kinds(work(false))).isEqualTo(Map.of("rec/far.mp4", "aborted"));
    assertThat(server.uploads()).isEmpty();
  }

  @Test
  void oneWhoseRecordingIsUnderWayIsKept() {
    String upload = ours("rec/slow.mp4", "recording-1");
    clock.forward(AFTER.plusDays(1));
    live.add("recording-1");
    assertThat(work(false).uploads().get(0).why()).isEqualTo("its recording is under way");
    assertThat(server.uploads()).containsExactly(upload);

    live.clear();
    work(false);
    assertThat(server.uploads()).isEmpty();
  }

  @Test
  void oneThatIsInAnotherStoreIsNotAskedOfThisOne() {
    String upload = ours("rec/moved.mp4", null);
    parts.database.jdbi().useHandle(handle -> handle.execute("UPDATE upload SET store = 'https://old.example'"));
    clock.forward(AFTER.plusDays(1));

    JanitorReport report = work(false);

    assertThat(report.uploads().get(0).why()).isEqualTo("it is in another store, https://old.example");
    assertThat(server.uploads()).containsExactly(upload);
  }

  @Test
  void oneThatWasCompletedUnnoticedGoesFromTheStateAndItsObjectStays() {
    String upload = ours("rec/done.mp4", null);
    server.storePart("rec/done.mp4", upload, 1, new byte[] {1, 2, 3});
    String etag = server.parts("rec/done.mp4", upload).get(0).eTag();
    server.client().completeMultipartUpload(
        complete -> complete.bucket(TestStore.BUCKET).key("rec/done.mp4").uploadId(upload)
            .multipartUpload(all -> all.parts(part -> part.partNumber(1).eTag(etag))));
    clock.forward(AFTER.plusDays(1));

    work(false);

    assertThat(server.bytes("rec/done.mp4")).containsExactly(1, 2, 3);
    assertThat(begun.all()).isEmpty();
  }

  @Test
  void whereTheBucketCannotBeListedOurOwnAreAbortedAllTheSame() {
    through(
        real ->
            new ForwardingStore(real) {
              @Override
              public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
                throw new StoreFailure(403, "AccessDenied", "no right to list", null);
              }
            });
    ours("rec/stale.mp4", null);
    begun.intended(store.address(), TestStore.BUCKET, "rec/lost.mp4", null);
    clock.forward(AFTER.plusDays(1));

    JanitorReport report = work(false);

    assertThat(kinds(report)).isEqualTo(Map.of("rec/stale.mp4", "aborted"));
    assertThat(report.notListed()).isEqualTo("no right to list");
    assertThat(begun.all()).as("nothing shows that the intent led to nothing").hasSize(1);
    assertThat(server.uploads()).isEmpty();
  }

  @Test
  void theBucketsOwnRulesAreTold() {
    assertThat(rules(new AbortRule("", 30), new AbortRule("rec", 9), new AbortRule("other/", 1)))
        .isEqualTo(new Lifecycle(Lifecycle.State.COVERED, "the bucket aborts unfinished uploads after 9 days"));
    assertThat(rules(new AbortRule("rec/live/", 1)).state()).isEqualTo(Lifecycle.State.MISSING);
    assertThat(rules().words())
        .startsWith("no lifecycle rule of bucket recordings aborts unfinished uploads below rec/");
    through(
        real ->
            new ForwardingStore(real) {
              @Override
              public List<AbortRule> abortRules(String bucket) {
                throw new StoreFailure(501, "NotImplemented", "no", null);
              }
            });
    assertThat(work(true).lifecycle())
        .isEqualTo(
            new Lifecycle(
                Lifecycle.State.UNKNOWN,
                "whether the bucket aborts unfinished uploads is unknown: 501 NotImplemented"));
  }

  private Lifecycle rules(AbortRule... rules) {
    store.close();
    through(
        real ->
            new ForwardingStore(real) {
              @Override
              public List<AbortRule> abortRules(String bucket) {
                return List.of(rules);
              }
            });
    return work(true).lifecycle();
  }
}
