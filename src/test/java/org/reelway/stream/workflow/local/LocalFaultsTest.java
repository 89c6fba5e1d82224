package org.reelway.stream.workflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.stream.workflow.local.LocalRig.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** What becomes of a session where something around it fails, or Reelway is killed at a bad moment. */
@Execution(ExecutionMode.CONCURRENT)
class LocalFaultsTest {
  private static final String VIEWER = "viewer/" + LocalRig.ID + "/";

  @TempDir Path folder;
  private TestStore store;
  private LocalRig rig;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
    rig = new LocalRig(folder, store.endpoint());
  }

  @AfterEach
  void stop() {
    if (rig.driver != null) {
      rig.close();
    }
    store.close();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key)) : "";
  }

  @Test
  void anFfmpegThatTakesNothingIsEndedAndAnotherOneGoesOn() throws Exception {
    Path once = folder.resolve("hung");
    Path script = Files.writeString(
        folder.resolve("ffmpeg"),
        "#!/bin/sh\n[ -e '" + once + "' ] || { touch '" + once + "'; exec sleep 300; }\nexec '" + LiveEncoder.PROGRAMS.ffmpeg()
            + "' \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    rig.programs = new FfmpegPrograms(script, LiveEncoder.PROGRAMS.ffprobe());
    rig.begin();
    rig.want(Wanted.STOPPED);
    rig.startSession();
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("viewers have a segment", () -> text(VIEWER + "index.m3u8").contains("#EXTINF"));
    }
    assertThat(once).exists();
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  private void publish(int seconds) {
    rig.begin();
    rig.want(Wanted.STOPPED);
    rig.startSession();
    try (RtmpPublisher publisher =
        RtmpPublisher.publish(folder, rig.facts.get(StreamFacts.RTMP1).orElseThrow(), "-t", Integer.toString(seconds))) {
      eventually("it has ended", () -> !publisher.isAlive());
    }
  }

  @Test
  void theStartOverPlaylistEndsAlsoWhereReelwayWasKilledBeforeItWasPut() throws Exception {
    publish(3);
    eventually("it has all", () -> segments(text(VIEWER + "startover.m3u8")) >= 3);
    rig.end();
    Files.writeString(rig.local(VIEWER + ".startover.m3u8"), "#EXT-X-ENDLIST\n", StandardOpenOption.APPEND);
    rig.begin();
    rig.want(Wanted.STOPPED);
    assertThat(text(VIEWER + "startover.m3u8")).endsWith("#EXT-X-ENDLIST\n");
  }

  @Test
  void aPlaylistThatCannotBeWrittenIsToldOfUntilItCan() throws Exception {
    Path inTheWay = Files.createDirectories(rig.local(VIEWER + "..startover.m3u8.new"));
    publish(2);
    eventually("it is told", () -> !rig.reconcile().waitsFor().isEmpty());
    Files.delete(inTheWay);
    eventually("it goes on", () -> rig.reconcile().waitsFor().isEmpty());
    rig.want(Wanted.STOPPED);
    assertThat(text(VIEWER + "startover.m3u8")).endsWith("#EXT-X-ENDLIST\n");
  }

  /** Of the index alone, which has the last minute, a start after a kill would make another start-over playlist. */
  @Test
  void whatIsLeftOfADeletionThatIsKilledIsNotTheIndexAlone() throws Exception {
    publish(2);
    try (WatchService changes = folder.getFileSystem().newWatchService()) {
      WatchKey viewer = rig.local(VIEWER).register(changes, StandardWatchEventKinds.ENTRY_DELETE);
      rig.want(Wanted.STOPPED);
      assertThat(viewer.pollEvents().stream().map(event -> event.context().toString()))
          .containsSubsequence("index.m3u8", ".startover.m3u8");
    }
  }

  @Test
  void segmentsOfAnArchiveThatNoPlaylistCouldNameAreInItAfterTheNextStart() throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    Path archive = rig.local("archive/" + rig.startSession());
    Path inTheWay = Files.createDirectories(archive.resolve("index.m3u8/in-the-way"));
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("some are there", () -> archived(archive) >= 2);
    }
    rig.end();
    long kept = archived(archive);
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    rig.begin();
    rig.want(Wanted.STOPPED);
    assertThat(segments(text(rig.archive() + "index.m3u8"))).isGreaterThanOrEqualTo(kept);
  }

  private static long archived(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".ts")).count();
    }
  }

  @Test
  void aKeyThatWasMadeForNothingIsMadeAnew() throws Exception {
    Path segment = Files.write(folder.resolve("segment"), new byte[188]);
    for (int i = 0; i < 2; i++) {
      // As after a kill before the playlist told of the first one.
      SegmentKeys keys = new SegmentKeys(folder, "k", Duration.ofSeconds(60));
      assertThat(keys.encrypt(segment, folder.resolve("encrypted"), 7, Instant.EPOCH)).contains("URI=\"k7.key\"");
    }
    assertThat(folder.resolve("k7.key")).hasSize(16);
  }
}
