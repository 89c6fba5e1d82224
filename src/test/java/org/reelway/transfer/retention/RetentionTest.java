package org.reelway.transfer.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.settings.Settings;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingStory;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.state.StateWriter;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.SmallDisk;
import org.reelway.transfer.retention.StoredObjects.Answer;

/** With a real database and real files; where a disk has to be full, with one that is. */
class RetentionTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final DiskLevels levels = new DiskLevels();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
  private final Clock clock = new MovedClock();
  private StateWriter writer;
  private RecordingHistory history;
  private KeptFiles files;
  private Retention retention;

  private final class MovedClock extends Clock {
    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  @BeforeEach
  void open() {
    StateDatabase database = TestState.open(folder.resolve("state"), clock);
    writer = new StateWriter(database.jdbi());
    history = new RecordingHistory(database.jdbi(), writer, clock, "here");
    files = new KeptFiles(database.jdbi(), clock, "here");
  }

  @AfterEach
  void close() {
    writer.close();
  }

  private List<DiskLevels.Change> work(Path... folders) {
    if (retention == null) {
      retention =
          new Retention(
              Settings.load(null, Map.of(), settings),
              files,
              kept -> answers.getOrDefault(kept.key(), Answer.THERE),
              levels,
              metrics,
              () -> List.of(folders),
              clock);
    }
    return retention.work();
  }

  private void forward(Duration duration) {
    now.set(now.get().plus(duration));
  }

  /** A recording that was verified and kept, as the flow leaves it. */
  private Path verified(Path file, int bytes) throws IOException {
    Files.write(file, new byte[bytes]);
    FileIdentity identity = FileIdentity.of(file);
    String id = RecordingId.of(file, identity);
    String name = file.getFileName().toString();
    history.found(id, file.toString(), name, bytes, null, "marker");
    history.verified(id, "", "recordings", name, "http://store/" + name, "etag", null, "crc32c:AAAAAA==");
    history.tidied(id, "kept", file, identity);
    await().until(() -> history.find(id).map(RecordingStory::keptAs).isPresent());
    forward(Duration.ofSeconds(1));
    return file;
  }

  private RecordingStory story(Path file) {
    return history.list(java.util.Optional.empty(), 100).stream()
        .filter(story -> story.file().equals(file.toString()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aVerifiedFileStaysForAsLongAsItShallAndNotLonger() throws Exception {
    settings.put("reelway.retention.keep-for", "2d");
    Path old = verified(folder.resolve("old.mp4"), 10);
    forward(Duration.ofDays(1));
    Path young = verified(folder.resolve("young.mp4"), 10);
    Path unsent = Files.write(folder.resolve("unsent.mp4"), new byte[10]);

    work(folder);
    assertThat(old).exists();
    forward(Duration.ofDays(1));
    work(folder);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(unsent).exists();
    assertThat(story(old).keptAs()).isNull();
    assertThat(history.find(story(old).id()).orElseThrow().events())
        .extracting(RecordingStory.Event::what)
        .contains("file deleted: kept for PT48H after it was verified");
    assertThat(metrics.get("reelway.retention.deleted").counter().count()).isEqualTo(1);
  }

  @Test
  void byDefaultNothingIsEverDeleted() throws Exception {
    Path old = verified(folder.resolve("old.mp4"), 10);
    forward(Duration.ofDays(10_000));

    assertThat(work(folder)).isEmpty();

    assertThat(old).exists();
  }

  @Test
  void aFileThatIsAnotherOneNowOrIsMarkedAgainIsNeverTouched() throws Exception {
    settings.put("reelway.retention.keep-for", "1d");
    Path replaced = verified(folder.resolve("replaced.mp4"), 10);
    Path marked = verified(folder.resolve("marked.mp4"), 10);
    Files.write(replaced, new byte[11]);
    Files.createFile(folder.resolve("marked.mp4.upload"));
    forward(Duration.ofDays(2));

    work(folder);

    assertThat(replaced).exists();
    assertThat(marked).exists();
    assertThat(story(replaced).keptAs()).as("forgotten: it is no verified file any more").isNull();
    assertThat(story(marked).keptAs()).isNotNull();
  }

  @Test
  void aFileWhoseObjectIsGoneStaysAndIsSaidUnlessOthersMoveObjectsOn() throws Exception {
    settings.put("reelway.retention.keep-for", "1d");
    Path first = verified(folder.resolve("first.mp4"), 10);
    Path second = verified(folder.resolve("second.mp4"), 10);
    answers.put("first.mp4", Answer.MISSING);
    answers.put("second.mp4", Answer.MISSING);
    forward(Duration.ofDays(2));
    try (LogLines log = new LogLines(Retention.class.getName())) {
      work(folder);
      work(folder);

      assertThat(first).exists();
      assertThat(second).exists();
      assertThat(log.of("WARN")).hasSize(1).first().asString().contains("first.mp4", "if-object-missing=delete");
    }
    assertThat(metrics.get("reelway.retention.objects.missing").gauge().value()).isEqualTo(2);
    retention = null;
    settings.put("reelway.retention.if-object-missing", "delete");
    work(folder);

    assertThat(first).doesNotExist();
    assertThat(second).doesNotExist();
  }

  @Test
  void whileTheStoreCannotBeAskedOldFilesWait() throws Exception {
    settings.put("reelway.retention.keep-for", "1d");
    Path old = verified(folder.resolve("old.mp4"), 10);
    answers.put("old.mp4", Answer.AWAY);
    forward(Duration.ofDays(2));
    work(folder);
    assertThat(old).exists();

    answers.clear();
    work(folder);

    assertThat(old).doesNotExist();
  }

  @Test
  void aDiskThatFillsUpLosesItsOldestVerifiedFilesAlsoWhileTheStoreIsAwayAndNeverAnUnsentOne() throws Exception {
    settings.put("reelway.retention.low-water", "4MiB");
    settings.put("reelway.retention.high-water", "9MiB");
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 32, 1000)) {
      Path elsewhere = verified(folder.resolve("elsewhere.mp4"), 10);
      List<Path> sent = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        sent.add(verified(disk.folder().resolve("sent" + i + ".mp4"), 4 * MIB));
      }
      Path unsent = Files.write(disk.folder().resolve("unsent.mp4"), new byte[6 * MIB]);
      sent.forEach(file -> answers.put(file.getFileName().toString(), Answer.AWAY));

      work(folder, disk.folder());

      assertThat(sent.subList(0, 2)).allSatisfy(file -> assertThat(file).doesNotExist());
      assertThat(sent.subList(2, 6)).allSatisfy(file -> assertThat(file).exists());
      assertThat(unsent).exists();
      assertThat(elsewhere).as("on another disk").exists();
    }
  }

  @Test
  void inodesRunOutToo() throws Exception {
    settings.put("reelway.retention.low-water", "20%");
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 32, 20)) {
      Path first = verified(disk.folder().resolve("sent0.mp4"), 10);
      for (int i = 1; i < 17; i++) {
        verified(disk.folder().resolve("sent" + i + ".mp4"), 10);
      }

      work(disk.folder());

      assertThat(first).doesNotExist();
      assertThat(disk.folder().resolve("sent16.mp4")).exists();
      assertThat(levels.all().get(0).freeInodes()).isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void aDiskWithoutRoomRaisesAnAlarmOnceAndItsEndIsSaidAndUnsentFilesStayWhateverThePolicy() throws Exception {
    settings.put("reelway.retention.critical", "25%");
    settings.put("reelway.retention.at-critical", "delete-verified");
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 16, 1000);
        LogLines log = new LogLines(DiskLevels.class.getName())) {
      Path sent = verified(disk.folder().resolve("sent.mp4"), MIB);
      Path unsent = Files.write(disk.folder().resolve("unsent.mp4"), new byte[13 * MIB]);

      List<DiskLevels.Change> alarm = work(disk.folder());
      List<DiskLevels.Change> nothingNew = work(disk.folder());

      assertThat(alarm).singleElement().satisfies(change -> {
        assertThat(change.level()).isEqualTo("critical");
        assertThat(change.message()).contains(disk.folder().toString(), "nearly full", "MiB free");
      });
      assertThat(nothingNew).isEmpty();
      assertThat(sent).as("the policy").doesNotExist();
      assertThat(unsent).exists();
      assertThat(metrics.get("reelway.disk.critical").gauge().value()).isEqualTo(1);

      Files.delete(unsent);
      assertThat(work(disk.folder())).extracting(DiskLevels.Change::level).containsExactly("ok");
      assertThat(log.of("ERROR")).hasSize(1);
      assertThat(log.of("INFO")).hasSize(1);
    }
  }

  @Test
  void theAlarmAloneDeletesNothing() throws Exception {
    settings.put("reelway.retention.critical", "25%");
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 16, 1000)) {
      Path sent = verified(disk.folder().resolve("sent.mp4"), 13 * MIB);

      assertThat(work(disk.folder())).hasSize(1);

      assertThat(sent).exists();
    }
  }
}
