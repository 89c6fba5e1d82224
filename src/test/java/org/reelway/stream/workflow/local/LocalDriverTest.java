package org.reelway.stream.workflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.stream.workflow.local.LocalRig.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** A stream's life with the local driver: real publishers, a real store. */
class LocalDriverTest {
  private static final String INDEX = "viewer/" + LocalRig.ID + "/index.m3u8";
  private static final String PUBLIC = "viewer/live/" + LocalRig.ID + "/index.m3u8";

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
    rig.close();
    store.close();
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key)) : "";
  }

  private int pictures(String prefix, String playlist) throws Exception {
    Path whole = folder.resolve("whole.ts");
    Files.deleteIfExists(whole);
    Files.createFile(whole);
    for (String line : playlist.lines().filter(line -> !line.startsWith("#")).toList()) {
      Files.write(whole, store.bytes(prefix + line), java.nio.file.StandardOpenOption.APPEND);
    }
    return Ffprobe.of(whole).at("/streams/0/nb_read_packets").asInt();
  }

  @Test
  void aStreamIsMadeStartedPublishedLiveStoppedAndDeleted() throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    assertThat(rig.facts.get(StreamFacts.RTMP1).orElseThrow()).matches("rtmp://127.0.0.1:" + rig.port + "/live/[0-9a-f]{40}");
    assertThat(rig.facts.get(StreamFacts.RTMP1)).isNotEqualTo(rig.facts.get(StreamFacts.RTMP2));
    try (RtmpPublisher early = rig.publish(StreamFacts.RTMP1)) {
      eventually("nobody is taken before the start", () -> !early.isAlive());
    }
    String archive = rig.startSession();
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("viewers have 3 segments", () -> segments(text(INDEX)) >= 3);
      assertThat(store.has(PUBLIC)).isFalse();
      rig.live = true;
      rig.want(Wanted.STARTED);
      eventually("it is public", () -> segments(text(PUBLIC)) >= 3);
      assertThat(text(PUBLIC)).contains("\n../../" + LocalRig.ID + "/");
      assertThat(rig.facts.get(StreamFacts.IS_PUBLIC)).contains("true");
      rig.live = false;
      rig.want(Wanted.STARTED);
      assertThat(store.has(PUBLIC)).isFalse();
      eventually("the archive has 3 segments", () -> segments(text(archive + "index.m3u8")) >= 3);
      assertThat(store.has(PUBLIC)).as("it stays off").isFalse();
      publisher.end();
    }
    rig.want(Wanted.STOPPED);
    String playlist = text(archive + "index.m3u8");
    assertThat(playlist).contains("#EXT-X-PLAYLIST-TYPE:EVENT").endsWith("#EXT-X-ENDLIST\n");
    assertThat(playlist.lines().filter(line -> !line.startsWith("#")))
        .allMatch(name -> Pattern.matches("_1\\d{8}T\\d{6}\\.\\d{6}\\.ts", name));
    assertThat(text(INDEX)).endsWith("#EXT-X-ENDLIST\n");
    assertThat(pictures("viewer/" + LocalRig.ID + "/", text("viewer/" + LocalRig.ID + "/startover.m3u8")))
        .as("viewers and archive have the same pictures").isEqualTo(pictures(archive, playlist)).isGreaterThan(100);
    assertThat(rig.localFiles()).isEmpty();
    rig.session = java.util.Optional.empty();
    rig.want(Wanted.DELETED);
    assertThat(store.keys()).allMatch(key -> key.startsWith(archive)).isNotEmpty();
  }
}
