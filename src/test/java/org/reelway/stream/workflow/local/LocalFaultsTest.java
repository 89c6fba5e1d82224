package org.reelway.stream.workflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.stream.workflow.local.LocalRig.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** What becomes of a session where something around it fails, or Reelway is killed at a bad moment. */
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
